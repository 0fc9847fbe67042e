"""Helpdesks that have bad days, each beside a real stack; their webhooks come twice, late or never."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx2
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from typing_extensions import override

from api.channels.helpdesk.source import POLL
from evals.channels.calls import caller
from evals.channels.contract import Bad, Customer, Process, Side
from evals.channels.files import brought, digest_of
from evals.channels.traces import Trace
from evals.stack.helpdesks.serving import listening
from evals.stack.helpdesks.world import SECRET, TOKEN, HelpdeskServer, Said, Talk
from evals.stack.stack import Stack
from memory.channels import states
from memory.storage.database import Database

HOST = "127.0.0.1"
LOOK_SECONDS = 0.1
LATE_SECONDS = 2.0
ASKED_SECONDS = "1"


@dataclass
class HelpdeskSide(Side):
    """A helpdesk: people work in the console, and what they send leaves through the helpdesk."""

    server: HelpdeskServer
    needs: frozenset[Process] = frozenset({"api", "channels", "worker"})
    swaps: bool = False
    with_files: bool = True
    name: str = field(init=False)
    environment: Mapping[str, str] = field(init=False)
    bad: Bad = field(init=False)
    url: str = field(init=False, default="")
    client: httpx2.AsyncClient = field(init=False)
    by_talk: dict[int, HelpdeskCustomer] = field(default_factory=dict)
    _calling: set[asyncio.Task[None]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.name, upper = self.server.name, self.server.name.upper()
        self.environment = {
            "DESKHAND_WEBHOOK_PRIVATE_HOSTS": json.dumps([HOST]),
            f"{upper}_TOKEN": TOKEN,
            f"{upper}_WEBHOOK_SECRET": SECRET,
        }

    @asynccontextmanager
    @override
    async def open(self, bad: Bad) -> AsyncIterator[None]:
        self.bad, loop = bad, asyncio.get_running_loop()

        def written(talk: Talk, said: Said) -> None:
            loop.call_soon_threadsafe(self._written, talk, said, time.monotonic())

        self.server.world.after_write = written
        with listening(BadDays(self.server.app, bad)) as url:
            self.url = url
            yield
        for task in self._calling:
            task.cancel()
        await asyncio.gather(*self._calling, return_exceptions=True)
        await self.client.aclose()

    @override
    def desk(self) -> str:
        """JSON is YAML."""
        upper = self.name.upper()
        part = {
            **self.server.settings(self.url),
            "token": f"${{{upper}_TOKEN}}",
            "webhook_secret": f"${{{upper}_WEBHOOK_SECRET}}",
            "people_work": "here",
            "sends_per_minute": 10_000,
            "poll_seconds": 1,
        }
        desk = {
            "tenant": self.name,
            "company": "Measured",
            "autonomy": {"channels": {self.name: "auto"}},
            "channels": {self.name: part},
        }
        return "\n".join(f"{name}: {json.dumps(value)}" for name, value in desk.items())

    @override
    async def join(self, stack: Stack) -> None:
        """What is older than the first look is left alone."""
        self.client = caller(stack.url)
        async with Database(stack.settings.ledger_url) as database:
            while not await self._is_read(database):  # noqa: ASYNC110 - another process does it
                await asyncio.sleep(LOOK_SECONDS)

    @override
    def customer(self, trace: Trace) -> HelpdeskCustomer:
        return HelpdeskCustomer(self, trace)

    def call(self, talk: Talk, said: Said) -> None:
        """Tell the desk of a message, as well as a helpdesk does it."""
        if self.bad.happens("a webhook lost", 0.2):
            return
        task = asyncio.create_task(self._call(talk, said))
        self._calling.add(task)
        task.add_done_callback(self._calling.discard)

    async def _call(self, talk: Talk, said: Said) -> None:
        if self.bad.happens("a webhook late", 0.1):
            await asyncio.sleep(LATE_SECONDS)
        times = 2 if self.bad.happens("a webhook twice", 0.1) else 1
        for _ in range(times):
            sent = self.server.hook(talk, said, at=time.time())
            path = f"/v1/hooks/{self.name}/{self.name}"
            headers = {**sent.headers, "Content-Type": "application/json"}
            try:
                answer = await self.client.post(path, content=sent.body, headers=headers)
                self.bad.seen[f"a webhook answered {answer.status_code}"] += 1
            except httpx2.TransportError:
                self.bad.seen["a webhook to a dead API"] += 1

    def _written(self, talk: Talk, said: Said, at: float) -> None:
        customer = self.by_talk.get(talk.id)
        if customer is not None and said.who == "own" and said.public:
            files = [digest_of(one) for one in said.contents]
            customer.trace.receive(str(said.id), said.text, said.id, at, files=files)

    async def _is_read(self, database: Database) -> bool:
        async with database.reading() as session:
            return bool(await states.cursor(session, self.name, self.name, POLL))


@dataclass
class HelpdeskCustomer(Customer):
    """One who writes where the helpdesk listens."""

    side: HelpdeskSide
    trace: Trace
    talk: Talk | None = None
    said: dict[str, Said] = field(default_factory=dict)

    @override
    async def say(self, mark: str, text: str) -> None:
        """Said again it is the same message, of which another webhook tells."""
        world, file = self.side.server.world, brought(self.trace, mark)
        files = () if file is None else (file.name,)
        if self.talk is None:
            self.talk = world.opens(text, f"Customer {self.trace.number}", files)
            self.side.by_talk[self.talk.id] = self
            self.said[mark] = self.talk.said[0]
        elif mark not in self.said:
            self.said[mark] = world.writes(self.talk, text, files=files)
        self.side.call(self.talk, self.said[mark])

    @override
    async def listen(self) -> None:
        """The helpdesk shows what is written by itself."""

    @override
    async def look(self) -> None:
        """Whatever was written there was seen when it was written."""


@dataclass(frozen=True)
class BadDays:
    """An ASGI application around a helpdesk's: 429, 500 before and after the effect, slow answers."""

    app: ASGIApp
    bad: Bad

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if self.bad.happens("429", 0.03):
            headers = {"Retry-After": ASKED_SECONDS}
            await Response(status_code=429, headers=headers)(scope, receive, send)
        elif self.bad.happens("500", 0.03):
            await Response(status_code=500)(scope, receive, send)
        elif scope["method"] != "GET" and self.bad.happens("500 after the effect", 0.08):
            await self.app(scope, receive, _nowhere)
            await Response(status_code=500)(scope, receive, send)
        else:
            if self.bad.happens("slow answer", 0.05):
                await asyncio.sleep(LOOK_SECONDS)
            await self.app(scope, receive, send)


async def _nowhere(_: Message) -> None:
    """Nobody hears it."""


def side_of(server: Callable[[], HelpdeskServer]) -> Callable[[], HelpdeskSide]:
    """What makes the side of one helpdesk."""
    return lambda: HelpdeskSide(server())
