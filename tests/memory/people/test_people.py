"""Accounts whose names can be told from those of the machine."""

import pytest

from memory.people import people
from memory.people.people import PersonRefused
from tests.memory.ledgers import Ledger


@pytest.mark.parametrize("name", ["clock", " Agent", "CUSTOMER"])
async def test_nobody_is_called_as_the_machine_is(ledger: Ledger, name: str) -> None:
    """The audit tells who did what by name."""
    async with ledger.database.transaction() as session:
        with pytest.raises(PersonRefused, match="is kept for what no person did"):
            await people.create(
                session, "acme", name=name, email="ann@example.com", role="agent", password="x"
            )
