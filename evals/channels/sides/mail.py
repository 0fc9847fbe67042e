"""Mail: a mailbox with real servers that have bad days, and customers with all kinds of programs."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from aiosmtpd.smtp import Envelope
from typing_extensions import override

from evals.channels.contract import Bad, Customer, Process, Side
from evals.channels.files import brought, digest_of
from evals.channels.traces import Trace
from evals.stack.mail_servers import PASSWORD, Arrived, MailServers, mail_servers
from evals.stack.mailed import Customer as Sender
from evals.stack.mailed import desk_of, is_read
from evals.stack.stack import Stack

LOOK_SECONDS = 0.1
SLOW_SECONDS = 0.3
UNTHREADED = 5
"""One of so many customers has a program that drops the thread."""


@dataclass
class MailSide(Side):
    """A mailbox on a server that refuses, breaks off and answers late."""

    name: str = "mail"
    needs: frozenset[Process] = frozenset({"channels", "worker"})
    swaps: bool = True
    with_files: bool = True
    environment: Mapping[str, str] = field(default_factory=lambda: {"MAIL_PASSWORD": PASSWORD})
    servers: MailServers = field(init=False)
    bad: Bad = field(init=False)
    by_address: dict[str, MailCustomer] = field(default_factory=dict)

    @asynccontextmanager
    @override
    async def open(self, bad: Bad) -> AsyncIterator[None]:
        """Raises `NoServer`."""
        self.bad = bad
        with mail_servers() as servers:
            self.servers = servers
            servers.refuse, servers.after = self._refuse, self._after
            sorting = asyncio.create_task(self._sort())
            yield
            sorting.cancel()
            with suppress(asyncio.CancelledError):
                await sorting

    @override
    def desk(self) -> str:
        return desk_of(self.name, self.servers)

    @override
    async def join(self, stack: Stack) -> None:
        """Of a mailbox that was never read only new mail is taken."""
        while not await is_read(stack, self.name):  # noqa: ASYNC110 - another process does it
            await asyncio.sleep(LOOK_SECONDS)

    @override
    def customer(self, trace: Trace) -> MailCustomer:
        made = MailCustomer(self, trace)
        self.by_address[made.who.address] = made
        return made

    async def _sort(self) -> None:
        """Give each mail that arrives to whom it is for."""
        done = 0
        while True:
            for one in self.servers.outbox[done:]:
                done += 1
                for address in one.to:
                    if (customer := self.by_address.get(address)) is not None:
                        customer.get(one)
            await asyncio.sleep(LOOK_SECONDS)

    def _refuse(self, step: str, _envelope: Envelope) -> str | None:
        if self.bad.happens(f"4xx at {step}", 0.04):
            return "451 try again later"
        if self.bad.happens(f"cut at {step}", 0.02):
            raise ConnectionResetError
        return None

    def _after(self, _envelope: Envelope) -> None:
        """The mail is taken; the answer may never arrive."""
        if self.bad.happens("cut after the effect", 0.05):
            raise ConnectionResetError
        if self.bad.happens("slow answer", 0.05):
            time.sleep(SLOW_SECONDS)


@dataclass
class MailCustomer(Customer):
    """One who writes mail, and threads it as most programs do."""

    side: MailSide
    trace: Trace
    who: Sender = field(init=False)
    arrived: list[Arrived] = field(default_factory=list)
    written: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        number = self.trace.number
        self.who = Sender(f"c{number}@customer.example", f"Customer {number}")

    @override
    async def say(self, mark: str, text: str) -> None:
        """The same mail, byte for byte, where it is said again."""
        if mark not in self.written:
            self.written[mark] = self._mail(mark, text)
        self.side.servers.deliver(self.written[mark])

    @override
    async def listen(self) -> None:
        """Mail comes by itself."""

    @override
    async def look(self) -> None:
        """There is no window."""

    def get(self, mail: Arrived) -> None:
        """A mail for this customer."""
        self.arrived.append(mail)
        place, files = len(self.trace.got), [digest_of(one) for one in mail.files]
        name = str(mail.mail["Message-ID"])
        self.trace.receive(name, mail.text, place, mail.at, files=files)

    def _mail(self, mark: str, text: str) -> bytes:
        if self.arrived:
            threaded = self.trace.number % UNTHREADED != UNTHREADED - 1
            reply = self.who.answers(self.arrived[-1], text, threaded=threaded)
        else:
            reply = self.who.writes(text, f"Question {self.trace.number}")
            if mark != (first := self.trace.mark(0)):
                for name in ("In-Reply-To", "References"):
                    reply[name] = f"<{first}@customer.example>"
        reply.replace_header("Message-ID", f"<{mark}@customer.example>")
        if (file := brought(self.trace, mark)) is not None:
            reply.add_attachment(
                file.content, maintype="application", subtype="octet-stream", filename=file.name
            )
        return reply.as_bytes()
