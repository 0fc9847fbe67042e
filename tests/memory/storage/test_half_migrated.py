"""A set-up on SQLite that a former version left in the middle is taken back, and done anew."""

import sqlite3
from contextlib import closing
from importlib import import_module
from pathlib import Path

import pytest
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext

from memory.storage.database import StorageUnavailable
from memory.storage.migrate import migrate, opened
from memory.storage.readiness import MIGRATIONS
from tests.memory.storage.test_old_ledgers import OLD, shape_of


def stopped(path: Path, revision: str, *rest: str) -> str:
    """The URL of the first release's ledger, brought to a revision, with a rest of the next one."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(OLD.read_text(encoding="utf-8"))
    url = f"sqlite:///{path}"
    names = sorted(one.stem for one in MIGRATIONS.glob("[0-9]*_*.py"))
    with opened(url) as connection, Operations.context(MigrationContext.configure(connection)):
        for name in names:
            if "0007" < name[:4] <= revision:
                import_module(f"memory.migrations.versions.{name}").upgrade()
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = ?", (revision,))
        for statement in rest:
            connection.exec_driver_sql(statement)
        connection.commit()
    return url


@pytest.mark.parametrize(
    ("revision", "rest"),
    [
        ("0007", ["CREATE TABLE worker_beats (worker)", "CREATE TABLE drives (ticket_id)"]),
        ("0013", ["CREATE TABLE _alembic_tmp_people (id)"]),
        ("0023", ["DROP INDEX ix_journal_ticket_id"]),
        ("0033", ["ALTER TABLE letters ADD COLUMN files JSON DEFAULT '[]'"]),
    ],
)
def test_what_a_stopped_upgrade_left_is_taken_back(
    tmp_path: Path, revision: str, rest: list[str]
) -> None:
    """Each later one would have stopped at it; what the ledger held stays."""
    path = tmp_path / "deskhand.db"
    migrate(stopped(path, revision, *rest))
    migrate(f"sqlite:///{tmp_path}/new.db")
    assert shape_of(path) == shape_of(tmp_path / "new.db")
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT COUNT(*) FROM tickets").fetchone() == (4,)


def test_what_holds_something_is_no_rest(tmp_path: Path) -> None:
    """Nothing is thrown away; the person is told what to do."""
    path, rest = (
        tmp_path / "deskhand.db",
        ("CREATE TABLE drives (a)", "INSERT INTO drives VALUES (1)"),
    )
    url = stopped(path, "0007", *rest)
    with pytest.raises(StorageUnavailable, match=r"from revision 0007 .*`deskhand restore`"):
        migrate(url)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT a FROM drives").fetchone() == (1,)
