"""The ledger of a backup: out of an installation into a file of SQLite, and back.

A file is copied by SQLite itself. A server's rows are read in one transaction, so that they are
of one moment; they come back in one, so that what was there stays where it fails.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, inspect, select, text
from sqlalchemy.exc import DBAPIError

from memory.backup.archive import CHECKPOINTS, LEDGER, BackupRefused
from memory.erasure.sidecar import FILE as ERASED
from memory.sealing.keyring import Keyring
from memory.storage.errors import StorageUnavailable, advice, unavailable
from memory.storage.hmac_key import FILE as KEY
from memory.storage.hmac_key import share, shared
from memory.storage.migrate import FULL_TEXT, check_head, migrate, opened
from memory.storage.urls import is_sqlite
from memory.tables import Erasure, KeptState, SharedSecret, Ticket, metadata
from memory.transfer import transfer

LOCK_SECONDS = 30
"""How long a server's tables are waited for before they are emptied."""


@dataclass(frozen=True)
class Place:
    """Where an installation's data is."""

    home: Path
    """Folder of what is not in a database."""
    url: str
    """Of the ledger, on either engine."""
    ring: Keyring | None = None
    """Keys that texts are sealed with."""
    key_given: bool = False
    """Whether the environment gives the installation's key, so that it is not with the data."""

    @property
    def file(self) -> Path | None:
        """The ledger's; None where it is on a server."""
        return Path(self.url.removeprefix("sqlite:///")) if is_sqlite(self.url) else None


def staged_url(folder: Path) -> str:
    """Address of the ledger in a folder beside the data."""
    return f"sqlite:///{folder / LEDGER}"


def holds_data(place: Place) -> bool:
    """Whether there is anything that a restore would take the place of."""
    if place.file is not None:
        return place.file.exists()
    with _reached(place.url) as connection:
        known = inspect(connection).has_table("tickets")
        return known and connection.scalar(select(Ticket.id).limit(1)) is not None  # type: ignore[call-overload]


def in_use(file: Path) -> bool:
    """Whether some process has the ledger's file open, such as an API without a worker."""
    if not file.exists():
        return False
    with closing(sqlite3.connect(file, timeout=0)) as one:
        try:  # what leaves the log needs the file for itself
            one.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.OperationalError:
            return True
        except sqlite3.DatabaseError:
            return False  # it is none: whoever reads it says so
    return False


def copy_out(place: Place, folder: Path) -> None:
    """Copy the ledger while others work on it. Raises `StorageUnavailable`, `EncryptionRefused`."""
    if place.file is None:
        _rows_out(place, folder)
        return
    _copy(place.home / CHECKPOINTS, folder / CHECKPOINTS)  # first: what was in it is in the other
    _copy(place.file, folder / LEDGER)


def _rows_out(place: Place, folder: Path) -> None:
    migrate(staged_url(folder))
    with _reached(place.url) as connection, opened(staged_url(folder)) as new:
        old = connection.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        check_head(old)
        transfer(old, new, place.ring)
        new.commit()
        if (key := shared(old)) is not None and not place.key_given:
            (folder / KEY).write_bytes(key)


@contextmanager
def _reached(url: str) -> Iterator[Connection]:
    try:
        with opened(url) as one:
            yield one
    except DBAPIError as error:
        if not unavailable(error):
            raise
        raise StorageUnavailable(advice(error)) from error


def _copy(source: Path, target: Path) -> None:
    """SQLite's own copying: whole, whatever others write meanwhile."""
    if source.exists():
        with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
            one.backup(other)


def fill_server(folder: Path, place: Place) -> None:
    """Put what was staged in place of what is there. Raises `StorageUnavailable`."""
    migrate(place.url)
    with opened(staged_url(folder)) as old, _reached(place.url) as new:
        _empty(new)
        transfer(old, new, place.ring)
        if (folder / KEY).exists() and not place.key_given:
            share(new, (folder / KEY).read_bytes())
        new.commit()


def _empty(new: Connection) -> None:
    """Without the key of the installation and what is kept beside the tickets: no backup has them."""
    kept = {SharedSecret.__tablename__, KeptState.__tablename__}
    ours = [one.name for one in metadata.sorted_tables if one.name not in kept]
    new.execute(text(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'"))
    new.execute(text(f"TRUNCATE {', '.join([*ours, *FULL_TEXT])}"))
    new.execute(text("TRUNCATE dbos.workflow_status CASCADE"))


def check(ledger: Path) -> None:
    """Raises `BackupRefused` for a damaged file."""
    if said := damage(ledger):
        raise BackupRefused(f"the backup's database is damaged ({said}): take an older backup")


def damage(ledger: Path) -> str | None:
    """What is wrong with a file of SQLite as such; None if nothing is."""
    try:
        with closing(sqlite3.connect(ledger)) as file:
            said = str(file.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite3.DatabaseError as error:
        said = str(error)
    return None if said == "ok" else " ".join(said.split())


def known_erasures(place: Place) -> list[Erasure]:
    """Whom the present ledger knows as erased, or as to be. Raises `BackupRefused`."""
    if place.file is not None and not place.file.exists():
        return []
    try:
        with opened(place.url) as connection:
            if not inspect(connection).has_table(str(Erasure.__tablename__)):
                return []
            table = metadata.tables[str(Erasure.__tablename__)]
            return [Erasure(**row) for row in connection.execute(select(table)).mappings()]
    except DBAPIError as error:
        msg = (
            f"the data that is there cannot be read ({type(error.orig).__name__}), so nobody can"
            f" tell whom it knows as erased: move it away, keep {ERASED}, and restore without it"
        )
        raise BackupRefused(msg) from error
