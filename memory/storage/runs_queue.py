"""The queue of runs as a worker sees it, in plain SQL: what waits, taking it out, writing its end.

The engine builds and compiles each of its statements anew on SQLite, which cost every run seven
milliseconds. Here the same rows change in the ledger's own transactions, by the engine's rules:
a run is taken from its lane by priority and age, only while it is `ENQUEUED`; it ends only for the
one who holds it, which the row's token tells. Of a run that has ended well nothing stays in the queue.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from memory.storage.queue import APPLICATION, APPLICATION_VERSION, MS, TICKETS
from memory.storage.units import Row, Statements, marks
from memory.storage.urls import is_sqlite
from memory.tables import now

MOST_LANES = 10_000
"""Lanes that one look sees."""
COLUMNS = tuple(
    """
    workflow_uuid status name recovery_attempts config_name class_name authenticated_user
    authenticated_roles assumed_role queue_name executor_id created_at updated_at
    application_version application_id workflow_deadline_epoch_ms workflow_timeout_ms
    deduplication_id priority queue_partition_key forked_from parent_workflow_id
    started_at_epoch_ms serialization delay_until_epoch_ms attributes schedule_name
    debounce_deadline_epoch_ms is_debounced application_name inputs
    """.split()
)
"""What the engine wants to know of a job that it executes."""
ENGINES_NAMES = {"application_version": "app_version", "application_id": "app_id"}
"""Columns that the engine calls otherwise."""
_OURS = (
    "queue_name = ? AND status = 'ENQUEUED' AND status IN ('ENQUEUED', 'PENDING')"
    " AND (application_name = ? OR application_name IS NULL)"
)
"""A job that waits; the second condition names the index."""
_NEXT_LANE = (
    "SELECT min(queue_partition_key) AS lane FROM {schema}workflow_status"  # noqa: S608 - our own names
    f" WHERE {_OURS}"
)
LANES = (
    # One search in the index a lane, however many jobs wait.
    "WITH RECURSIVE lanes (lane) AS ("  # noqa: S608 - our own names
    f"{_NEXT_LANE} UNION ALL SELECT ({_NEXT_LANE} AND queue_partition_key > lanes.lane)"
    " FROM lanes WHERE lanes.lane IS NOT NULL"
    ") SELECT lane FROM lanes WHERE lane IS NOT NULL LIMIT ?"
)
NEXT = (
    "SELECT workflow_uuid FROM {schema}workflow_status WHERE "  # noqa: S608 - our own names
    f"{_OURS} AND queue_partition_key = ? AND application_version = ?"
    " ORDER BY priority, created_at LIMIT ?"
)
UNLOCKED = " FOR UPDATE SKIP LOCKED"
"""Postgres: what another worker is taking is left to it."""
TAKE = (
    "UPDATE {schema}workflow_status SET status = 'PENDING', owner_xid = ?, executor_id = ?,"  # noqa: S608 - our own names
    " application_name = ?, started_at_epoch_ms = ?, updated_at = ?,"
    " recovery_attempts = recovery_attempts + 1"
    f" WHERE workflow_uuid IN ({{ids}}) AND status = 'ENQUEUED' RETURNING {', '.join(COLUMNS)}"
)
INPUTS = "SELECT workflow_uuid, inputs FROM {schema}workflow_input WHERE workflow_uuid IN ({ids})"
END = (
    "DELETE FROM {schema}workflow_status"
    " WHERE workflow_uuid = ? AND status = 'PENDING' AND owner_xid = ?"
)
PUT_BACK = (
    "UPDATE {schema}workflow_status SET status = 'ENQUEUED', owner_xid = NULL, executor_id = NULL,"
    " started_at_epoch_ms = NULL, recovery_attempts = recovery_attempts - 1"
    " WHERE workflow_uuid = ? AND status = 'PENDING' AND owner_xid = ?"
)
FORGET = "DELETE FROM {schema}workflow_input WHERE workflow_uuid = ?"


@dataclass(frozen=True)
class Taken:
    """A job that this worker has now."""

    status: dict[str, Any]
    """Its row by the engine's names."""
    owner: str
    """The token by which the row tells that this one has it."""


class RunsQueue:
    """The engine's table of jobs, for the queue of runs."""

    def __init__(self, url: str) -> None:
        """`url`: the ledger's."""
        self._schema = "" if is_sqlite(url) else "dbos."

    def lanes_in(self, do: Statements) -> list[str]:
        """The lanes in which a run waits."""
        sought = (TICKETS, APPLICATION)
        return [str(row[0]) for row in do.rows(self._sql(LANES), (*sought, *sought, MOST_LANES))]

    def take_in(self, do: Statements, lane: str, room: int, executor: str) -> list[Taken]:
        """The next ones of a lane, `room` at most, from now on the executor's."""
        sought = (TICKETS, APPLICATION, lane, APPLICATION_VERSION, room)
        lock = "" if do.is_sqlite else UNLOCKED
        ids = [str(row[0]) for row in do.rows(self._sql(NEXT) + lock, sought)]
        if not ids:
            return []
        owner, moment = str(uuid.uuid4()), round(now().timestamp() * MS)
        given = (owner, executor, APPLICATION, moment, moment, *ids)
        rows = {row[0]: row for row in do.rows(self._sql(TAKE, marks(ids)), given)}
        inputs: dict[str, str] = dict(do.rows(self._sql(INPUTS, marks(ids)), ids))
        return [Taken(_status(rows[one], inputs.get(one)), owner) for one in ids if one in rows]

    def put_back_in(self, do: Statements, some: Sequence[Taken]) -> int:
        """Let these wait again, as far as they are still taken by us; how many that were."""
        return sum(
            do.run(self._sql(PUT_BACK), (one.status["workflow_uuid"], one.owner)) for one in some
        )

    def end_in(self, do: Statements, job: str, owner: str) -> bool:
        """Take a run out that has ended well: the ledger knows how. False where it is no longer the owner's."""
        if not do.run(self._sql(END), (job, owner)):
            return False
        do.run(self._sql(FORGET), (job,))
        return True

    def _sql(self, statement: str, ids: str = "") -> str:
        return statement.format(schema=self._schema, ids=ids)


def _status(row: Row, inputs: str | None) -> dict[str, Any]:
    found = {ENGINES_NAMES.get(name, name): one for name, one in zip(COLUMNS, row, strict=True)}
    given = found["inputs"] if inputs is None else inputs  # beside the row in earlier versions
    debounced = bool(found["is_debounced"])
    return {**found, "inputs": given, "is_debounced": debounced, "shard_key": None}
