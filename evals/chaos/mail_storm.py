"""Conversations by mail while servers misbehave and processes are killed; what the customers saw."""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from aiosmtpd.smtp import Envelope
from sqlmodel import col, select

from evals.chaos.mail_judging import ENDED, Seen, judge
from evals.stack.mail_servers import MailServers, mail_servers
from evals.stack.mailed import CHANNELS, TENANT, Customer, mailed_stack, start_channels
from evals.stack.stack import Stack
from memory.storage.database import Database
from memory.tables import ChannelOutgoing, Message, Ticket

QUESTION = "How do I reset my password? This is number {}."
SLOW = "How do I reset my password? #slow-draft This is number {}."
END_SECONDS = 240.0
"""How long the conversations may take after the last kill."""
POLL_SECONDS = 0.5
KILL_PAUSE = (0.5, 3.0)
"""Seconds that a process lives between two kills."""
TURNS = 2
"""Mails of each customer, a reply to our answer being the second."""
TAKEN_EVERY = 10
"""One of so many conversations is taken over by a person while its answer is written."""
WORKER = "worker-0"


OnKill = Callable[[], None]


@dataclass
class Mischief:
    """The mail server's bad days: a step that is refused for now, a broken line, a late answer."""

    rng: random.Random
    seen: Counter[str]
    on: bool = True

    def refuse(self, step: str, _envelope: Envelope) -> str | None:
        """What the server answers instead."""
        chance = self.rng.random() if self.on else 1.0
        if chance < 0.04:  # noqa: PLR2004 - shares of all steps
            self.seen[f"4xx at {step}"] += 1
            return "451 try again later"
        if chance < 0.06:  # noqa: PLR2004
            self.seen[f"dropped at {step}"] += 1
            raise ConnectionResetError
        return None

    def after(self, _envelope: Envelope) -> None:
        """The mail is taken; the answer may never arrive."""
        chance = self.rng.random() if self.on else 1.0
        if chance < 0.05:  # noqa: PLR2004
            self.seen["dropped after the effect"] += 1
            raise ConnectionResetError
        if chance < 0.10:  # noqa: PLR2004
            self.seen["slow"] += 1
            time.sleep(0.3)


@dataclass
class Customers:
    """Everybody who writes; each goes on once they have been answered."""

    servers: MailServers
    count: int
    rng: random.Random
    seen: Seen
    left: dict[str, int] = field(default_factory=dict)
    """Mails that each still has to write."""

    def begin(self) -> None:
        """The first mail of each; one in ten comes twice, and one in ten after its own reply."""
        for number in range(self.count):
            one = self._of(number)
            text = SLOW if number % TAKEN_EVERY == 0 else QUESTION
            first = one.writes(text.format(number), f"Question {number}")
            mails = [first.as_bytes()]
            if number % TAKEN_EVERY == 1:
                mails *= 2
                self.seen.faults["mail twice"] += 1
            if number % TAKEN_EVERY == 2:  # noqa: PLR2004
                later = one.writes(
                    f"And for number {number}, one more thing?", f"Question {number}"
                )
                later["In-Reply-To"] = str(first["Message-ID"])
                later["References"] = str(first["Message-ID"])
                mails.insert(0, later.as_bytes())
                self.seen.messages += 1
                self.seen.faults["mail out of order"] += 1
            self.seen.messages += 1
            self.left[one.address] = TURNS - 1
            for mail in mails:
                self.servers.deliver(mail)

    def go_on(self) -> None:
        """Whoever was answered writes back."""
        for number in range(self.count):
            one = self._of(number)
            answers = self.servers.sent_to(one.address)
            if answers and self.left[one.address]:
                self.left[one.address] -= 1
                self.seen.messages += 1
                threaded = self.rng.random() > 0.2  # noqa: PLR2004 - some programs drop it
                reply = one.answers(answers[-1], f"Thanks, and {number}?", threaded=threaded)
                self.servers.deliver(reply.as_bytes())

    def _of(self, number: int) -> Customer:
        return Customer(f"c{number}@customer.example", f"Customer {number}")


def storm(
    folder: Path, messages: int, kills: int, seed: int, on_kill: OnKill = lambda: None
) -> Seen:
    """Run it. Raises `NoServer` where there is no mail server."""
    seen, started = Seen(), time.monotonic()
    rng = random.Random(seed)  # noqa: S311 - repeatable
    with mail_servers() as servers, mailed_stack(folder, servers) as stack:
        mischief = Mischief(rng, seen.faults)
        servers.refuse, servers.after = mischief.refuse, mischief.after
        stack.start_api()
        stack.start_worker()
        start_channels(stack)
        people = Customers(servers, max(1, messages // TURNS), rng, seen)
        taker = Taker(stack, stack.key(TENANT), seen)
        people.begin()
        with taker:
            _kill_all(stack, people, kills, on_kill)
            _until_quiet(stack, people)
        mischief.on = False
        _until_quiet(stack, people)
        asyncio.run(judge(stack, list(servers.outbox), taker.taken, seen))
    seen.seconds = time.monotonic() - started
    return seen


@dataclass
class Taker:
    """A person who takes over what is being written, again and again, in a thread of its own."""

    stack: Stack
    key: str
    seen: Seen
    taken: dict[str, float] = field(default_factory=dict)
    """When each takeover was acknowledged, before any answer of that turn had left."""
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        """Begin."""
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def _work(self) -> None:
        with self.stack.client(self.key) as client:
            while not self._stop.wait(POLL_SECONDS):
                found = client.get("/v1/tickets", params={"limit": 200}).json()["items"]
                for one in found:
                    if self._is_slow(one) and one["status"] in {"queued", "running"}:
                        self._take(client, one["id"])

    @staticmethod
    def _is_slow(one: dict[str, Any]) -> bool:
        number = one["subject"].removeprefix("Question ")
        return one["turn"] == 1 and number.isdecimal() and int(number) % TAKEN_EVERY == 0

    def _take(self, client: Any, ticket_id: str) -> None:
        if ticket_id in self.taken:
            return
        answer = client.post(f"/v1/tickets/{ticket_id}/takeover", json={})
        if answer.status_code < 300 and answer.json().get("agent_answer") == "none":  # noqa: PLR2004
            self.taken[ticket_id] = time.monotonic()
            self.seen.takeovers += 1


def _kill_all(stack: Stack, people: Customers, kills: int, on_kill: OnKill) -> None:
    """Three of four kills are of the channels' process, the rest of the worker."""
    rng, seen = people.rng, people.seen
    for _ in range(kills):
        until = time.monotonic() + rng.uniform(*KILL_PAUSE)
        while time.monotonic() < until:
            people.go_on()
            time.sleep(0.1)
        if rng.random() < 0.75:  # noqa: PLR2004
            stack.kill(CHANNELS)
            start_channels(stack)
        else:
            stack.kill(WORKER)
            stack.start_worker(wait=False)
        seen.kills += 1
        on_kill()


def _until_quiet(stack: Stack, people: Customers) -> None:
    """Until nothing is under way, or the time is up."""
    until = time.monotonic() + END_SECONDS
    while time.monotonic() < until:
        people.go_on()
        time.sleep(POLL_SECONDS)
        if asyncio.run(_is_quiet(stack, people)):
            return


async def _is_quiet(stack: Stack, people: Customers) -> bool:
    database = Database(stack.settings.ledger_url)
    try:
        async with database.reading() as session:
            tickets = (await session.exec(select(Ticket))).all()
            open_rows = select(ChannelOutgoing.id).where(
                col(ChannelOutgoing.status).in_(("wanted", "intended"))
            )
            leaving = (await session.exec(open_rows)).all()
            told = (await session.exec(select(Message).where(Message.role == "customer"))).all()
    finally:
        await database.close()
    ended = all(one.status in ENDED for one in tickets)
    return ended and not leaving and len(told) >= people.seen.messages
