"""A migrated ledger and its queue for each test of this room."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from memory.storage.database import Database
from memory.storage.queue import Queue
from tests.memory.ledgers import Ledger
from tests.postgres import copy_of


@pytest.fixture
async def ledger(tmp_path: Path, template: Path) -> AsyncIterator[Ledger]:
    """A copy of the migrated ledger."""
    url = copy_of(template, tmp_path)
    opened = Ledger(Database(url), Queue(url))
    yield opened
    opened.queue.close()
    await opened.database.close()
