"""A ticket that ended its worker twice goes to a person, by a way that runs no step of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from api.runtimes import TenantRuntime
from api.worker import last_words
from api.worker.forced_handoff import open_forced
from graph.reasons import death_words
from memory.journal import journal
from memory.journal.codes import Cause, Reason
from memory.journal.events import Waiting, WorkerDied
from memory.storage.database import Database
from memory.tickets import lifecycle
from memory.tickets.lifecycle import Held
from memory.workers import drives
from memory.workers.drives import Death

log = structlog.get_logger()


class Quarantine:
    """Holds the deaths of workers against the tickets that were under way."""

    def __init__(
        self, database: Database, runtimes: Mapping[str, TenantRuntime], folder: Path
    ) -> None:
        """`folder` is where workers on this machine leave their last words."""
        self._database = database
        self._runtimes = runtimes
        self._folder = folder

    async def died(self, worker: str) -> list[Death]:
        """Write a worker's death down; once, however often it is told.

        Must come before the worker's jobs are taken over, so that none of them begins again. Its beat
        stays and grows old as that of one that drove nothing, so that readiness shows either death.
        """
        cause = last_words.cause_of(self._folder, worker)
        steps = last_words.steps_of(self._folder, worker)
        async with self._database.transaction() as session:
            found = await drives.died(session, worker, cause, steps)
            for death in found:
                await self._held_against(session, death)
        words = last_words.words_of(self._folder, worker)
        log.warning("worker_died", worker=worker, cause=cause.value, words=words or None)
        last_words.clear_away(self._folder, worker)
        return found

    async def _held_against(self, session: AsyncSession, death: Death) -> None:
        died = WorkerDied(
            outcome=death.cause,
            node=death.node,
            crashes=death.record.crashes,
            kills=death.record.kills,
        )
        await journal.append(session, death.ticket, died)
        if death.record.guilty:
            await self._to_person(session, death)

    async def _to_person(self, session: AsyncSession, death: Death) -> None:
        seen, reason = death.ticket, Reason.STOPPED_PROGRAM
        happened = await lifecycle.give_up(session, seen, reason=reason)
        if isinstance(happened, Held):
            return  # it has come to rest meanwhile
        ticket = happened.ticket
        await open_forced(
            session, self._runtimes.get(ticket.tenant), ticket, reason, _detail(death)
        )
        waits = Waiting(cause=Cause.REDRIVE, outcome=reason)
        await journal.append(session, ticket, waits)
        log.error("ticket_quarantined", ticket=ticket.id, node=death.node, cause=death.cause.value)


def _detail(death: Death) -> str:
    how = death_words(death.cause)
    where = "" if death.node is None else f", in the step {death.node}"
    return f"It happened {death.record.kills} times; the last time {how}{where}."
