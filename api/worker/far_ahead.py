"""What waits for a moment that no clock of today gives: it was written by one that ran ahead.

A machine's clock may be hours ahead when a process starts, and be set right later; or one machine of
several is wrong. What was put off then, or claimed, would wait until that moment comes. Everything that is put
off has a longest pause, so whatever waits for longer than that is due.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlmodel import col

from api.channels import dispatch
from api.worker import webhooks as hooks
from graph.desk.channels import LONGEST_BURST
from memory.handoffs import log as handoff_log
from memory.handoffs import outbox
from memory.storage.database import Database
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
    now,
)
from memory.tickets.driving import FOLLOWS_SECONDS

log = structlog.get_logger()

AHEAD_SECONDS = 30.0
"""How often is looked."""
SLACK = timedelta(minutes=1)
"""So far clocks of several machines may differ: nothing is hurried for less."""


@dataclass(frozen=True)
class FarAhead:
    """Lets go on what waits for longer than anything is ever put off."""

    database: Database
    queue: Queue

    async def look(self) -> int:
        """How much that was."""
        moment = now()
        latest = moment + SLACK
        letters = latest + outbox.LONGEST_PAUSE
        mails = latest + timedelta(seconds=dispatch.LONGEST_PAUSE_SECONDS)
        events = latest + timedelta(seconds=hooks.LONGEST_PAUSE_SECONDS)
        claims = latest + handoff_log.BACK_FOR
        runs = SLACK.total_seconds() + LONGEST_BURST + FOLLOWS_SECONDS
        async with self.database.transaction() as session:
            found = [
                *await changed(
                    session,
                    Letter,
                    col(Letter.status) == OutboxStatus.WANTED,
                    col(Letter.not_before) > letters,
                    not_before=moment,
                ),
                *await changed(
                    session,
                    ChannelOutgoing,
                    col(ChannelOutgoing.status).in_(
                        (OutgoingStatus.WANTED, OutgoingStatus.INTENDED)
                    ),
                    col(ChannelOutgoing.not_before) > mails,
                    not_before=moment,
                ),
                *await changed(
                    session,
                    WebhookDelivery,
                    col(WebhookDelivery.status) == HookStatus.WANTED,
                    col(WebhookDelivery.not_before) > events,
                    not_before=moment,
                ),
                *await changed(
                    session,
                    Handoff,
                    col(Handoff.status) == HandoffStatus.CLAIMED,
                    col(Handoff.lease_expires_at) > claims,
                    lease_expires_at=moment,
                ),
            ]
            begun = await within(session, lambda do: self.queue.hurry_in(do, runs))
        if found or begun:
            log.warning("waited_for_a_clock_that_ran_ahead", rows=len(found), runs=begun)
        return len(found) + begun
