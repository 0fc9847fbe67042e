"""The MCP server: a program opens a ticket, reads it and goes on; another one answers for people."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import httpx2
from typing_extensions import override

from api.client.desk import Decision, DeskRefused, Handoff, WholeHandoff
from evals.channels.calls import PAUSE_SECONDS, caller, insist
from evals.channels.contract import Bad, Customer, PeoplesDesk, Process, Side
from evals.channels.traces import Trace
from evals.stack.stack import Stack

DESK = "tenant: {name}\ncompany: Measured\nautonomy:\n  channels: {{mcp: auto}}\n"
WAIT_SECONDS = 10
JSON = "application/json, text/event-stream"
BETWEEN_SECONDS = 0.5
"""Between two looks at a ticket that has come to rest."""


class McpRefused(Exception):
    """A tool has answered with an error."""


@dataclass
class McpProgram:
    """A program that calls the desk's tools."""

    client: httpx2.AsyncClient
    key: str
    bad: Bad

    async def call(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """What a tool answers. Raises `McpRefused`."""
        params = {"name": tool, "arguments": arguments}
        message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
        headers = {"Authorization": f"Bearer {self.key}", "Accept": JSON}
        parts: dict[str, Any] = {"json": message, "headers": headers}
        answer = await insist(self.client, "POST", "/mcp", self.bad, **parts)
        result: dict[str, Any] = answer.get("result", {"isError": True, "content": str(answer)})
        if result.get("isError"):
            raise McpRefused(str(result["content"]))
        found: dict[str, Any] = result["structuredContent"]
        return found


@dataclass
class McpSide(Side):
    """A program that speaks MCP: it sends customers' messages, and answers for people."""

    name: str = "mcp"
    needs: frozenset[Process] = frozenset({"api", "worker"})
    swaps: bool = False
    with_files: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)
    program: McpProgram = field(init=False)
    bad: Bad = field(init=False)

    @asynccontextmanager
    @override
    async def open(self, bad: Bad) -> AsyncIterator[None]:
        self.bad = bad
        yield
        await self.program.client.aclose()

    @override
    def desk(self) -> str:
        return DESK.format(name=self.name)

    @override
    async def join(self, stack: Stack) -> None:
        key = await stack.new_key(self.name, "intake")
        self.program = McpProgram(caller(stack.url), key, self.bad)

    @override
    def customer(self, trace: Trace) -> McpCustomer:
        return McpCustomer(self.program, trace)

    @override
    def people(self, http: httpx2.AsyncClient, key: str) -> McpPeople:
        """Another program answers what waits for people, by the tools as well."""
        return McpPeople(McpProgram(http, key, self.bad))


@dataclass
class McpPeople(PeoplesDesk):
    """What a program sees and decides by the tools."""

    program: McpProgram

    @override
    async def handoffs(self, limit: int = 20) -> list[Handoff]:
        found = await self._call("list_handoffs", limit=limit)
        return [Handoff.model_validate(one) for one in found["handoffs"]]

    @override
    async def handoff(self, handoff_id: str) -> WholeHandoff:
        found = await self._call("read_handoff", handoff_id=handoff_id)
        return WholeHandoff.model_validate(found)

    @override
    async def decide(
        self,
        handoff_id: str,
        kind: Decision,
        *,
        text: str = "",
        version: int | None = None,
        files: list[str] | None = None,
    ) -> Handoff:
        """Its tools take no files."""
        assert not files
        found = await self._call(
            "answer_handoff", handoff_id=handoff_id, kind=kind, text=text, version=version
        )
        return Handoff.model_validate(found)

    async def _call(self, tool: str, **arguments: Any) -> dict[str, Any]:
        try:
            return await self.program.call(tool, **arguments)
        except McpRefused as refused:
            raise DeskRefused(HTTPStatus.CONFLICT, {"detail": str(refused)}) from refused


@dataclass
class McpCustomer(Customer):
    """One whose program sends by the tools and looks how the ticket stands."""

    program: McpProgram
    trace: Trace
    ticket_id: str = ""
    last: int = 0

    @override
    async def say(self, mark: str, text: str) -> None:
        if not self.ticket_id or mark == self.trace.mark(0):
            opened = await self._until("open_ticket", text=text, key=mark)
            self.ticket_id = opened["ticket_id"]
        else:
            await self._until("add_message", ticket_id=self.ticket_id, text=text, key=mark)

    @override
    async def listen(self) -> None:
        while True:
            if self.ticket_id:
                self._take(await self._read(WAIT_SECONDS))
            await asyncio.sleep(BETWEEN_SECONDS)

    @override
    async def look(self) -> None:
        found = await self._read(0)
        self._take(found)
        self.trace.show([one["text"] for one in found["messages"] if one["role"] == "customer"])

    async def _read(self, seconds: float) -> dict[str, Any]:
        return await self._until("read_ticket", ticket_id=self.ticket_id, wait_seconds=seconds)

    def _take(self, found: dict[str, Any]) -> None:
        new = [one for one in found["messages"] if one["seq"] > self.last]
        for one in new:
            if one["role"] != "customer":
                self.trace.receive(str(one["seq"]), one["text"], one["seq"])
        self.last = max([self.last, *(one["seq"] for one in new)])

    async def _until(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """A tool that fails, since the desk is too busy, is called again with the same key."""
        while True:
            try:
                return await self.program.call(tool, **arguments)
            except McpRefused:
                self.program.bad.seen["a tool refused"] += 1
                await asyncio.sleep(PAUSE_SECONDS)
