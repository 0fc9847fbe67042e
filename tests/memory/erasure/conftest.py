"""A ledger without and with a keyring."""

from collections.abc import AsyncIterator

import pytest

from memory.storage.database import Database
from memory.storage.queue import Queue
from tests.memory.erasure.person import RING
from tests.memory.ledgers import Ledger


@pytest.fixture(params=[None, RING], ids=["plain", "sealed"])
async def opened(ledger: Ledger, request: pytest.FixtureRequest) -> AsyncIterator[Ledger]:
    """The ledger without and with a keyring."""
    made = Ledger(Database(ledger.database.url, None, request.param), Queue(ledger.database.url))
    yield made
    made.queue.close()
    await made.database.close()
