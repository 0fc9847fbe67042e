"""The website's window, as its script speaks: it posts, waits for news, and reconnects."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2
from typing_extensions import override

from evals.channels.calls import PAUSE_SECONDS, caller, insist, saved
from evals.channels.contract import Bad, Customer, Process, Side
from evals.channels.files import brought, digest_of
from evals.channels.traces import ASKED, Trace, marks_in
from evals.stack.stack import Stack

ORIGIN = "https://shop.example"
DESK = f"""
tenant: {{name}}
company: Measured
autonomy:
  channels: {{{{widget: auto}}}}
channels:
  widget:
    origins: [{ORIGIN}]
    messages_per_minute: 600
  burst_seconds: {{{{widget: 0.3}}}}
"""
WAIT_SECONDS = 20
BREAKS = 0.1
"""Share of the waits that the network breaks."""
BROKEN_SECONDS = 1.5


@dataclass
class WidgetSide(Side):
    """A window on a website."""

    name: str = "widget"
    needs: frozenset[Process] = frozenset({"api", "worker"})
    swaps: bool = False
    with_files: bool = True
    environment: Mapping[str, str] = field(
        default_factory=lambda: {"DESKHAND_TRUSTED_PROXIES": '["127.0.0.1"]'}
    )
    """Each visitor comes from a network of their own: one address may write only so often."""
    client: httpx2.AsyncClient = field(init=False)
    bad: Bad = field(init=False)

    @asynccontextmanager
    @override
    async def open(self, bad: Bad) -> AsyncIterator[None]:
        self.bad = bad
        yield
        await self.client.aclose()

    @override
    def desk(self) -> str:
        return DESK.format(name=self.name)

    @override
    async def join(self, stack: Stack) -> None:
        self.client = caller(stack.url, Origin=ORIGIN)

    @override
    def customer(self, trace: Trace) -> Visitor:
        return Visitor(self, trace)


@dataclass
class Visitor(Customer):
    """One who writes into the window."""

    side: WidgetSide
    trace: Trace
    last: int = 0
    doing: str = "new"
    uploads: dict[str, str] = field(default_factory=dict)
    """Ids of files, by the mark of their message."""
    headers: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        secret = hashlib.sha256(self.trace.mark(0).encode()).hexdigest()
        high, low = divmod(self.trace.number, 250)
        self.headers = {
            "Authorization": f"Bearer dkv_{secret}",
            "X-Forwarded-For": f"10.0.{high % 250}.{low + 1}",
        }

    @property
    def path(self) -> str:
        """Where the conversation is."""
        return f"{self.base}/messages"

    @property
    def base(self) -> str:
        """Where the desk's window is."""
        return f"/v1/widget/{self.side.name}"

    @override
    async def say(self, mark: str, text: str) -> None:
        if (file := brought(self.trace, mark)) is not None and mark not in self.uploads:
            sent = {"content": file.content, "params": {"name": file.name}}
            self.uploads[mark] = (await self._insist("POST", f"{self.base}/files", **sent))["id"]
        files = [self.uploads[mark]] if mark in self.uploads else []
        body = {"id": f"message-{mark}", "text": text, "identity": "", "files": files}
        await self._insist("POST", self.path, json=body)

    @override
    async def listen(self) -> None:
        while True:
            wait = 0 if self.doing == "new" else WAIT_SECONDS
            broken = self.side.bad.happens("a wait broken", BREAKS)
            try:
                await self._take(await self._ask(wait, BROKEN_SECONDS if broken else None))
            except httpx2.HTTPError:
                await asyncio.sleep(PAUSE_SECONDS)
            if self.doing == "new":
                await asyncio.sleep(PAUSE_SECONDS)

    @override
    async def look(self) -> None:
        """A new window asks for all of it."""
        found = await self._insist("GET", self.path, params={"after": 0})
        await self._take(
            {**found, "items": [one for one in found["items"] if one["seq"] > self.last]}
        )
        own = [one for one in found["items"] if one["role"] == "customer"]
        self.trace.show([one["text"] for one in own if one["id"] == _id_of(one["text"])])

    async def _ask(self, wait: int, seconds: float | None) -> dict[str, Any]:
        params: dict[str, Any] = {"after": self.last, "doing": self.doing, "wait": wait}
        limit: dict[str, Any] = {} if seconds is None else {"timeout": seconds}
        answer = await self.side.client.get(self.path, params=params, headers=self.headers, **limit)
        found: dict[str, Any] = answer.raise_for_status().json()
        return found

    async def _insist(self, method: str, path: str, **parts: Any) -> dict[str, Any]:
        side = self.side
        return await insist(side.client, method, path, side.bad, headers=self.headers, **parts)

    async def _take(self, found: dict[str, Any]) -> None:
        """Save the files first: whoever stops in between has taken nothing."""
        new = [one for one in found["items"] if one["role"] != "customer"]
        files = [[await self._digest(file["id"]) for file in one["files"]] for one in new]
        for one, digests in zip(new, files, strict=True):
            self.trace.receive(str(one["seq"]), one["text"], one["seq"], files=digests)
        self.last, self.doing = found["last"], found["doing"]

    async def _digest(self, file_id: str) -> str:
        path = f"{self.base}/files/{file_id}"
        return digest_of(await saved(self.side.client, path, **self.headers))


def _id_of(text: str) -> str:
    """The script's id of a message, which the desk must show beside it."""
    return f"message-{marks_in(text, ASKED)[0]}"
