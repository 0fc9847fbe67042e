"""The engine's workflows: one run of one ticket, and upkeep. Everything here may run twice.

`drive` takes the graph as far as it goes and is one step; `settle` writes what that means for
the ticket and is a second one. A process that dies in between leaves the engine's record of the
first, so the second alone is done by whoever recovers the job.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from dbos import DBOS
from sqlmodel import select

from api.telemetry import logs, spans
from api.wiring import Wiring
from api.worker.outbox import OutboxWorker
from api.worker.thresholds import with_threshold
from graph import run, settlement
from graph.policies import Reason
from graph.run import RunResult
from graph.settlement import LedgerReader
from graph.state import Failure
from memory.journal import journal
from memory.journal.journal import Entry
from memory.knowledge.content_audit import survey
from memory.knowledge.ingest import index_pending
from memory.storage import checkpoints
from memory.storage.database import Fenced
from memory.storage.queue import (
    CHORES,
    INDEX_ARTICLES,
    RUN_TICKET,
    SEARCH_ARTICLES,
    SEND_LETTER,
    SURVEY_ARTICLES,
    TELL_STORY,
    TICKETS,
)
from memory.tables import Handoff, HandoffStatus, Message, Ticket, TicketStatus, now
from memory.tickets import tickets

CHORES_AT_ONCE = 1
"""Upkeep jobs of one worker."""
RECOVERIES = 10
"""Deaths of a worker that one job may survive before the sweeper takes the ticket."""
SEARCH_LIMIT = 10
"""Passages that a search from outside the worker gets."""

Stored = dict[str, Any]


def register(engine: Engine) -> None:
    """Make the workflows known. Must come before `DBOS.launch`."""
    _register_errands(engine)

    @DBOS.step(name="drive")
    async def drive(ticket_id: str, number: int) -> Stored | None:
        return await engine.drive(ticket_id, number)

    @DBOS.step(name="settle")
    async def settle(ticket_id: str, rest: Stored) -> None:
        await engine.settle(ticket_id, rest)

    @DBOS.workflow(name=RUN_TICKET, max_recovery_attempts=RECOVERIES)
    async def run_ticket(ticket_id: str, number: int) -> str:
        rest = await drive(ticket_id, number)
        if rest is None:
            return "superseded"
        await settle(ticket_id, rest)
        return str(rest["state"])

    @DBOS.workflow(name=INDEX_ARTICLES)
    async def index_articles(tenant: str) -> Stored:
        return await engine.index_articles(tenant)

    @DBOS.workflow(name=SEARCH_ARTICLES)
    async def search_articles(tenant: str, query: str) -> list[Stored]:
        return await engine.search_articles(tenant, query)

    @DBOS.workflow(name=SURVEY_ARTICLES)
    async def survey_articles(tenant: str) -> Stored:
        return await engine.survey_articles(tenant)


def _register_errands(engine: Engine) -> None:
    @DBOS.step(name="errand")
    async def send(letter_id: str) -> str:
        return await engine.outbox_worker.send(letter_id)

    @DBOS.workflow(name=SEND_LETTER, max_recovery_attempts=RECOVERIES)
    async def send_letter(letter_id: str) -> str:
        return await send(letter_id)

    @DBOS.workflow(name=TELL_STORY, max_recovery_attempts=RECOVERIES)
    async def tell_story(handoff_id: str) -> bool:
        return await engine.outbox_worker.tell_story(handoff_id)


class Engine:
    """What the workflows do, over one wiring."""

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring
        self.outbox_worker = OutboxWorker(wiring)

    async def register_queues(self) -> None:
        """Tell the engine how much may run at once. Needs a launched engine."""
        settings = self._wiring.settings
        await DBOS.register_queue_async(
            TICKETS,
            worker_concurrency=settings.worker_concurrency,
            partition_concurrency=min(settings.tenant_concurrency, settings.worker_concurrency),
            polling_interval_sec=settings.polling_seconds,
            on_conflict="always_update",
        )
        await DBOS.register_queue_async(
            CHORES,
            worker_concurrency=CHORES_AT_ONCE,
            polling_interval_sec=settings.polling_seconds,
            on_conflict="always_update",
        )

    async def drive(self, ticket_id: str, number: int) -> Stored | None:
        """Take the graph to rest; None where a newer run or drive has the ticket."""
        begun = await self._begin(ticket_id, number)
        if begun is None:
            return None
        ticket, cause, since = begun
        share = self._wiring.settings.trace_share
        spans.queued(ticket, share, since)
        with logs.about(ticket), spans.drive(ticket, share, cause):
            return await self._driven(ticket, cause)

    async def _driven(self, ticket: Ticket, cause: str) -> Stored | None:
        wiring = self._wiring
        context = await with_threshold(wiring, wiring.context(ticket, cause))
        notes = self._book(ticket)
        graph = wiring.runtimes[ticket.tenant].graph
        path = wiring.settings.checkpoints_path
        try:
            async with checkpoints.open_saver(path, ticket.id, ticket.epoch) as saver:
                if ticket.redrives > context.desk.limits.redrives:
                    failure = _exhausted(ticket)
                    rest = await run.give_up(graph, saver, context, notes, failure)
                else:
                    rest = await run.drive(graph, saver, context, notes)
        except Fenced:
            return None
        return {**asdict(rest), "epoch": ticket.epoch}

    async def _begin(
        self, ticket_id: str, number: int
    ) -> tuple[Ticket, str, datetime | None] | None:
        """Take the ticket under a new epoch; None where this run has nothing left to do.

        The ticket, why it is driven, and since when it was queued if it was.
        """
        async with self._wiring.database.transaction() as session:
            ticket = await tickets.get(session, None, ticket_id)
            if ticket.run != number or ticket.status in (
                TicketStatus.WAITING,
                TicketStatus.SETTLED,
            ):
                return None
            cause = await _cause(session, ticket)
            since = ticket.updated_at if ticket.status == TicketStatus.QUEUED else None
            ticket.status, ticket.epoch = TicketStatus.RUNNING, ticket.epoch + 1
            ticket.updated_at = now()
            session.add(ticket)
            await journal.append(session, ticket, Entry("run", "drive", cause, "started"))
            return ticket, cause, since

    async def settle(self, ticket_id: str, stored: Stored) -> None:
        """Write where the ticket stands now; nothing where a newer drive does."""
        wiring, epoch = self._wiring, stored["epoch"]
        rest = RunResult(**{name: value for name, value in stored.items() if name != "epoch"})
        try:
            await settlement.settle(wiring.database, wiring.queue, ticket_id, epoch, rest)
        except Fenced:
            return  # a newer drive settles it
        await checkpoints.prune(wiring.settings.checkpoints_path, ticket_id)

    async def index_articles(self, tenant: str) -> Stored:
        """Make staged articles searchable."""
        wiring = self._wiring
        report = await index_pending(wiring.database, wiring.index, wiring.encoder, tenant)
        return asdict(report)

    async def search_articles(self, tenant: str, query: str) -> list[Stored]:
        """Search for a process that may not open the index itself."""
        return [
            asdict(hit) for hit in await self._wiring.search.search(tenant, query, SEARCH_LIMIT)
        ]

    async def survey_articles(self, tenant: str) -> Stored:
        """Look for gaps and contradictions; ids and figures only."""
        wiring = self._wiring
        return asdict(await survey(wiring.database, wiring.index, wiring.encoder, tenant))

    def _book(self, ticket: Ticket) -> LedgerReader:
        return LedgerReader(
            self._wiring.database, ticket.id, ticket.tenant, ticket.turn, ticket.epoch
        )


async def _cause(session: Any, ticket: Ticket) -> str:
    """Why the ticket is driven, from what its rows say."""
    if ticket.status == TicketStatus.RUNNING or ticket.redrives:
        return "recovered"
    decided = select(Handoff.id).where(
        Handoff.ticket_id == ticket.id,
        Handoff.turn == ticket.turn,
        Handoff.status == HandoffStatus.DECIDED,
    )
    if (await session.exec(decided)).first() is not None:
        return "decision"
    messages = select(Message.id).where(Message.ticket_id == ticket.id, Message.role != "customer")
    first = ticket.turn == 1 and (await session.exec(messages)).first() is None
    return "accepted" if first else "message"


def _exhausted(ticket: Ticket) -> Failure:
    return {
        "node": "run",
        "kind": Reason.RUN_FAILED,
        "message": f"It was started again {ticket.redrives - 1} times without coming to an end.",
    }
