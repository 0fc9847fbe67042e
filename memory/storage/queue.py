"""The door to the engine: jobs are enqueued in the caller's own transaction, or not at all."""

from __future__ import annotations

import asyncio
import base64
import pickle
import uuid
import zlib
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlmodel.ext.asyncio.session import AsyncSession

from memory.storage.units import Statements
from memory.storage.units_session import within
from memory.storage.urls import is_sqlite
from memory.tables import now

if TYPE_CHECKING:
    from dbos import DBOSClient, EnqueueOptions

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

MS = 1_000

MOST_OWNERS = 1_000
"""Workers that are looked at."""
ASK_POLL_SECONDS = 0.1
"""How often an answer that somebody waits for is looked for."""


@dataclass(frozen=True)
class _Job:
    """What the engine is to do; the id makes a second one the same."""

    workflow: str
    queue: str
    id: str
    arguments: tuple[str | int, ...]
    lane: str | None = None
    priority: int = 0
    delay: float = 0.0
    """Seconds that it waits before it may be taken."""

    def status(self) -> dict[str, Any]:
        """Its row in the engine's table of workflows, as the engine's own client writes it."""
        moment = round(now().timestamp() * MS)
        late = self.delay > 0
        return {
            "workflow_uuid": self.id,
            "status": "DELAYED" if late else "ENQUEUED",
            "name": self.workflow,
            "created_at": moment,
            "updated_at": moment,
            "application_version": APPLICATION_VERSION,
            "application_name": APPLICATION,
            "recovery_attempts": 0,
            "queue_name": self.queue,
            "queue_partition_key": self.lane,
            "priority": self.priority,
            "serialization": "py_pickle",
            "delay_until_epoch_ms": moment + round(self.delay * MS) if late else None,
            "creator_xid": str(uuid.uuid4()),
        }

    def inputs(self) -> str:
        """Its arguments, as the engine reads them."""
        stored = pickle.dumps({"args": self.arguments, "kwargs": {}})
        return base64.b64encode(stored).decode()


class _Client:
    """The engine's client, loaded when it is first needed: it brings 14 MB."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._opened: DBOSClient | None = None

    def get(self) -> DBOSClient:
        """Open it once."""
        if self._opened is None:
            from dbos import DBOSClient

            self._opened = DBOSClient(
                system_database_url=self._url, application_name=APPLICATION, lazy=True
            )
        return self._opened

    def close(self) -> None:
        """Close its connections, if there are any."""
        if self._opened is not None:
            self._opened.destroy()


class Queue:
    """Enqueues by plain SQL in the rows that the engine's client would write."""

    def __init__(self, url: str, weight_of: Callable[[str], int] = lambda _tenant: 1) -> None:
        """`url` is the ledger's: the engine's tables stand beside ours. `weight_of` a tenant."""
        self._weight_of = weight_of
        self._client = _Client(url)
        self._schema = "" if is_sqlite(url) else "dbos."
        self._delay = 0.0

    def after(self, seconds: float) -> Queue:
        """The same queue, whose runs begin so much later: what comes meanwhile is answered with them."""
        later = copy(self)
        later._delay = max(self._delay, seconds)  # noqa: SLF001 - its own copy
        return later

    @property
    def client(self) -> DBOSClient:
        """The engine's client, for reading workflows."""
        return self._client.get()

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
        await self._enqueue(session, self._run(ticket_id, run, tenant, cause, bulk=bulk))

    def run_ticket_in(
        self,
        do: Statements,
        ticket_id: str,
        run: int,
        tenant: str,
        cause: str,
        *,
        bulk: bool,
    ) -> None:
        """The same in plain SQL."""
        self._write(do, self._run(ticket_id, run, tenant, cause, bulk=bulk))

    def run_now_in(self, do: Statements, ticket_id: str, run: int) -> None:
        """Let a run that waits for its moment begin; nothing if it waits no longer."""
        do.run(
            f"UPDATE {self._schema}workflow_status SET status = 'ENQUEUED'"  # noqa: S608 - our own names
            " WHERE workflow_uuid = ? AND status = 'DELAYED'",
            (workflow_id(ticket_id, run),),
        )

    def waits_in(self, do: Statements, latest: datetime) -> bool:
        """Whether any run would wait for longer than until then."""
        found = do.row(
            f"SELECT 1 FROM {self._schema}workflow_status"  # noqa: S608 - our own names
            " WHERE queue_name = ? AND status = 'DELAYED' AND delay_until_epoch_ms > ? LIMIT 1",
            (TICKETS, round(latest.timestamp() * MS)),
        )
        return found is not None

    def hurry_in(self, do: Statements, latest: datetime) -> int:
        """Let every run begin that would wait for longer than until then; how many there were."""
        return do.run(
            f"UPDATE {self._schema}workflow_status SET status = 'ENQUEUED'"  # noqa: S608 - our own names
            " WHERE queue_name = ? AND status = 'DELAYED' AND delay_until_epoch_ms > ?",
            (TICKETS, round(latest.timestamp() * MS)),
        )

    def owners_in(self, do: Statements) -> set[str]:
        """The workers that drive something or, as far as the engine knows, have jobs under way.

        Each worker asks twice a second, so it is one statement.
        """
        found = do.rows(
            f"SELECT executor_id FROM {self._schema}workflow_status"  # noqa: S608 - our own names
            " WHERE status = 'PENDING' AND executor_id IS NOT NULL"
            " UNION SELECT worker FROM drives LIMIT ?",
            (MOST_OWNERS,),
        )
        return {str(row[0]) for row in found}

    async def send_letter(
        self, session: AsyncSession, letter_id: str, attempt: int, tenant: str
    ) -> None:
        """Enqueue the sending of a letter, in the tenant's share of the workers."""
        name = letter_workflow(letter_id, attempt)
        await self._enqueue(session, _Job(SEND_LETTER, TICKETS, name, (letter_id,), tenant))

    async def tell_story(self, session: AsyncSession, handoff_id: str, tenant: str) -> None:
        """Enqueue the telling of what a run had found when a person took its ticket over."""
        name = f"story:{handoff_id}"
        await self._enqueue(session, _Job(TELL_STORY, TICKETS, name, (handoff_id,), tenant))

    async def chore(
        self, session: AsyncSession, name: str, workflow: str, *arguments: str | int
    ) -> None:
        """Enqueue upkeep under the workflow id `name`."""
        await self._enqueue(session, _Job(workflow, CHORES, name, arguments))

    async def ask(self, workflow: str, *arguments: str, seconds: float) -> Any:
        """What a worker's workflow gives back. Raises `TimeoutError`, and takes the question back."""
        options: EnqueueOptions = {
            "workflow_name": workflow,
            "queue_name": CHORES,
            "app_version": APPLICATION_VERSION,
        }
        handle: Any = await self.client.enqueue_async(options, *arguments)
        try:
            async with asyncio.timeout(seconds):
                return await handle.get_result(polling_interval_sec=ASK_POLL_SECONDS)
        except TimeoutError:
            await self.client.cancel_workflow_async(handle.workflow_id)
            raise

    def close(self) -> None:
        """Close the client's own connections."""
        self._client.close()

    def _run(self, ticket_id: str, run: int, tenant: str, cause: str, *, bulk: bool) -> _Job:
        return _Job(
            RUN_TICKET,
            TICKETS,
            workflow_id(ticket_id, run),
            (ticket_id, run, cause),
            lane(tenant, self._weight_of(tenant), ticket_id),
            priority=BULK if bulk else 0,
            delay=self._delay,
        )

    async def _enqueue(self, session: AsyncSession, job: _Job) -> None:
        await within(session, lambda do: self._write(do, job))

    def _write(self, do: Statements, job: _Job) -> None:
        self._insert(do, "workflow_status", job.status())
        self._insert(do, "workflow_input", {"workflow_uuid": job.id, "inputs": job.inputs()})

    def _insert(self, do: Statements, table: str, row: dict[str, Any]) -> None:
        marks = ", ".join("?" * len(row))
        do.run(
            f"INSERT INTO {self._schema}{table} ({', '.join(row)}) VALUES ({marks})"  # noqa: S608 - our own names
            " ON CONFLICT (workflow_uuid) DO NOTHING",
            tuple(row.values()),
        )


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
    return f"{RUNS}{ticket_id}:{run}"


RUNS = "ticket:"
"""Before the key of each run."""


LIVE: tuple[str, ...] = ("ENQUEUED", "DELAYED", "PENDING")
"""States of a workflow that will still do something by itself."""
