"""What waits for a moment that no clock of today gives: it was written by one that ran ahead.

A machine's clock may be hours ahead when a process starts, and be set right later; or one machine of
several is wrong. What was put off then, or claimed, would wait until that moment comes. Everything that is put
off has a longest pause, so whatever waits for longer than that is due.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import ColumnElement
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from api.channels import dispatch
from api.worker import webhooks as hooks
from graph.desk.channels import LONGEST_BURST
from memory.handoffs import log as handoff_log
from memory.handoffs import outbox
from memory.handoffs.changing import LONGEST_LEASE
from memory.storage.database import Database
from memory.storage.database_clock import present_in
from memory.storage.engines import changed
from memory.storage.queue import Queue
from memory.storage.units_session import within
from memory.tables import (
    ChannelOutgoing,
    Handoff,
    HandoffStatus,
    HookStatus,
    Letter,
    OutboxStatus,
    OutgoingStatus,
    WebhookDelivery,
)
from memory.tickets.driving import FOLLOWS_SECONDS

log = structlog.get_logger()

AHEAD_SECONDS = 30.0
"""How often is looked."""
SLACK = timedelta(minutes=1)
"""So far clocks of several machines may differ: nothing is hurried for less."""
MOST_AT_ONCE = 500
"""Rows of each kind that one look lets go, so that it holds the write lock for a moment only."""


@dataclass(frozen=True)
class FarAhead:
    """Lets go on what waits for longer than anything is ever put off.

    By the database's clock: that of this process may be hours behind.
    """

    database: Database
    queue: Queue

    async def look(self) -> int:
        """How much that was. As a rule there is nothing: then nobody waits for the lock of writers."""
        if not await self._any():
            return 0
        async with self.database.transaction() as session:
            moment = await within(session, present_in)
            found = 0
            for one in KINDS:
                found += await one.let_go(session, moment)
            begun = await within(session, lambda do: self.queue.hurry_in(do, _latest(moment)))
        if found or begun:
            log.warning("waited_for_a_clock_that_ran_ahead", rows=found, runs=begun)
        return found + begun

    async def _any(self) -> bool:
        async with self.database.reading() as session:
            moment = await within(session, present_in)
            for one in KINDS:
                if (await session.exec(one.far(moment).limit(1))).first() is not None:
                    return True
            return await within(session, lambda do: self.queue.waits_in(do, _latest(moment)))


def _latest(moment: datetime) -> datetime:
    """Until when a run may wait."""
    return moment + SLACK + timedelta(seconds=LONGEST_BURST + FOLLOWS_SECONDS)


@dataclass(frozen=True)
class _Kind:
    """Rows that wait."""

    key: Any
    """Of the table that they are in, its column."""
    until: Any
    """The column with the moment for which they wait."""
    waits: ColumnElement[bool]
    longest: timedelta
    """For which anything of the kind is ever put off."""

    def far(self, moment: datetime) -> Any:
        """Finds those that wait for longer."""
        return select(self.key).where(self.waits, self.until > moment + SLACK + self.longest)

    async def let_go(self, session: AsyncSession, moment: datetime) -> int:
        """Have it wait for this moment and no other; how many there were."""
        some = self.key.in_(self.far(moment).limit(MOST_AT_ONCE))
        done = await changed(session, self.key.class_, some, **{self.until.key: moment})
        return len(done)


KINDS = (
    _Kind(
        col(Letter.id),
        col(Letter.not_before),
        col(Letter.status) == OutboxStatus.WANTED,
        outbox.LONGEST_PAUSE,
    ),
    _Kind(
        col(ChannelOutgoing.id),
        col(ChannelOutgoing.not_before),
        col(ChannelOutgoing.status).in_((OutgoingStatus.WANTED, OutgoingStatus.INTENDED)),
        timedelta(seconds=dispatch.LONGEST_PAUSE_SECONDS),
    ),
    _Kind(
        col(WebhookDelivery.id),
        col(WebhookDelivery.not_before),
        col(WebhookDelivery.status) == HookStatus.WANTED,
        timedelta(seconds=hooks.LONGEST_PAUSE_SECONDS),
    ),
    _Kind(
        col(Handoff.id),
        col(Handoff.lease_expires_at),
        col(Handoff.status) == HandoffStatus.CLAIMED,
        max(LONGEST_LEASE, handoff_log.BACK_FOR),
    ),
)
