"""The website's window, as its script speaks: it posts, waits for news, and reconnects."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2

from api.client.desk import DeskClient
from evals.channels.calls import PAUSE_SECONDS, caller, insist
from evals.channels.contract import Bad, Process
from evals.channels.judging import Verdict, judge
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
class WidgetSide:
    """See `Side`."""

    name: str = "widget"
    needs: frozenset[Process] = frozenset({"api", "worker"})
    swaps: bool = False
    environment: Mapping[str, str] = field(
        default_factory=lambda: {"DESKHAND_TRUSTED_PROXIES": '["127.0.0.1"]'}
    )
    """Each visitor comes from a network of their own: one address may write only so often."""
    client: httpx2.AsyncClient = field(init=False)
    bad: Bad = field(init=False)

    @asynccontextmanager
    async def open(self, bad: Bad) -> AsyncIterator[None]:
        """See `Side.open`."""
        self.bad = bad
        yield
        await self.client.aclose()

    def desk(self) -> str:
        """See `Side.desk`."""
        return DESK.format(name=self.name)

    async def join(self, stack: Stack) -> None:
        """See `Side.join`."""
        self.client = caller(stack.url, Origin=ORIGIN)

    def customer(self, trace: Trace) -> Visitor:
        """See `Side.customer`."""
        return Visitor(self, trace)

    def people(self, http: httpx2.AsyncClient, key: str) -> DeskClient:
        """See `Side.people`."""
        return DeskClient(http, key)

    def judge(self, traces: Sequence[Trace]) -> Verdict:
        """See `Side.judge`."""
        return judge(traces)


@dataclass
class Visitor:
    """See `Customer`."""

    side: WidgetSide
    trace: Trace
    last: int = 0
    doing: str = "new"
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
        return f"/v1/widget/{self.side.name}/messages"

    async def say(self, mark: str, text: str) -> None:
        """See `Customer.say`."""
        body = {"id": f"message-{mark}", "text": text, "identity": ""}
        parts: dict[str, Any] = {"json": body, "headers": self.headers}
        await insist(self.side.client, "POST", self.path, self.side.bad, **parts)

    async def listen(self) -> None:
        """See `Customer.listen`."""
        while True:
            wait = 0 if self.doing == "new" else WAIT_SECONDS
            broken = self.side.bad.happens("a wait broken", BREAKS)
            try:
                self._take(await self._ask(wait, BROKEN_SECONDS if broken else None))
            except httpx2.HTTPError:
                await asyncio.sleep(PAUSE_SECONDS)
            if self.doing == "new":
                await asyncio.sleep(PAUSE_SECONDS)

    async def look(self) -> None:
        """See `Customer.look`: a new window asks for all of it."""
        parts: dict[str, Any] = {"params": {"after": 0}, "headers": self.headers}
        found = await insist(self.side.client, "GET", self.path, self.side.bad, **parts)
        self._take({**found, "items": [one for one in found["items"] if one["seq"] > self.last]})
        own = [one for one in found["items"] if one["role"] == "customer"]
        self.trace.show([one["text"] for one in own if one["id"] == _id_of(one["text"])])

    async def _ask(self, wait: int, seconds: float | None) -> dict[str, Any]:
        params: dict[str, Any] = {"after": self.last, "doing": self.doing, "wait": wait}
        limit: dict[str, Any] = {} if seconds is None else {"timeout": seconds}
        answer = await self.side.client.get(self.path, params=params, headers=self.headers, **limit)
        found: dict[str, Any] = answer.raise_for_status().json()
        return found

    def _take(self, found: dict[str, Any]) -> None:
        for one in found["items"]:
            if one["role"] != "customer":
                self.trace.receive(str(one["seq"]), one["text"], one["seq"])
        self.last, self.doing = found["last"], found["doing"]


def _id_of(text: str) -> str:
    """The script's id of a message, which the desk must show beside it."""
    return f"message-{marks_in(text, ASKED)[0]}"
