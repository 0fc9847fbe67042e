"""The last net: accepted tickets that have no live run are driven again, then handed off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import structlog
from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from api.runtimes import TenantRuntime
from api.worker.forced_handoff import open_forced
from memory import live_drafts
from memory.budgets import expiry
from memory.journal import journal
from memory.journal.codes import Cause, Reason
from memory.journal.events import BudgetCharged, RunLost, Waiting
from memory.storage.database import Database
from memory.storage.queue import LIVE, Queue, workflow_id
from memory.storage.units_session import within
from memory.tables import (
    BudgetReservation,
    Ticket,
    TicketStatus,
    now,
)
from memory.tickets import driving, lifecycle
from memory.tickets.lifecycle import Held
from memory.tickets.transitions import Transition

log = structlog.get_logger()

QUIET = timedelta(seconds=5)
"""A ticket that changed later than this is not looked at."""
WITHOUT_DESK = timedelta(minutes=15)
"""How long a ticket waits for its tenant's desk, whose file may be broken; then a person has it."""
BATCH = 200
"""Tickets looked at in one sweep."""
LAST_RESORT = 2
"""Redrives beyond the limit: the first still tries the graph's own way to a person."""
PRUNE_EVERY = timedelta(hours=1)
"""How often a worker forgets old reservations and accounts."""
RESERVATIONS_KEPT = timedelta(days=7)
"""After they were settled."""
ACCOUNTS_KEPT = timedelta(days=400)
"""After they were opened: longer than a ticket waits, and a year of days to look back on."""


class Sweeper:
    """Finds tickets that the engine has lost, whatever the cause."""

    def __init__(
        self,
        database: Database,
        queue: Queue,
        runtimes: Mapping[str, TenantRuntime],
        quiet: timedelta,
    ) -> None:
        self._database = database
        self._queue = queue
        self._runtimes = runtimes
        self._quiet = quiet
        self._pruned: datetime | None = None

    async def sweep(self) -> int:
        """Look once; how many tickets were driven again or handed off."""
        moment = now()
        if self._is_pruned(moment) and not await self._database.units.read(
            lambda do: (
                driving.any_quiet_in(do, moment - self._quiet) or expiry.any_expired_in(do, moment)
            )
        ):
            return 0  # as most looks
        async with self._database.reading() as session:
            busy = (TicketStatus.QUEUED, TicketStatus.RUNNING)
            query = select(Ticket).where(
                col(Ticket.status).in_(busy),
                col(Ticket.updated_at) < moment - self._quiet,
                or_(
                    col(Ticket.tenant).in_(list(self._runtimes)),
                    col(Ticket.updated_at) < moment - WITHOUT_DESK,
                ),
            )
            oldest = query.order_by(col(Ticket.updated_at)).limit(BATCH)
            found = list((await session.exec(oldest)).all())
        alive = await self._alive(found)
        lost = [ticket for ticket in found if workflow_id(ticket.id, ticket.run) not in alive]
        for ticket in lost:
            await self._again(ticket)
        await self.account(moment)
        return len(lost)

    def _is_pruned(self, moment: datetime) -> bool:
        return self._pruned is not None and moment - self._pruned <= PRUNE_EVERY

    async def account(self, moment: datetime) -> int:
        """Charge what vanished runs hold, and forget what is old; how many were charged.

        Each has a row in its ticket's journal: the call itself may have left none.
        """
        async with self._database.transaction() as session:
            gone = await expiry.expire(session, moment)
            for one in gone:
                await _charged(session, one)
            if not self._is_pruned(moment):
                await within(session, live_drafts.forget_in)
                kept = moment - RESERVATIONS_KEPT, moment - ACCOUNTS_KEPT
                await expiry.prune(session, *kept)
                self._pruned = moment
        return len(gone)

    async def _alive(self, found: Sequence[Ticket]) -> frozenset[str]:
        if not found:
            return frozenset()
        statuses = await self._queue.client.list_workflows_async(
            workflow_ids=[workflow_id(ticket.id, ticket.run) for ticket in found],
            load_input=False,
            load_output=False,
        )
        return frozenset(one.workflow_id for one in statuses if one.status in LIVE)

    async def _again(self, seen: Ticket) -> None:
        async with self._database.transaction() as session:
            runtime = self._runtimes.get(seen.tenant)
            allowed = 0 if runtime is None else runtime.desk.limits.redrives
            if runtime is None or seen.redrives + 1 >= allowed + LAST_RESORT:
                happened = await lifecycle.give_up(session, seen, reason=Reason.RUN_FAILED)
                told: Waiting | RunLost = Waiting(cause=Cause.REDRIVE, outcome=Reason.RUN_FAILED)
            else:
                happened = await lifecycle.redrive(session, self._queue, seen)
                told = RunLost()
            if isinstance(happened, Held):
                return  # somebody was faster
            if happened.transition is Transition.GIVE_UP:
                words = _lost(runtime, happened.ticket)
                await open_forced(session, runtime, happened.ticket, Reason.RUN_FAILED, words)
                given = happened.ticket
                await within(session, lambda do: driving.let_next_in(do, self._queue, given))
            await journal.append(session, happened.ticket, told)
        log.warning("ticket_redriven", ticket=seen.id, redrives=seen.redrives + 1)


def _lost(runtime: TenantRuntime | None, ticket: Ticket) -> str:
    if runtime is None:
        return (
            f"The desk of {ticket.tenant} could not be read for {WITHOUT_DESK // timedelta(minutes=1)}"
            " minutes, so nothing was tried: its file is broken, or is not there any more."
        )
    return f"It was started again {ticket.redrives - 1} times without coming to an end."


async def _charged(session: AsyncSession, one: BudgetReservation) -> None:
    ticket = await session.get(Ticket, one.ticket_id)
    if ticket is None:
        return  # erased meanwhile; the account is charged all the same
    charged = BudgetCharged(
        cost_micros=one.money_micros,
        tool_calls=one.tool_calls,
        model_calls=one.model_calls,
        tokens=one.tokens,
    )
    await journal.append_at(
        session, ticket.id, ticket.tenant, turn=one.turn, epoch=ticket.epoch, events=[charged]
    )
