"""The one way out: each message leaves once, in order, and somebody is told where it cannot.

A message is `intended`, committed, before the other side is called. Whoever finds one that was
left so, by a process that died or a call that broke, asks the other side first.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import structlog

from api.channels.contract import RateLimits
from memory import handoffs, sending
from memory.channels import arrivals, outgoing, states
from memory.storage.database import Database, MemoryFault
from memory.storage.queue import Queue
from memory.tables import ChannelOutgoing, OutgoingStatus, now
from memory.tickets import intake
from memory.tickets.messages import BOUNCE
from tools.adapters.channels import ChannelSender, Outgoing
from tools.contract import ToolFault, Unreachable
from tools.resilience.rate_limit import TokenBucket

log = structlog.get_logger()

OUT = "out"
"""The part of a channel's state that tells how sending stands."""
IDLE_SECONDS = 0.3
"""How often new messages are looked for."""
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 2.0, 6 * 3600.0
"""Between two attempts of one message: doubled each time."""
MOST_DOUBLINGS = 20
LONGEST_DOUBT = timedelta(hours=48)
"""How long it is asked whether a message has left; then a person must decide."""
NEVER = "It could not be sent: {}"
DOUBT = "It may not have arrived, and nobody can tell: {}"


@dataclass
class Dispatch:
    """Sends the messages of one channel of one tenant. One process at a time does that."""

    database: Database
    queue: Queue
    tenant: str
    channel: str
    sender: ChannelSender
    limits: RateLimits = field(default_factory=RateLimits)
    _bucket: TokenBucket = field(init=False)

    def __post_init__(self) -> None:
        self._bucket = TokenBucket(self.limits.sends_per_minute, time.monotonic)

    async def run(self) -> None:
        """Send what is wanted, until cancelled."""
        while True:
            try:
                tried = await self.round()
            except MemoryFault as error:
                log.warning("dispatch_failed", channel=self.channel, error=str(error))
                tried = 0
            if not tried:
                await asyncio.sleep(IDLE_SECONDS)

    async def round(self) -> int:
        """Send what is due now; how many messages were tried. Raises `StorageUnavailable`."""
        async with self.database.reading() as session:
            if await sending.stopped(session, self.tenant) is not None:
                return 0
            due = await outgoing.due(session, self.tenant, self.channel, self.limits.at_once)
        results = await asyncio.gather(*(self._one(row) for row in due), return_exceptions=True)
        for result in results:  # one that fails must not cut another one off
            if isinstance(result, BaseException):
                raise result
        return len(due)

    async def _one(self, row: ChannelOutgoing) -> None:
        message = await self._message(row)
        if row.status == OutgoingStatus.INTENDED and not await self._may_send_again(row, message):
            return
        await asyncio.sleep(self._bucket.take(LONGEST_PAUSE_SECONDS).wait_seconds)
        async with self.database.transaction() as session:
            taken = await outgoing.intend(session, row)
        if taken is None:
            return  # a person took the ticket over
        try:
            await self.sender.send(message)
        except ToolFault as fault:
            await self._not_sent(taken, fault)
        else:
            await self._end(row, OutgoingStatus.SENT)
            await self._tell(None)

    async def _may_send_again(self, row: ChannelOutgoing, message: Outgoing) -> bool:
        """Whether a message that may have left certainly has not."""
        try:
            left = await self.sender.sent(message)
        except ToolFault as fault:
            since = row.intended_at or row.created_at
            if fault.retryable and now() - since < LONGEST_DOUBT:
                await self._later(row, fault, doubt=True)
            else:
                await self._end(row, OutgoingStatus.UNKNOWN, DOUBT.format(fault))
            return False
        if left is not None:
            await self._end(row, OutgoingStatus.SENT)
        return left is None

    async def _not_sent(self, row: ChannelOutgoing, fault: ToolFault) -> None:
        """The sending broke: later again, or never."""
        if not fault.certain:
            await self._later(row, fault, doubt=True)
        elif fault.retryable and row.attempts < self.limits.attempts:
            await self._later(row, fault, doubt=False)
        else:
            await self._end(row, OutgoingStatus.FAILED, NEVER.format(fault))

    async def _later(self, row: ChannelOutgoing, fault: ToolFault, *, doubt: bool) -> None:
        assert row.id is not None
        doubled = FIRST_PAUSE_SECONDS * 2 ** min(row.attempts, MOST_DOUBLINGS)
        usual = FIRST_PAUSE_SECONDS if doubt else min(LONGEST_PAUSE_SECONDS, doubled)
        moment = now() + timedelta(seconds=max(fault.retry_after or 0.0, usual))
        async with self.database.transaction() as session:
            await outgoing.later(session, row.id, str(fault), moment, doubt=doubt)
        if isinstance(fault, Unreachable):  # others say something of one message only
            await self._tell(str(fault))

    async def _end(
        self, row: ChannelOutgoing, status: OutgoingStatus, words: str | None = None
    ) -> None:
        """Write the end down and, where the customer may have nothing, have a person see it."""
        assert row.id is not None
        async with self.database.transaction() as session:
            ended = await outgoing.settle(session, row.id, status, words)
            if ended and words is not None:
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
        body: dict[str, Any] = row.body
        return Outgoing(
            key=row.key,
            foreign_id=row.foreign_id,
            ticket_id=row.ticket_id,
            kind=row.kind,
            text=body.get("text", ""),
            place={} if thread is None else thread.place,
            citations=tuple(body.get("citations", ())),
            to=body.get("to"),
            since=row.intended_at,
        )

    async def _tell(self, trouble: str | None) -> None:
        async with self.database.transaction() as session:
            await states.tell(session, self.tenant, self.channel, OUT, trouble)
