"""The secret that keys digests of one-time codes.

On one machine it stands beside the database and never in it. Machines that share no folder find
it in the database, unless all of them are given it by their environment, which keeps it out of
the database's backups.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from sqlalchemy import Connection, create_engine, delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select

from memory.storage.database import CONNECTING
from memory.storage.errors import StorageUnavailable, advice
from memory.storage.urls import is_sqlite, sync_url
from memory.tables import SharedSecret

FILE = "identity.key"
LEAST_BYTES = 16
SECRET_BYTES = 32


def read_hmac_key(home: Path, given: str | None = None, url: str = "sqlite://") -> bytes:
    """The secret: the given one, or that of the data folder or of Postgres, made on first use.

    Processes that start at once end up with the same one. Raises `ValueError` for one that is
    too short to protect anything.
    """
    if given is not None:
        if len(given.encode()) < LEAST_BYTES:
            msg = f"DESKHAND_IDENTITY_KEY is too short: give at least {LEAST_BYTES} characters"
            raise ValueError(msg)
        return given.encode()
    if not is_sqlite(url):
        return _shared(url)
    path = home / FILE
    if not path.exists():
        _make(path)
    return path.read_bytes()


def _shared(url: str) -> bytes:
    """Stored once: of processes that start at once the first one's stays."""
    engine = create_engine(sync_url(url), hide_parameters=True, connect_args={**CONNECTING})
    mine = {"name": FILE, "value": secrets.token_bytes(SECRET_BYTES)}
    try:
        with engine.begin() as connection:
            connection.execute(insert(SharedSecret).values(mine).on_conflict_do_nothing())
            found = shared(connection)
            assert found is not None  # it was inserted above, unless it was there
            return found
    except DBAPIError as error:
        raise StorageUnavailable(advice(error)) from error
    finally:
        engine.dispose()


def shared(connection: Connection) -> bytes | None:
    """The secret in Postgres; None where no process has needed one."""
    query = select(SharedSecret.value).where(col(SharedSecret.name) == FILE)
    found = connection.execute(query).scalar_one_or_none()
    return None if found is None else bytes(found)


def share(connection: Connection, value: bytes) -> None:
    """Put this secret into Postgres in place of what stands there. The caller commits."""
    row = {"name": FILE, "value": value}
    connection.execute(delete(SharedSecret).where(col(SharedSecret.name) == FILE))
    connection.execute(insert(SharedSecret).values(row))


def _make(path: Path) -> None:
    """Written aside and linked, so that nobody reads half of it and the first one stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f"{FILE}.{secrets.token_hex(6)}")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(secrets.token_bytes(SECRET_BYTES))
    try:
        os.link(aside, path)
    except FileExistsError:
        pass  # another process was first
    finally:
        aside.unlink()
