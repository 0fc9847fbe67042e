"""Each test of this folder that asks for a place runs on both engines."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from memory.storage.database import Database
from memory.storage.queue import Queue
from tests.memory.ledgers import Ledger
from tests.postgres import copy_of


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a fresh ledger."""
    template: Path = request.getfixturevalue(f"{request.param}_template")
    return copy_of(template, tmp_path / "home")


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    """A fresh ledger, opened."""
    async with Database(url) as opened:
        yield opened


@pytest.fixture
async def ledger(url: str) -> AsyncIterator[Ledger]:
    """A fresh ledger with its queue."""
    opened = Ledger(Database(url), Queue(url))
    yield opened
    opened.queue.close()
    await opened.database.close()
