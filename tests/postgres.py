"""Databases of the tests: a copy of a migrated SQLite file, or of a database of a private Postgres.

`TEST_DATABASE=postgres` runs every test that asks for a ledger on Postgres. Without a
server on this machine such tests are skipped; in continuous integration they fail.
"""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from evals.stack.postgres import Cluster, missing, private_cluster
from memory.storage.migrate import migrate

TEMPLATE = "migrated"
NAMES_A_SERVER = ".postgres"
"""Suffix of a template that holds the port of a server instead of a ledger."""
COPIED = ".copied"
"""Suffix of a file in the home of a ledger that is called as the copy which was made for it."""


def on_postgres() -> bool:
    """Whether this run of the tests is to use Postgres where a test leaves it open."""
    return os.environ.get("TEST_DATABASE") == "postgres"


def copy_of(template: Path, home: Path) -> str:
    """The address of a fresh ledger for `home`: a copy of the file, or of the database it names."""
    home.mkdir(parents=True, exist_ok=True)
    if template.suffix == NAMES_A_SERVER:
        cluster = Cluster(template.parent, int(template.read_text()))
        name = f"copy_{secrets.token_hex(6)}"
        (home / f"{name}{COPIED}").write_text(str(cluster.port))
        return cluster.create(name, TEMPLATE)
    shutil.copy(template, home / "deskhand.db")
    return f"sqlite:///{home.resolve()}/deskhand.db"


def drop_copies(folder: Path) -> None:
    """Remove the databases of a test that worked in `folder`: a thousand of them are ten gigabytes."""
    for copied in folder.rglob(f"*{COPIED}"):
        cluster = Cluster(folder, int(copied.read_text()))
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(
            sql.Identifier(copied.stem)
        )
        with psycopg.connect(cluster.url("postgres"), autocommit=True) as connection:
            connection.execute(drop)


def require_postgres() -> None:
    """Skip the test where there is no server, or fail where there has to be one."""
    reason = missing()
    if reason is None:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@contextmanager
def postgres_template() -> Iterator[Path]:
    """A private server with a migrated database in it, for a whole run of the tests."""
    require_postgres()
    with private_cluster() as cluster:
        with psycopg.connect(cluster.url("postgres"), autocommit=True) as connection:
            # So that tests find the engine's own tables by the names that they have on SQLite.
            connection.execute("ALTER ROLE postgres SET search_path = public, dbos")
        migrate(cluster.create(TEMPLATE))
        named = cluster.folder / f"port{NAMES_A_SERVER}"
        named.write_text(str(cluster.port))
        yield named
