"""Every helpdesk, each connected to a ledger of its own."""

from collections.abc import AsyncIterator

import pytest

from tests.helpdesks import SERVERS, Floor, floor_of
from tests.memory.conftest import ledger
from tests.memory.ledgers import Ledger

__all__ = ["ledger"]


@pytest.fixture(params=list(SERVERS))
async def floor(request: pytest.FixtureRequest, ledger: Ledger) -> AsyncIterator[Floor]:
    """One of them."""
    async with floor_of(ledger, request.param) as found:
        yield found
