"""Helpdesks in: reads the conversations that webhooks name, and all that changed while nobody did.

Whatever named a conversation, it is read from the helpdesk itself, and what is new is taken in by
its order there. So a webhook that comes twice, late, out of order or never loses and doubles
nothing. What changed is named in the transaction that moves the cursor, so a helpdesk that allows
few calls is read bit by bit, and nothing is read from the beginning again.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession
from typing_extensions import override

from api.channels.contract import Incoming, Later, Receiver, Runs
from api.channels.helpdesk.reading import Known, ids_of, incomings
from api.telemetry.outages import Outage, of_channels
from memory.channels import arrivals, pokes, states
from memory.channels.drafts import SEPARATOR, foreign_id
from memory.faults import MemoryFault
from memory.storage.database import Database
from memory.tables import Arrival
from tools.adapters.helpdesk.contract import CLOCKS, Conversation, Helpdesk
from tools.adapters.helpdesk.reading import moment
from tools.contract import Json
from tools.faults import Held, RateLimited, ToolFault, Unreachable

log = structlog.get_logger()

IN, POLL = "in", "poll"
"""Parts of the channel's state: how receiving stands, and how far was read."""
LOOK_SECONDS = 0.5
"""How often webhooks are looked for."""
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 1.0, 60.0
"""Before a helpdesk that failed is tried again: doubled each time."""
SHORT_PAUSE_SECONDS, ONE_PAUSE_SECONDS = 5.0, 60.0
"""Before a conversation that could not be read is tried again; the others do not wait for it."""
MOST_PUT_OFF = 1_000


@dataclass
class HelpdeskSource(Runs):
    """The way in of one account of a helpdesk."""

    database: Database
    tenant: str
    channel: str
    desk: Helpdesk
    receiver: Receiver
    groups: frozenset[str] = frozenset()
    """Inboxes or groups whose conversations are ours; all where none is named."""
    poll_seconds: float = 60.0
    arrived: Callable[[Incoming], None] = lambda _incoming: None
    """Told of each message that was taken in."""
    outage: Outage = field(default_factory=of_channels)
    clock: Callable[[], float] = time.monotonic
    _pause: float = field(default=FIRST_PAUSE_SECONDS, init=False)
    _polled: float | None = field(default=None, init=False)
    _took: bool = field(default=False, init=False)
    """Whether the last round took anything in: then what it met was no reason to wait longer."""
    _put_off: dict[str, float] = field(default_factory=dict, init=False)
    """When a conversation that could not be read is tried again."""

    @override
    async def run(self) -> None:
        while True:
            pause = await self.step()
            await asyncio.sleep(pause)

    async def step(self) -> float:
        """Look once; seconds until the next look. Troubles are told."""
        try:
            if await self.round():
                await self._tell(None)
            self.outage.worked()
            self._pause = FIRST_PAUSE_SECONDS
        except Later as later:
            return later.seconds
        except ToolFault as fault:
            await self._told(str(fault))
            self._pause = FIRST_PAUSE_SECONDS if self._took else self._pause * 2
            self._pause = min(LONGEST_PAUSE_SECONDS, self._pause)
            return max(self._pause, min(fault.retry_after or 0.0, LONGEST_PAUSE_SECONDS))
        except MemoryFault as error:
            self.outage.failed(str(error), part=IN, channel=self.channel)
            return self._pause
        return LOOK_SECONDS

    async def round(self) -> bool:
        """Read what was named, and what changed if it is time for that; whether it was.

        Raises `ToolFault`, `Later`, `MemoryFault`: what was not read is read the next time.
        """
        self._took = False
        everything = await self._read_named()
        due = self._polled is None or self.clock() - self._polled >= self.poll_seconds
        if due or everything:
            await self.catch_up()
            self._polled = self.clock()
        return due

    async def catch_up(self) -> None:
        """Name all that changed since the cursor, and take it in. Raises as `round`."""
        more = True
        while more:
            cursor = (await self._position())["cursor"]
            found = await self.desk.changes(cursor)
            async with self.database.transaction() as session:
                await pokes.name(session, self.tenant, self.channel, found.refs)
                if found.cursor != cursor:
                    moved = {**await self._stored(session), "cursor": found.cursor}
                    await states.move_cursor(session, self.tenant, self.channel, POLL, moved)
                if not found.more:
                    await pokes.looked_through(session, self.tenant, self.channel)
            await self._read_named()
            more = found.more and found.cursor != cursor

    async def _read_named(self) -> bool:
        """Take in the conversations that are named; whether more were than could be kept."""
        async with self.database.reading() as session:
            named = await pokes.waiting(session, self.tenant, self.channel)
        for ref, times in named.refs.items():
            if self._put_off.get(ref, 0.0) <= self.clock() and await self._tried(ref):
                async with self.database.transaction() as session:
                    await pokes.done(session, self.tenant, self.channel, ref, times)
                self._took = True
        return named.everything

    async def take(self, ref: str) -> int:
        """Take in what is new in a conversation; how many messages. Raises as `round`."""
        begun = moment((await self._position())["begun"])
        async with self.database.reading() as session:
            place = await arrivals.place_of(session, self.tenant, self.channel, ref)
        since = moment(place["at"]) if "at" in place else begun
        conversation = await self.desk.read(ref, since - CLOCKS)
        if conversation is None or (self.groups and conversation.group not in self.groups):
            return 0
        if not conversation.whole:
            log.warning("helpdesk_conversation_cut", channel=self.channel, ref=ref)
        async with self.database.reading() as session:
            ids = ids_of(conversation)
            known = await arrivals.known_ids(session, self.tenant, self.channel, ids)
            moved = await self._moved(session, conversation, known)
        count = 0
        for incoming in incomings(conversation, Known(known, place, begun, moved)):
            received = await self.receiver.receive(incoming)
            count += 1
            if received.became in {Arrival.TICKET, Arrival.MESSAGE} and not received.repeated:
                self.arrived(incoming)
        return count

    async def _moved(
        self, session: AsyncSession, conversation: Conversation, known: Collection[str]
    ) -> set[str]:
        """Numbers of messages that are new here and came before in another conversation."""
        new = [
            one for one in conversation.entries if foreign_id(conversation.ref, one.id) not in known
        ]
        senders = sorted({one.address for one in new if one.address is not None})
        if not senders:
            return set()
        before = await arrivals.of_senders(session, self.tenant, self.channel, senders)
        return {one.id for one in new} & {one.rpartition(SEPARATOR)[2] for one in before}

    async def _tried(self, ref: str) -> bool:
        """Take a conversation in; False where it alone is in the way, and is tried again later."""
        try:
            await self.take(ref)
        except ToolFault as fault:
            if isinstance(fault, Unreachable | RateLimited | Held):
                raise  # no other conversation fares better
            log.warning("helpdesk_unreadable", channel=self.channel, ref=ref, error=str(fault))
            if len(self._put_off) >= MOST_PUT_OFF:
                self._put_off.clear()
            pause = SHORT_PAUSE_SECONDS if fault.retryable else ONE_PAUSE_SECONDS
            self._put_off[ref] = self.clock() + pause
            return False
        self._put_off.pop(ref, None)
        return True

    async def _position(self) -> Json:
        """How far was read, and since when: from now on where nobody ever has."""
        async with self.database.reading() as session:
            stored = await self._stored(session)
        if stored:
            return stored
        cursor = await self.desk.begin()
        position = position_at(cursor, self.desk.clock)
        async with self.database.transaction() as session:
            await states.move_cursor(session, self.tenant, self.channel, POLL, position)
        return position

    async def _stored(self, session: AsyncSession) -> Json:
        return await states.cursor(session, self.tenant, self.channel, POLL)

    async def _told(self, trouble: str) -> None:
        """The same where the ledger may be away as well: it is told again at the next try."""
        try:
            await self._tell(trouble)
        except MemoryFault as error:
            self.outage.failed(str(error), part=IN, channel=self.channel)

    async def _tell(self, trouble: str | None) -> None:
        async with self.database.transaction() as session:
            await states.tell(session, self.tenant, self.channel, IN, trouble)


def position_at(cursor: Json, clock: datetime) -> Json:
    """What is written down to read from here on; what is older by the other side's clock stays there."""
    return {"cursor": cursor, "begun": (clock - CLOCKS).isoformat()}
