"""A team with passwords that are hashed at once: a login here need not cost an attacker anything."""

from collections.abc import Iterator

import pytest

from api.settings import Settings
from memory.people import passwords, people
from memory.people.passwords import Passwords
from memory.storage.database import Database
from tests import desks
from tests.api.http.accounts.team import PASSWORD


@pytest.fixture(scope="module", autouse=True)
def _quickly_hashed() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "ROUNDS", 1)
        patch.setattr(passwords, "MEMORY_KIB", 8)
        yield


@pytest.fixture(scope="module")
def hashed() -> str:
    """The hash of the password: hashing is slow on purpose."""
    return Passwords().hashed(PASSWORD)


@pytest.fixture
async def team(settings: Settings, hashed: str) -> dict[str, str]:
    """Ids of Ann, an admin, and Bob, an agent; and Eve, an admin of another tenant."""
    async with Database(settings.ledger_url) as database:
        found = {}
        async with database.transaction() as session:
            for name, role, tenant in (
                ("Ann", "admin", desks.TENANT),
                ("Bob", "agent", desks.TENANT),
                ("Eve", "admin", "other"),
            ):
                email = f"{name.lower()}@example.com"
                made = await people.create(
                    session, tenant, name=name, email=email, role=role, password=hashed
                )
                made.one_time = False
                found[name] = made.id
    return found
