"""The data folder is its owner's alone, and what is acknowledged is on disk."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from memory.storage.private_files import keep_private
from tests.memory.ledgers import Ledger

FULL = 2


@pytest.fixture(autouse=True)
def umask() -> Iterator[None]:
    """The usual one, and back to what it was."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def modes(home: Path) -> set[tuple[bool, int]]:
    """(is a folder, mode) of all that is there."""
    return {(one.is_dir(), one.stat().st_mode & 0o777) for one in (home, *home.rglob("*"))}


def test_what_is_there_and_what_comes_is_the_owners_alone(tmp_path: Path) -> None:
    """Files from before are tightened, new ones are born so; a link's target is left alone."""
    home, outside = tmp_path / "home", tmp_path / "outside"
    (home / "locks").mkdir(parents=True)
    (home / "locks" / "a.lock").write_text("")
    outside.write_text("")
    (home / "link").symlink_to(outside)
    keep_private(home)
    (home / "new").write_text("")
    (home / "later").mkdir()
    (home / "link").unlink()
    assert modes(home) == {(True, 0o700), (False, 0o600)}
    assert outside.stat().st_mode & 0o777 == 0o644


async def test_a_commit_of_the_ledger_is_synced(ledger: Ledger) -> None:
    """Every connection says so, for writing and for reading; deleted bytes are overwritten."""
    if not ledger.database.is_sqlite:
        pytest.skip("Postgres syncs each commit by default")
    async with ledger.database.transaction() as session:
        assert (await session.execute(text("PRAGMA synchronous"))).scalar() == FULL
        assert (await session.execute(text("PRAGMA secure_delete"))).scalar() == 1
