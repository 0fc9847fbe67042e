"""Set-up: once, under a lock, and equal to what the tables declare."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from memory.storage.errors import StorageUnavailable
from memory.storage.migrate import drift, migrate


def tables(path: Path) -> set[str]:
    """Names of the tables."""
    connection = sqlite3.connect(path)
    try:
        return {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    finally:
        connection.close()


def test_the_migrations_make_the_declared_tables() -> None:
    """No column was forgotten."""
    assert drift() == []


def test_migrating_again_changes_nothing(tmp_path: Path) -> None:
    """Four at once, twice: our tables and the engine's stand in one file."""
    url = f"sqlite:///{tmp_path}/new/deskhand.db"
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(migrate, [url] * 4))
    before = tables(tmp_path / "new" / "deskhand.db")
    migrate(url)
    assert before == tables(tmp_path / "new" / "deskhand.db")
    assert {"tickets", "journal", "effects", "workflow_status"} <= before


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    """Where a file stands in its place."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StorageUnavailable, match="file"):
        migrate(f"sqlite:///{tmp_path}/file/deskhand.db")


def test_set_up_that_was_interrupted_is_done_by_the_next(tmp_path: Path) -> None:
    """Wherever it stopped: a table that is there already would have stopped all later ones."""
    url, left = f"sqlite:///{tmp_path}/deskhand.db", 0

    def interrupted(*_: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise KeyboardInterrupt

    event.listen(Engine, "before_cursor_execute", interrupted)
    try:
        for statements in (20, 150, 260):
            left = statements
            with pytest.raises(KeyboardInterrupt):
                migrate(url)
    finally:
        event.remove(Engine, "before_cursor_execute", interrupted)
    migrate(url)
    assert {"tickets", "files", "workflow_status"} <= tables(tmp_path / "deskhand.db")
