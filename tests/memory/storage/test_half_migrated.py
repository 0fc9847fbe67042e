"""An upgrade on SQLite that a former version left in the middle is told with what to do."""

import sqlite3
from contextlib import closing
from importlib import import_module
from pathlib import Path

import pytest
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext

from memory.storage.errors import StorageUnavailable
from memory.storage.migrate import migrate, opened
from memory.storage.readiness import MIGRATIONS
from tests.memory.storage.test_old_ledgers import OLD


def stopped(path: Path, revision: str, *rest: str) -> str:
    """The URL of the first release's ledger, brought to a revision, with a rest of the next one."""
    with closing(sqlite3.connect(path)) as old:
        old.executescript(OLD.read_text(encoding="utf-8"))
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
        ("0007", "CREATE TABLE drives (ticket_id)"),
        ("0013", "CREATE TABLE _alembic_tmp_people (id)"),
        ("0023", "DROP INDEX ix_journal_ticket_id"),
        ("0033", "ALTER TABLE letters ADD COLUMN files JSON DEFAULT '[]'"),
    ],
)
def test_what_a_stopped_upgrade_left_is_named(tmp_path: Path, revision: str, rest: str) -> None:
    """Nothing is guessed at or thrown away: the person is told what to do."""
    path = tmp_path / "deskhand.db"
    url = stopped(path, revision, rest)
    with pytest.raises(StorageUnavailable, match=rf"from revision {revision} .*`deskhand restore`"):
        migrate(url)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT COUNT(*) FROM tickets").fetchone() == (4,)
