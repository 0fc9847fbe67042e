"""The HTTP API: a program posts, and the answers arrive at its own service."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import httpx2
from typing_extensions import override

from evals.channels.calls import caller, insist, saved
from evals.channels.contract import Bad, Customer, Process, Side
from evals.channels.files import brought, digest_of
from evals.channels.receiver import Receiver, Replies
from evals.channels.traces import Trace
from evals.stack.stack import Stack

DESK = """
tenant: {name}
company: Measured
services:
  own:
    base_url: "{url}"
delivery:
  service: own
  path: /replies
"""


@dataclass
class ApiSide(Side):
    """A service that sends tickets by the API."""

    name: str = "api"
    needs: frozenset[Process] = frozenset({"api", "worker"})
    swaps: bool = False
    with_files: bool = True
    environment: Mapping[str, str] = field(default_factory=dict)
    receiver: Receiver = field(init=False)
    client: httpx2.AsyncClient = field(init=False)
    by_ticket: dict[str, Trace] = field(default_factory=dict)
    early: dict[str, list[tuple[str, dict[str, Any]]]] = field(default_factory=dict)
    """Answers to tickets whose id their customer has not been told yet."""

    @asynccontextmanager
    @override
    async def open(self, bad: Bad) -> AsyncIterator[None]:
        self.receiver = Receiver(bad)
        Replies(self._replied).install(self.receiver)
        async with self.receiver.serving():
            yield
            await self.client.aclose()

    @override
    def desk(self) -> str:
        return DESK.format(name=self.name, url=self.receiver.url)

    @override
    async def join(self, stack: Stack) -> None:
        key = await stack.new_key(self.name, "intake")
        self.client = caller(stack.url, Authorization=f"Bearer {key}")

    @override
    def customer(self, trace: Trace) -> ApiCustomer:
        return ApiCustomer(self, trace)

    def belongs(self, ticket_id: str, trace: Trace) -> None:
        """A ticket's id is known from now on."""
        self.by_ticket[ticket_id] = trace
        for key, body in self.early.pop(ticket_id, ()):
            self._replied(key, body)

    def _replied(self, key: str, body: dict[str, Any]) -> None:
        trace = self.by_ticket.get(body["ticket_id"])
        if trace is None:
            self.early.setdefault(body["ticket_id"], []).append((key, body))
        else:
            ids = [one["id"] for one in body.get("files", ())]
            trace.receive(key, body["text"], body["turn"], files=ids)


@dataclass
class ApiCustomer(Customer):
    """One whose service posts what they say, and reads the answers."""

    side: ApiSide
    trace: Trace
    ticket_id: str = ""
    uploads: dict[str, str] = field(default_factory=dict)
    """Ids of files, by the mark of their message."""

    @override
    async def say(self, mark: str, text: str) -> None:
        opens = not self.ticket_id or mark == self.trace.mark(0)
        path = "/v1/tickets" if opens else f"/v1/tickets/{self.ticket_id}/messages"
        if (file := brought(self.trace, mark)) is not None and mark not in self.uploads:
            sent = {"content": file.content, "params": {"name": file.name}}
            self.uploads[mark] = (await self._insist("POST", "/v1/files", **sent))["id"]
        files = [self.uploads[mark]] if mark in self.uploads else []
        body, headers = {"text": text, "files": files}, {"Idempotency-Key": mark}
        answer = await self._insist("POST", path, json=body, headers=headers)
        if opens:
            self.ticket_id = str(answer["id"])
            self.side.belongs(self.ticket_id, self.trace)

    @override
    async def listen(self) -> None:
        """Answers come to the service."""

    @override
    async def look(self) -> None:
        """Its service was told of files by their ids: it fetches them now."""
        found = await self._insist("GET", f"/v1/tickets/{self.ticket_id}")
        self.trace.show([one["text"] for one in found["messages"] if one["role"] == "customer"])
        self.trace.got = [
            replace(one, files=[await self._digest(file_id) for file_id in one.files])
            for one in self.trace.got
        ]

    async def _digest(self, file_id: str) -> str:
        return digest_of(await saved(self.side.client, f"/v1/files/{file_id}"))

    async def _insist(self, method: str, path: str, **parts: Any) -> dict[str, Any]:
        return await insist(self.side.client, method, path, self.side.receiver.bad, **parts)
