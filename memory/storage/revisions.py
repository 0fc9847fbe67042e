"""Is what stands there a ledger that this version can bring up to date? Says so in a sentence."""

from __future__ import annotations

from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from memory.storage.database import StorageUnavailable

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


def check_revision(connection: Connection, scripts: ScriptDirectory) -> None:
    """Raises `StorageUnavailable` if no way leads from the database's state to this version's."""
    found = MigrationContext.configure(connection).get_current_revision()
    if found is None:
        if inspect(connection).has_table("tickets"):
            msg = (
                "the database has tables of its own and no revision, so it is not a ledger of"
                " Deskhand: use an empty one"
            )
            raise StorageUnavailable(msg)
        return
    known = {one.revision for one in scripts.walk_revisions()}
    if found not in known:
        raise StorageUnavailable(_unknown(found, min(known)))


def _unknown(found: str, first: str) -> str:
    if found.isdigit() and found < first:
        return (
            f"the database is at revision {found}, and this version begins at {first}: run"
            f" `deskhand migrate` of the version that ends at {first}, then this one's"
        )
    return (
        f"the database is at revision {found}, which a newer version of Deskhand has written:"
        " run that version, or put back the copy from before its upgrade"
    )
