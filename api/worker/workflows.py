"""The engine's workflows, a run of a ticket and upkeep, and its queues. Everything here may run twice."""

from __future__ import annotations

from typing import Any

from dbos import DBOS

from api.worker.knowledge import KnowledgeChores
from api.worker.outbox import OutboxWorker
from api.worker.run_taking import RECOVERIES
from api.worker.runs_under_way import Run
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

CHORES_AT_ONCE = 1
"""Upkeep jobs of one worker."""
CHORES_PACE = 3
"""A worker looks this many times less often for upkeep: letters and articles, where no one sees a third of a second."""
Stored = dict[str, Any]
"""What the engine keeps of a job's end."""


def register(run: Run, outbox_worker: OutboxWorker, knowledge: KnowledgeChores) -> None:
    """Make the workflows known. Must come before `DBOS.launch`.

    `_later`: what a newer version's entries say besides. A new kind of job needs a new queue: what an
    older worker takes from its own and does not know stays with it until it ends.
    """
    _register_runs(run)
    _register_outbox(outbox_worker)
    _register_knowledge(knowledge)


def _register_runs(run: Run) -> None:
    # Without steps of the engine: a run that is done again finds in the ledger how far it came.
    @DBOS.workflow(name=RUN_TICKET, max_recovery_attempts=RECOVERIES)
    async def run_ticket(
        ticket_id: str, number: int, cause: str | None = None, *_later: object
    ) -> str:
        # Entries that an earlier release has queued come without a cause.
        return await run(ticket_id, number, cause)


def _register_knowledge(knowledge: KnowledgeChores) -> None:
    @DBOS.workflow(name=INDEX_ARTICLES)
    async def index_articles(tenant: str, *_later: object) -> Stored:
        return await knowledge.index(tenant)

    @DBOS.workflow(name=SEARCH_ARTICLES)
    async def search_articles(tenant: str, query: str, *_later: object) -> list[Stored]:
        return await knowledge.search(tenant, query)

    @DBOS.workflow(name=SURVEY_ARTICLES)
    async def survey_articles(tenant: str, *_later: object) -> Stored:
        return await knowledge.survey(tenant)


def _register_outbox(outbox_worker: OutboxWorker) -> None:
    @DBOS.step(name="errand")
    async def send(letter_id: str) -> str:
        return await outbox_worker.send(letter_id)

    @DBOS.workflow(name=SEND_LETTER, max_recovery_attempts=RECOVERIES)
    async def send_letter(letter_id: str, *_later: object) -> str:
        return await send(letter_id)

    @DBOS.workflow(name=TELL_STORY, max_recovery_attempts=RECOVERIES)
    async def tell_story(handoff_id: str, *_later: object) -> bool:
        return await outbox_worker.tell_story(handoff_id)


async def register_queues(
    at_once: int, tenant_at_once: int, polling_seconds: float, tenant_per_minute: int | None
) -> None:
    """Tell the engine how much may run at once. Needs a launched engine.

    A tenant's share is counted in each worker: so it grows with the workers, and what a dead
    one still holds takes no place from the living.
    """
    await DBOS.register_queue_async(
        TICKETS,
        worker_concurrency=at_once,
        partition_worker_concurrency=min(tenant_at_once, at_once),
        partition_limiter=(
            None if tenant_per_minute is None else {"limit": tenant_per_minute, "period": 60.0}
        ),
        polling_interval_sec=polling_seconds,
        on_conflict="always_update",
    )
    await DBOS.register_queue_async(
        CHORES,
        worker_concurrency=CHORES_AT_ONCE,
        polling_interval_sec=CHORES_PACE * polling_seconds,
        on_conflict="always_update",
    )
