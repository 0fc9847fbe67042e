"""The one way out: each message leaves once, in order, and somebody is told where it cannot.

A message is `intended`, committed, before the other side is called. Whoever finds one that was
left so, by a process that died or a call that broke, asks the other side first.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from api.channels.contract import RateLimits
from api.telemetry.outages import Outage, of_channels
from memory import handoffs, sending
from memory.channels import arrivals, outgoing, pokes, states
from memory.channels.outgoing import STEP
from memory.faults import MemoryFault
from memory.files import contents, message_files
from memory.files.incoming import FileUnknown
from memory.storage.database import Database
from memory.storage.queue import Queue
from memory.tables import ChannelOutgoing, OutgoingStatus, now
from memory.tickets import intake, tickets
from memory.tickets.messages import BOUNCE
from tools.adapters.channels import ChannelSender, Enclosure, MovedOn, Outgoing, Step
from tools.faults import NotLetIn, RateLimited, Rejected, Throttled, ToolFault, Unreachable
from tools.resilience.rate_limit import TokenBucket

OUT = "out"
"""The part of a channel's state that tells how sending stands."""
IDLE_SECONDS = 0.3
"""How often new messages are looked for."""
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 2.0, 6 * 3600.0
"""Between two attempts of one message: doubled each time."""
MOST_DOUBLINGS = 20
LONGEST_DOUBTFUL_SECONDS = 300.0
"""The same where it may have left: the longer it is not known, the more people wait for it."""
LONGEST_DOUBT = timedelta(hours=48)
"""How long it is asked whether a message has left; then a person must decide."""
LONGEST_REFUSED = timedelta(days=7)
"""How long a message waits, refused or in doubt, however seldom it is asked for; then a person decides."""
REFUSED_PAUSE_SECONDS = 60.0
"""Between two looks whether it is still refused: a server may lock out who tries too often."""
LOOK_AGAIN_SECONDS = 1.0
WITH_FILES = 2
"""Messages with files that one channel sends at the same time: their bytes are in memory."""
MOVED = "An answer was not sent, since the conversation had moved on."
NEVER = "It could not be sent: {}"
DOUBT = "It may not have arrived, and nobody can tell: {}"


StepOf = Callable[[AsyncSession, ChannelOutgoing], Awaitable[Step | None]]
"""What a step comes to at this moment; None where it has become needless. Raises `NotYet`."""


class NotYet(Exception):
    """The agent is still at work: how the conversation is to stand is known in a moment."""


@dataclass
class Dispatch:
    """Sends the messages of one channel of one tenant. One process at a time does that."""

    database: Database
    queue: Queue
    tenant: str
    channel: str
    sender: ChannelSender
    limits: RateLimits = field(default_factory=RateLimits)
    step_of: StepOf | None = None
    """How a conversation is to stand; None for a side that knows no states."""
    asking_since: datetime = field(default_factory=now)
    """Since when it can be asked what has left: not while nobody runs, is let in, or may send."""
    outage: Outage = field(default_factory=of_channels)
    _bucket: TokenBucket = field(init=False)
    _loading: asyncio.Semaphore = field(init=False)
    _refused_until: float | None = field(default=None, init=False)
    """While our token or password is refused: until when nothing is tried, in monotonic seconds."""

    def __post_init__(self) -> None:
        self._loading = asyncio.Semaphore(WITH_FILES)
        self._bucket = TokenBucket(self.limits.sends_per_minute, time.monotonic)

    async def run(self) -> None:
        """Send what is wanted, until cancelled."""
        while True:
            try:
                tried = await self.round()
            except MemoryFault as error:
                self.outage.failed(str(error), part=OUT, channel=self.channel)
                tried = 0
            else:
                self.outage.worked()
            if not tried:
                await asyncio.sleep(IDLE_SECONDS)

    async def round(self) -> int:
        """Send what is due now; how many messages were tried. Raises `StorageUnavailable`."""
        if self._refused_until is not None and time.monotonic() < self._refused_until:
            return 0
        at_once = self.limits.at_once if self._refused_until is None else 1
        async with self.database.reading() as session:
            if await sending.stopped(session, self.tenant) is not None:
                self.asking_since = now()
                return 0
            due = await outgoing.due(session, self.tenant, self.channel, at_once)
        results = await asyncio.gather(*(self._one(row) for row in due), return_exceptions=True)
        for result in results:  # one that fails must not cut another one off
            if isinstance(result, BaseException):
                raise result
        return len(due)

    async def _one(self, row: ChannelOutgoing) -> None:
        try:
            message = await self._message(row)
        except NotYet:
            doubt = row.status == OutgoingStatus.INTENDED
            await self._look_again(row, "", LOOK_AGAIN_SECONDS, doubt=doubt)
            return
        if row.status == OutgoingStatus.INTENDED and not await self._may_send_again(row, message):
            return
        await asyncio.sleep(self._bucket.take(LONGEST_PAUSE_SECONDS).wait_seconds)
        async with self.database.transaction() as session:
            taken = await outgoing.intend(session, row)
        if taken is None:
            return  # a person took the ticket over
        try:
            await self._send(taken, message)
        except MovedOn:
            await self._moved_on(taken, message)
        except ToolFault as fault:
            await self._not_sent(taken, fault)
        else:
            self._refused_until = None
            await self._end(row, OutgoingStatus.SENT)
            await self._tell(None)

    async def _send(self, row: ChannelOutgoing, message: Outgoing) -> None:
        """Send it with its files. Raises `ToolFault`."""
        enclosed = row.body.get("files") or ()
        if not enclosed:
            await self.sender.send(message)
            return
        async with self._loading:
            found = tuple([await self._enclosure(one["id"]) for one in enclosed])
            await self.sender.send(replace(message, files=found))

    async def _enclosure(self, file_id: str) -> Enclosure:
        """A file with its bytes. Raises `Rejected` where it was removed meanwhile."""
        async with self.database.reading() as session:
            try:
                file = await message_files.get(session, self.tenant, file_id)
            except FileUnknown as error:
                raise Rejected("a file of it is no longer here") from error
            return Enclosure(file.name, file.media_type, await contents.read(session, file))

    async def _may_send_again(self, row: ChannelOutgoing, message: Outgoing) -> bool:
        """Whether a message that may have left certainly has not."""
        try:
            left = await self.sender.sent(message)
        except ToolFault as fault:
            since = row.intended_at or row.created_at
            if await self._waits_to_be_let_in(row, fault, doubt=True):
                return False
            asked = now() - max(since, self.asking_since)
            if fault.retryable and asked < LONGEST_DOUBT and now() - since < LONGEST_REFUSED:
                await self._later(row, fault, doubt=True, attempts=0)
            else:
                await self._end(row, OutgoingStatus.UNKNOWN, DOUBT.format(fault))
            return False
        if left is not None:
            await self._end(row, OutgoingStatus.SENT)
        return left is None

    async def _not_sent(self, row: ChannelOutgoing, fault: ToolFault) -> None:
        """The sending broke: later again, or never."""
        again = row.attempts < self.limits.attempts
        if await self._waits_to_be_let_in(row, fault, doubt=False):
            return
        if isinstance(fault, RateLimited | Throttled) and now() - row.created_at < LONGEST_DOUBT:
            # It said when it takes more: that is no fault of this message.
            pause = max(min(fault.retry_after or 0.0, LONGEST_PAUSE_SECONDS), FIRST_PAUSE_SECONDS)
            counted = max(0, row.attempts - 1)
            await self._look_again(row, str(fault), pause, doubt=False, attempts=counted)
        elif not fault.certain and again:
            await self._later(row, fault, doubt=True, attempts=row.attempts)
        elif not fault.certain:
            await self._end(row, OutgoingStatus.UNKNOWN, DOUBT.format(fault))
        elif fault.retryable and again and not isinstance(fault, NotLetIn):
            await self._later(row, fault, doubt=False, attempts=row.attempts)
        else:
            await self._end(row, OutgoingStatus.FAILED, NEVER.format(fault))

    async def _waits_to_be_let_in(
        self, row: ChannelOutgoing, fault: ToolFault, *, doubt: bool
    ) -> bool:
        """Whether the other side refuses all of us: it stays as it was, and the channel says why."""
        if not isinstance(fault, NotLetIn) or now() - row.created_at > LONGEST_REFUSED:
            if self._refused_until is not None and not isinstance(fault, Unreachable):
                await self._tell(None)  # it looked at this message, so it let us in
            self._refused_until = None
            return False
        self.asking_since = now()
        self._refused_until = time.monotonic() + REFUSED_PAUSE_SECONDS
        counted = row.attempts if doubt else max(0, row.attempts - 1)
        await self._look_again(row, str(fault), 0.0, doubt=doubt, attempts=counted)
        await self._tell(str(fault))
        return True

    async def _moved_on(self, row: ChannelOutgoing, message: Outgoing) -> None:
        """It has not left: what somebody wrote meanwhile is read, and answered instead.

        A person sees where the next turn may have taken it for said.
        """
        async with self.database.transaction() as session:
            ticket = await tickets.get(session, self.tenant, row.ticket_id)
            if ref := message.place.get("ref"):
                await pokes.note(session, self.tenant, self.channel, str(ref))
        overtaken = MOVED if ticket.turn > row.turn else None
        await self._end(row, OutgoingStatus.WITHDRAWN, overtaken)

    async def _look_again(
        self,
        row: ChannelOutgoing,
        words: str,
        seconds: float,
        *,
        doubt: bool,
        attempts: int | None = None,
    ) -> None:
        assert row.id is not None
        moment = now() + timedelta(seconds=seconds)
        async with self.database.transaction() as session:
            await outgoing.later(session, row.id, words, moment, doubt=doubt, attempts=attempts)

    async def _later(
        self, row: ChannelOutgoing, fault: ToolFault, *, doubt: bool, attempts: int
    ) -> None:
        doubled = FIRST_PAUSE_SECONDS * 2 ** min(attempts, MOST_DOUBLINGS)
        usual = min(LONGEST_DOUBTFUL_SECONDS if doubt else LONGEST_PAUSE_SECONDS, doubled)
        asked = min(fault.retry_after or 0.0, LONGEST_PAUSE_SECONDS)
        await self._look_again(row, str(fault), max(asked, usual), doubt=doubt)
        if isinstance(fault, Unreachable):  # others say something of one message only
            await self._tell(str(fault))

    async def _end(
        self, row: ChannelOutgoing, status: OutgoingStatus, words: str | None = None
    ) -> None:
        """Write the end down and, where the customer may have nothing, have a person see it."""
        assert row.id is not None
        async with self.database.transaction() as session:
            ended = await outgoing.settle(session, row.id, status, words)
            if ended and words is not None and row.kind != STEP:
                added = await intake.add_message(
                    session,
                    self.queue,
                    tenant=self.tenant,
                    ticket_id=row.ticket_id,
                    text=words,
                    kind=BOUNCE,
                    key=f"out:{row.id}",
                    digest="",
                )
                await handoffs.customer_wrote(session, added)

    async def _message(self, row: ChannelOutgoing) -> Outgoing:
        async with self.database.reading() as session:
            thread = await arrivals.thread_of(session, row.ticket_id)
            wanted = row.kind == STEP and self.step_of is not None
            step = await self.step_of(session, row) if wanted and self.step_of else None
        place, body = {} if thread is None else thread.place, row.body
        return Outgoing(
            key=row.key,
            foreign_id=row.foreign_id,
            ticket_id=row.ticket_id,
            kind=row.kind,
            text=body.get("text", ""),
            place=place,
            citations=tuple(body.get("citations", ())),
            to=body.get("to"),
            since=row.intended_at,
            # A step is right as long as nobody writes whom we have not heard yet.
            after=str(place.get("last", "")) if row.kind == STEP else body.get("after", ""),
            step=step,
            enclosed=len(body.get("files", ())),
            by_person=body.get("by") == "person",
        )

    async def _tell(self, trouble: str | None) -> None:
        async with self.database.transaction() as session:
            await states.tell(session, self.tenant, self.channel, OUT, trouble)
