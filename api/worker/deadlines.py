"""The clock of the queue: leases end, sleepers wake, targets pass, letters are tried again.

Any number of workers may do this at once: each change is conditional, so one of them makes it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from api.runtimes import TenantRuntime
from api.worker.forced_handoff import speaks
from graph.targets import due_at, resolve_by
from graph.urgency import name_of
from memory import handoffs
from memory.faults import MemoryFault
from memory.handoffs import log as handoff_log
from memory.handoffs import outbox, upkeep
from memory.journal.codes import Reason
from memory.storage.database import Database
from memory.storage.errors import StorageUnavailable
from memory.storage.queue import LIVE, Queue, letter_workflow
from memory.tables import Handoff, Letter, now
from memory.tickets import tickets

log = structlog.get_logger()

BATCH = 200
"""Handoffs of each kind that one pass looks at."""
FORGET_EVERY = timedelta(hours=1)
"""How often a worker forgets old events, once none are left."""
FORGOTTEN_AT_ONCE = 1_000
"""Events that one pass removes, so that it holds the write lock for a moment only."""


class Deadlines:
    """Does to the handoffs of all tenants what time does."""

    def __init__(
        self, database: Database, queue: Queue, runtimes: Mapping[str, TenantRuntime]
    ) -> None:
        self._database = database
        self._queue = queue
        self._runtimes = runtimes
        self._forgot: datetime | None = None

    async def tick(self) -> int:
        """One pass; how many handoffs and letters changed."""
        async with self._database.reading() as session:
            due = await upkeep.anything(session, self._runtimes)
        changed = await self._handoffs() if due else 0
        changed += await self._due_letters()
        await self._forget(now())
        return changed

    async def _handoffs(self) -> int:
        changed = 0
        for find, act in (
            (upkeep.run_out, self._lapse),
            (upkeep.to_wake, self._wake),
            (partial(upkeep.without_target, tenants=self._runtimes), self._target),
            (upkeep.late, self._escalate),
        ):
            changed += await self._each(find, act)
        return changed

    async def _each(
        self,
        find: Callable[[AsyncSession, int], Awaitable[Sequence[Handoff]]],
        act: Callable[[AsyncSession, Handoff], Awaitable[None]],
    ) -> int:
        async with self._database.reading() as session:
            found = await find(session, BATCH)
        changed = 0
        for handoff in found:
            try:
                async with self._database.transaction() as session:
                    await act(session, handoff)
            except StorageUnavailable:
                raise
            except MemoryFault:
                continue  # somebody acted between the look and the change
            changed += 1
        return changed

    async def _lapse(self, session: AsyncSession, handoff: Handoff) -> None:
        await handoffs.lapse(session, handoff.tenant, handoff.id)

    async def _wake(self, session: AsyncSession, handoff: Handoff) -> None:
        await handoffs.wake(
            session,
            handoff.tenant,
            handoff.id,
            handoff_log.CLOCK,
            version=handoff.version,
            lead=True,
        )

    async def _target(self, session: AsyncSession, handoff: Handoff) -> None:
        runtime = self._runtimes.get(handoff.tenant)
        if runtime is None:
            return
        hours, priority = runtime.desk.hours, name_of(handoff.priority)
        # From the last change on: for an answered question that is the customer's answer.
        begins = handoff.updated_at
        await upkeep.set_targets(
            session,
            handoff,
            due_at(hours, begins, priority),
            resolve_by(hours, handoff.created_at, priority),
        )

    async def _escalate(self, session: AsyncSession, handoff: Handoff) -> None:
        runtime = self._runtimes.get(handoff.tenant)
        policy = None if runtime is None else runtime.desk.handoff
        team = None if policy is None else policy.team(handoff.team)
        waits = handoff.responded_at is None
        escalated = await upkeep.escalate(
            session, handoff, lead=None if team is None else team.lead
        )
        log.warning("handoff_late", handoff=handoff.id, ticket=handoff.ticket_id)
        if policy is None or not waits or handoff.reason in {Reason.AUTOMATIC_MAIL, Reason.SPAM}:
            return  # a robot would answer back; who has heard from a person knows more already
        ticket = await tickets.get(session, handoff.tenant, handoff.ticket_id)
        if not await speaks(session, self._runtimes[handoff.tenant], ticket, handoff.intent):
            return
        told = await outbox.of_turn(session, handoff.ticket_id, handoff.turn)
        if any(one.purpose == outbox.LATE for one in told):
            return  # once for each turn is enough
        await outbox.want(
            session,
            self._queue,
            escalated,
            kind="notice",
            purpose=outbox.LATE,
            text=policy.late_message,
        )

    async def _forget(self, moment: datetime) -> None:
        if self._forgot is not None and moment - self._forgot < FORGET_EVERY:
            return
        async with self._database.reading() as session:
            found = await handoff_log.old(session, FORGOTTEN_AT_ONCE)
        if found:
            async with self._database.transaction() as session:
                await handoff_log.forget(session, found)
        if len(found) < FORGOTTEN_AT_ONCE:
            self._forgot = moment  # else the next pass goes on

    async def _due_letters(self) -> int:
        if not await self._database.units.look(outbox.any_due_in):
            return 0
        async with self._database.reading() as session:
            found = await outbox.due(session, BATCH)
        alive = await self._alive(found)
        lost = [one for one in found if letter_workflow(one.id, one.attempts) not in alive]
        for letter in lost:
            async with self._database.transaction() as session:
                await outbox.again(session, self._queue, letter)
            log.warning("letter_sent_again", letter=letter.id, ticket=letter.ticket_id)
        return len(lost)

    async def _alive(self, found: Sequence[Letter]) -> frozenset[str]:
        if not found:
            return frozenset()
        statuses = await self._queue.client.list_workflows_async(
            workflow_ids=[letter_workflow(one.id, one.attempts) for one in found],
            load_input=False,
            load_output=False,
        )
        return frozenset(one.workflow_id for one in statuses if one.status in LIVE)
