"""One run of one ticket: driven as far as its graph goes, then settled. All of it may run twice.

`drive` takes the graph as far as it goes, and `settle` writes what that means for the ticket. If a
process dies in between, whoever recovers the job finds the graph at rest, and settles.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

import structlog

from api.runtimes import DriveContexts, TenantRuntime
from api.telemetry import logs, spans
from api.worker.drive_watch import DriveWatch, UnderWay
from api.worker.run_ends import present_end
from api.worker.thresholds import with_threshold
from graph import run, settlement
from graph.checkpoint_shape import NewerState
from graph.run_result import RunResult
from graph.state import Failure
from graph.ticket_reader import LedgerReader, TurnInput, begin_in
from memory.autonomy import Autonomy
from memory.journal import journal
from memory.journal.codes import Reason, RunCause
from memory.journal.events import RunBegan
from memory.storage.checkpoints import Checkpoints
from memory.storage.database import Database
from memory.storage.errors import Fenced
from memory.storage.queue import Queue
from memory.storage.units import Row, Statements
from memory.tables import Ticket
from memory.tickets import driving
from memory.tickets.lifecycle import Begun, Held

log = structlog.get_logger()

SUPERSEDED = "superseded"


@dataclass(frozen=True)
class _Start:
    """What the unit that begins a run has read."""

    begun: Begun
    thread: Row | None
    """What its saver begins with."""
    given: TurnInput | None
    """The conversation, of a ticket whose graph has not begun."""
    autonomy: Autonomy
    """How far the agent may go by itself; looked up again before it sends anything."""


@dataclass(frozen=True)
class Rested:
    """Where a drive came to rest, and which of its ticket's drives it was."""

    result: RunResult
    epoch: int


class TicketDriver:
    """Takes tickets to rest, and settles them."""

    def __init__(
        self,
        database: Database,
        queue: Queue,
        runtimes: Mapping[str, TenantRuntime],
        contexts: DriveContexts,
        *,
        checkpoints: Checkpoints,
        watch: DriveWatch,
        encoder_revision: str,
        trace_share: float,
    ) -> None:
        self._database = database
        self._queue = queue
        self._runtimes = runtimes
        self._contexts = contexts
        self._checkpoints = checkpoints
        self._watch = watch
        self._encoder_revision = encoder_revision
        self._trace_share = trace_share

    async def run(self, ticket_id: str, number: int, stated: str | None = None) -> str:
        """Drive and settle: `waiting` or `finished`, or `superseded` by a newer run or drive.

        `stated` is the run's cause as its queue entry says it.
        """
        rested = await self._taken(ticket_id, number, stated, settles=True)
        return SUPERSEDED if rested is None else rested.result.state

    async def drive(self, ticket_id: str, number: int, stated: str | None = None) -> Rested | None:
        """Take the graph to rest; None if a newer run or drive has the ticket. The caller settles."""
        return await self._taken(ticket_id, number, stated, settles=False)

    async def _taken(
        self, ticket_id: str, number: int, stated: str | None, *, settles: bool
    ) -> Rested | None:
        async with self._watch.admitted(ticket_id):
            start = await self._begin(ticket_id, number, stated)
            if isinstance(start, Held):
                return None
            begun = start.begun
            ticket, cause = begun.ticket, begun.cause(stated)
            spans.queued(ticket, self._trace_share, begun.queued_since)
            async with self._watch.under_way(ticket) as here:
                with logs.about(ticket), spans.drive(ticket, self._trace_share, cause):
                    return await self._driven(start, cause, here if settles else None)

    async def _driven(self, start: _Start, cause: RunCause, here: UnderWay | None) -> Rested | None:
        """Settled with the drive that is under way `here`; left to the caller where there is none."""
        ticket = start.begun.ticket
        runtime = self._runtimes.get(ticket.tenant)
        if runtime is None:
            log.warning("desk_missing")  # the sweeper drives it as soon as there is one
            return None
        context = await with_threshold(
            self._contexts.of(ticket, cause), runtime, self._database, self._encoder_revision
        )
        context = replace(context, autonomy=start.autonomy)
        context.drive.mark = partial(self._watch.mark, ticket.id)
        notes = LedgerReader(
            self._database, ticket.id, ticket.tenant, ticket.turn, ticket.epoch, start.given
        )
        graph = runtime.graph
        try:
            async with self._checkpoints.saver(ticket.id, ticket.epoch, start.thread) as saver:
                if ticket.redrives > context.desk.limits.redrives:
                    failure = _exhausted(ticket)
                    rest = await run.give_up(graph, saver, context, notes, failure)
                else:
                    rest = await run.drive(graph, saver, context, notes)
                rested = Rested(rest, ticket.epoch)
                if rest.state == "finished":
                    saver.end()
                    if here is not None:  # its commit takes along what the last steps have left
                        await self.settle(ticket.id, rested, here=here)
            if rest.state == "waiting" and here is not None:
                # Behind the checkpoint that says what it waits for.
                await self.settle(ticket.id, rested, here=here)
        except Fenced:
            return None
        except NewerState:
            log.warning("left_to_a_newer_version")  # the sweeper drives it again, or hands it off
            return None
        return rested

    async def _begin(self, ticket_id: str, number: int, stated: str | None) -> _Start | Held:
        def begin(do: Statements) -> _Start | Held:
            begun = driving.begin_in(do, ticket_id, run=number)
            if isinstance(begun, Held):
                return begun
            one, began = begun.ticket, RunBegan(cause=begun.cause(stated))
            journal.append_in(
                do, one.id, one.tenant, turn=one.turn, epoch=one.epoch, events=[began]
            )
            self._watch.begin(do, one)
            thread = self._checkpoints.open_in(do, one.id, one.epoch)
            is_new = thread is not None and thread[0] is None
            given = begin_in(do, one) if is_new else None
            return _Start(begun, thread, given, self._contexts.autonomy_in(do, one))

        return await self._database.units.write(begin)

    async def settle(self, ticket_id: str, rested: Rested, here: UnderWay | None = None) -> None:
        """Write where the ticket stands now; nothing if a newer drive does.

        The end of the drive that is under way `here` is written with it, and that of the job.
        """
        end = present_end()

        def also(do: Statements, ticket: Ticket) -> None:
            self._watch.rested(do, ticket)
            if end is not None:
                end.write(do)

        try:
            came_to_rest = await settlement.settle(
                self._database, self._queue, ticket_id, rested.epoch, rested.result, also=also
            )
        except Fenced:
            return  # a newer drive settles it
        if here is not None:
            here.ended = came_to_rest
        if end is not None:
            end.tell()


def _exhausted(ticket: Ticket) -> Failure:
    return {
        "node": "run",
        "kind": Reason.RUN_FAILED.value,
        "message": f"It was started again {ticket.redrives - 1} times without coming to an end.",
    }
