"""All set-up of the ledger's database, once, under a lock."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from dbos import DBOS
from filelock import FileLock, Timeout
from sqlalchemy import Connection, create_engine, func, select
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from memory.storage.errors import StorageUnavailable, advice, unavailable
from memory.storage.readiness import head_revision
from memory.storage.revisions import check_file, is_behind
from memory.storage.urls import is_sqlite, sync_url
from memory.tables import metadata

WAIT_SECONDS = 60.0
"""How long a second process waits for the first one's set-up."""
RETRY_SECONDS = 0.1
SET_UP_LOCK = 0x6465736B68616E64
"""The advisory lock that set-up holds on Postgres: "deskhand" in eight bytes."""
LEFT_BEHIND = ("already exists", "duplicate column name", "no such index")
"""What SQLite says where a migration has begun before: an older version's was not one transaction."""
FULL_TEXT = ("chunk_text", "handoff_text", "ticket_text")
"""Prefixes of the full-text indexes' own tables, which no metadata describes."""


def migrate(url: str, hmac_key: Callable[[], bytes] | None = None) -> None:
    """Bring the ledger and the engine's tables to this version's state. Safe to repeat.

    Nothing is done where a newer version has been there and its tables serve this one as well.

    `hmac_key` gives the installation's key, where it is not the one beside the data.
    Raises `StorageUnavailable` if the database cannot be created or changed.
    """
    folder = _folder(url)
    try:
        with _alone(url):
            _migrate(url, hmac_key)
    except Timeout as error:
        msg = "another process has been setting up the database for a minute: look for it"
        raise StorageUnavailable(msg) from error
    except DBAPIError as error:
        if not unavailable(error):
            raise
        raise StorageUnavailable(advice(error)) from error
    except (OSError, sqlite3.OperationalError) as error:
        why = getattr(error, "strerror", None) or error
        msg = f"the data folder {folder} cannot be written ({why}): check its permissions"
        raise StorageUnavailable(msg) from error


@contextmanager
def _alone(url: str) -> Iterator[None]:
    """No other process sets the database up meanwhile. Raises `Timeout`."""
    if is_sqlite(url):
        folder = _folder(url)
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / "migrate.lock", timeout=WAIT_SECONDS):
            yield
        return
    with opened(url) as outer:
        # Without a transaction, or building an index concurrently would wait for this one.
        connection = outer.execution_options(isolation_level="AUTOCOMMIT")
        until = time.monotonic() + WAIT_SECONDS
        while not connection.scalar(select(func.pg_try_advisory_lock(SET_UP_LOCK))):
            if time.monotonic() > until:
                raise Timeout(str(SET_UP_LOCK))
            time.sleep(RETRY_SECONDS)
        yield


@contextmanager
def opened(url: str) -> Iterator[Connection]:
    """A connection without an event loop, for set-up alone."""
    engine = create_engine(sync_url(url), hide_parameters=True)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _migrate(url: str, hmac_key: Callable[[], bytes] | None) -> None:
    if is_sqlite(url):
        check_file(Path(url.removeprefix("sqlite:///")))
    with opened(url) as connection:
        if is_sqlite(url):
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
            connection.commit()
        behind = is_behind(connection, ScriptDirectory.from_config(_config(connection)))
        connection.rollback()  # it only looked
        if not behind:
            return  # the engine's tables are the newer version's as well
        _upgrade(connection, _config(connection, hmac_key))
        connection.commit()
        _import_threads(connection, url)
    DBOS.migrate(url)


def _upgrade(connection: Connection, config: Config) -> None:
    """Raises `StorageUnavailable` where a stopped migration of an older version left its beginning."""
    try:
        command.upgrade(config, "head")
    except SQLAlchemyError as error:
        origin = str(getattr(error, "orig", None) or error)
        if connection.dialect.name != "sqlite" or not any(one in origin for one in LEFT_BEHIND):
            raise
        connection.rollback()
        found = MigrationContext.configure(connection).get_current_revision()
        msg = (
            f"the database cannot be upgraded from revision {found} ({origin}): an older version's"
            " upgrade was stopped in the middle of it. Put the copy from before that upgrade back"
            " (`deskhand restore`), then run `deskhand migrate`"
        )
        raise StorageUnavailable(msg) from error


def check_head(connection: Connection) -> None:
    """Raises `StorageUnavailable` unless the database is at this version's state."""
    behind = is_behind(connection, ScriptDirectory.from_config(_config(connection)))
    if MigrationContext.configure(connection).get_current_revision() != head_revision():
        msg = "the database is not at this version's state: " + (
            "run `deskhand migrate`" if behind else "run the newer version that has written it"
        )
        raise StorageUnavailable(msg)


def _import_threads(connection: Connection, url: str) -> None:
    from memory.storage.threads_import import import_threads

    import_threads(connection, url)


def drift() -> list[str]:
    """Differences between the tables as declared and as migrated; empty when they agree."""
    engine = create_engine("sqlite://")
    try:
        with engine.connect() as connection:
            command.upgrade(_config(connection), "head")
            context = MigrationContext.configure(connection, opts={"include_name": _ours})
            return [str(change) for change in compare_metadata(context, metadata)]
    finally:
        engine.dispose()


def _ours(name: str | None, kind: str, _parents: object) -> bool:
    return kind != "table" or not (name or "").startswith(FULL_TEXT)


def _config(connection: Connection, hmac_key: Callable[[], bytes] | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parents[1] / "migrations"))
    config.attributes["connection"] = connection
    config.attributes["hmac_key"] = hmac_key
    return config


def _folder(url: str) -> Path:
    path = url.removeprefix("sqlite:///")
    return Path(path).parent if path != url else Path()
