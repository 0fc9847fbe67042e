"""A ledger whose file is taken away beneath a process that works on it."""

import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from memory.storage.database import Database
from memory.storage.errors import StorageUnavailable
from memory.storage.units import Statements
from tests.postgres import copy_of

WORDS = "replaced, moved or removed"


def _ask(do: Statements) -> object:
    return do.row("SELECT 1")


async def _session(database: Database) -> None:
    async with database.transaction() as session:
        await session.execute(text("SELECT 1"))


WAYS: dict[str, Callable[[Database], Awaitable[object]]] = {
    "write": lambda database: database.units.write(_ask),
    "look": lambda database: database.units.look(_ask),
    "session": _session,
}


def _replaced(file: Path, kept: Path) -> None:
    file.rename(kept)
    shutil.copy(kept, file)


def _moved(file: Path, kept: Path) -> None:
    file.rename(kept)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("done", [_replaced, _moved])
async def test_nothing_is_accepted_into_a_file_that_no_later_process_finds(
    sqlite_template: Path, tmp_path: Path, way: str, done: Callable[[Path, Path], None]
) -> None:
    """A copy that somebody puts in its place, or none: each way says so, until the file is back."""
    url = copy_of(sqlite_template, tmp_path / "home")
    (file,) = (tmp_path / "home").glob("*.db")
    kept = tmp_path / "kept.db"
    async with Database(url) as database:
        await WAYS[way](database)
        done(file, kept)
        with pytest.raises(StorageUnavailable, match=WORDS):
            await WAYS[way](database)
        kept.replace(file)
        await WAYS[way](database)
