"""Moves an embedded installation to Postgres, and proves that everything arrived.

The vectors are not moved: the next indexing makes them again from the passages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, MetaData, Table, func, select

from memory.faults import MemoryFault
from memory.sealing.keyring import Keyring
from memory.storage.hmac_key import share
from memory.storage.migrate import migrate, opened
from memory.storage.queue import LIVE
from memory.storage.urls import is_sqlite
from memory.tables import Ticket
from memory.transfer import ROWS_AT_ONCE, transfer

JOBS = ("workflow_status", "workflow_input")
"""The engine's tables that make a job; what it did before is in the ledger."""
ENGINE_SCHEMA = "dbos"


class NotMovable(MemoryFault):
    """The move cannot begin; the message says what to do."""


@dataclass(frozen=True)
class Moved:
    """How many rows of each table arrived, each as it was; jobs too."""

    counts: Mapping[str, int]


def move(
    source: str, target: str, *, secret: Path | None = None, ring: Keyring | None = None
) -> Moved:
    """Copy the ledger at `source`, with its checkpoints and waiting jobs, to an empty `target`.

    Nothing may work on the source meanwhile. The source is not changed, and the target's tables
    are filled in one transaction. `secret` is the file of the key that one-time codes and
    repeated requests are known by; None where the environment gives it. `ring`: the keys that texts
    are sealed with. Raises `NotMovable`, `NotArrived`, `StorageUnavailable`.
    """
    if not is_sqlite(source) or is_sqlite(target):
        msg = "an installation is moved from SQLite to Postgres: set DESKHAND_DATABASE_URL to it"
        raise NotMovable(msg)
    migrate(source)
    migrate(target)
    with opened(source) as old, opened(target) as new:
        if new.scalar(select(func.count()).select_from(Ticket)):
            raise NotMovable("the database to move to already has tickets: name an empty one")
        counts = transfer(old, new, ring)
        jobs = _copy_jobs(old, new)
        if secret is not None and secret.exists():
            share(new, secret.read_bytes())
        new.commit()
    return Moved({**counts, "jobs": jobs})


def _copy_jobs(old: Connection, new: Connection) -> int:
    """Jobs that are still to be done: the leases find those whose worker has gone."""
    live: list[str] = []
    for name in JOBS:
        before = Table(name, MetaData(), autoload_with=old)
        after = Table(name, MetaData(), autoload_with=new, schema=ENGINE_SCHEMA)
        shared = [column.name for column in before.c if column.name in after.c]
        query = select(*(before.c[one] for one in shared))
        if name == JOBS[0]:
            query = query.where(before.c.status.in_(LIVE))
        for part in old.execute(query).mappings().partitions(ROWS_AT_ONCE):
            rows = [dict(row) for row in part]
            if name == JOBS[0]:
                live += [row["workflow_uuid"] for row in rows]
            else:
                rows = [row for row in rows if row["workflow_uuid"] in live]
            if rows:
                new.execute(after.insert(), rows)
    return len(live)
