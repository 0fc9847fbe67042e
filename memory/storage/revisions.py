"""Is what stands there a ledger that this version can bring up to date? Says so in a sentence."""

from __future__ import annotations

from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from memory.storage.errors import StorageUnavailable
from memory.storage.readiness import READER, check_newer, says_readers

SQLITE_HEADER = b"SQLite format 3\x00"
"""The first bytes of every file that SQLite has written something to."""


def check_file(path: Path) -> None:
    """Raises `StorageUnavailable` if the file holds something, and that is no database."""
    if not path.is_file():
        return
    with path.open("rb") as file:
        header = file.read(len(SQLITE_HEADER))
    if header not in {b"", SQLITE_HEADER}:
        msg = (
            f"{path} is not a database: move it away, or name another data folder"
            " with DESKHAND_HOME"
        )
        raise StorageUnavailable(msg)


def is_behind(connection: Connection, scripts: ScriptDirectory) -> bool:
    """Whether migrations are to be run: not where a newer version's tables serve this one as well.

    Raises `StorageUnavailable` if no way leads from the database's state to this version's.
    """
    found = MigrationContext.configure(connection).get_current_revision()
    if found is None:
        if inspect(connection).has_table("tickets"):
            msg = (
                "the database has tables of its own and no revision, so it is not a ledger of"
                " Deskhand: use an empty one"
            )
            raise StorageUnavailable(msg)
        return True
    known = {one.revision for one in scripts.walk_revisions()}
    if found in known:
        return True
    if found.isdigit() and found < min(known):
        raise StorageUnavailable(_too_old(found, min(known)))
    oldest = connection.scalar(text(READER)) if says_readers(found) else None
    check_newer(found, oldest, max(known))
    return False


def _too_old(found: str, first: str) -> str:
    return (
        f"the database is at revision {found}, and this version begins at {first}: run"
        f" `deskhand migrate` of the version that ends at {first}, then this one's"
    )
