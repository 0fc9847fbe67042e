"""The door to the engine: jobs are enqueued in the caller's own transaction, or not at all."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Callable
from copy import copy
from typing import Any

from dbos import DBOSClient, EnqueueOptions
from sqlalchemy.engine import Connection
from sqlmodel.ext.asyncio.session import AsyncSession

TICKETS = "tickets"
"""The queue of graph runs, partitioned by tenant: see `lane`."""
CHORES = "chores"
"""The queue of indexing and other upkeep."""
RUN_TICKET = "run_ticket"
"""Workflow that drives one run of one ticket: arguments ticket_id, run, cause."""
INDEX_ARTICLES = "index_articles"
"""Workflow that makes staged articles of a tenant searchable: argument tenant."""
SEARCH_ARTICLES = "search_articles"
"""Workflow that answers a search for a process that may not open the index itself."""
SURVEY_ARTICLES = "survey_articles"
"""Workflow that looks for gaps and contradictions in a tenant's articles: argument tenant."""
SEND_LETTER = "send_letter"
"""Workflow that sends a letter to a customer: argument letter_id."""
TELL_STORY = "tell_story"
"""Workflow that adds to a taken-over ticket's handoff what its run had found: handoff_id."""
APPLICATION = "deskhand"
APPLICATION_VERSION = "1"
"""Pinned: an engine that derives it from the source strands pending jobs on each upgrade."""

BULK = 10
"""Priority of a ticket that nobody waits for; the others have none, which comes first."""

ASK_POLL_SECONDS = 0.1
"""How often an answer that somebody waits for is looked for."""


class Queue:
    """Enqueues by the engine's client, which never executes or recovers anything itself."""

    def __init__(self, url: str, weight_of: Callable[[str], int] = lambda _tenant: 1) -> None:
        """`url` is the ledger's: the engine's tables stand beside ours. `weight_of` a tenant."""
        self._weight_of = weight_of
        self._client = DBOSClient(system_database_url=url, application_name=APPLICATION, lazy=True)
        self._delay = 0.0

    def after(self, seconds: float) -> Queue:
        """The same queue, whose runs begin so much later: what comes meanwhile is answered with them."""
        later = copy(self)
        later._delay = seconds  # noqa: SLF001 - its own copy
        return later

    @property
    def client(self) -> DBOSClient:
        """The engine's client, for reading workflows."""
        return self._client

    async def run_ticket(
        self,
        session: AsyncSession,
        ticket_id: str,
        run: int,
        tenant: str,
        cause: str,
        *,
        bulk: bool = False,
    ) -> None:
        """Enqueue run number `run` of a ticket. The workflow id makes a second one the same.

        `bulk`: nobody waits for it, so it goes after everything else of its tenant.
        """
        options: EnqueueOptions = {
            "workflow_name": RUN_TICKET,
            "queue_name": TICKETS,
            "workflow_id": workflow_id(ticket_id, run),
            "queue_partition_key": lane(tenant, self._weight_of(tenant), ticket_id),
            "app_version": APPLICATION_VERSION,
        }
        if bulk:
            options["priority"] = BULK
        if self._delay > 0:
            options["delay_seconds"] = self._delay
        await self._enqueue(session, options, ticket_id, run, cause)

    async def send_letter(
        self, session: AsyncSession, letter_id: str, attempt: int, tenant: str
    ) -> None:
        """Enqueue the sending of a letter, in the tenant's share of the workers."""
        name = letter_workflow(letter_id, attempt)
        await self._enqueue(session, _beside(SEND_LETTER, name, tenant), letter_id)

    async def tell_story(self, session: AsyncSession, handoff_id: str, tenant: str) -> None:
        """Enqueue the telling of what a run had found when a person took its ticket over."""
        await self._enqueue(session, _beside(TELL_STORY, f"story:{handoff_id}", tenant), handoff_id)

    async def chore(
        self, session: AsyncSession, name: str, workflow: str, *arguments: str | int
    ) -> None:
        """Enqueue upkeep under the workflow id `name`."""
        options: EnqueueOptions = {
            "workflow_name": workflow,
            "queue_name": CHORES,
            "workflow_id": name,
            "app_version": APPLICATION_VERSION,
        }
        await self._enqueue(session, options, *arguments)

    async def ask(self, workflow: str, *arguments: str, seconds: float) -> Any:
        """What a worker's workflow gives back. Raises `TimeoutError`, and takes the question back."""
        options: EnqueueOptions = {
            "workflow_name": workflow,
            "queue_name": CHORES,
            "app_version": APPLICATION_VERSION,
        }
        handle: Any = await self._client.enqueue_async(options, *arguments)
        try:
            async with asyncio.timeout(seconds):
                return await handle.get_result(polling_interval_sec=ASK_POLL_SECONDS)
        except TimeoutError:
            await self._client.cancel_workflow_async(handle.workflow_id)
            raise

    async def _enqueue(
        self, session: AsyncSession, options: EnqueueOptions, *arguments: str | int
    ) -> None:
        def write(connection: Connection) -> None:
            self._client.enqueue_in_transaction(connection, options, *arguments)

        connection = await session.connection()
        await connection.run_sync(write)

    def close(self) -> None:
        """Close the client's own connections."""
        self._client.destroy()


def _beside(workflow: str, name: str, tenant: str) -> EnqueueOptions:
    return {
        "workflow_name": workflow,
        "queue_name": TICKETS,
        "workflow_id": name,
        "queue_partition_key": tenant,
        "app_version": APPLICATION_VERSION,
    }


def lane(tenant: str, weight: int, name: str) -> str:
    """The partition of the queue for a job of that name: a tenant of weight n has n of them.

    Each partition has the same share of a worker and the same chance to be looked at, so a
    tenant's runs at once, its rate and its chances grow with its weight.
    """
    number = zlib.crc32(name.encode()) % weight
    return tenant if number == 0 else f"{tenant}/{number}"


def letter_workflow(letter_id: str, attempt: int) -> str:
    """`letter:{id}:{attempt}`: the engine's key for one job of one letter."""
    return f"letter:{letter_id}:{attempt}"


def workflow_id(ticket_id: str, run: int) -> str:
    """`ticket:{id}:{run}`: the engine's key for one run of one ticket."""
    return f"ticket:{ticket_id}:{run}"


LIVE: tuple[str, ...] = ("ENQUEUED", "DELAYED", "PENDING")
"""States of a workflow that will still do something by itself."""
