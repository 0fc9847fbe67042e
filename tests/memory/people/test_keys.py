"""Keys are shown once, kept as digests, and end at once when revoked."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from memory.people import keys
from memory.storage.database import Database
from memory.tables import ApiKey
from tests import desks


@pytest.fixture
async def database(tmp_path: Path, template: Path) -> AsyncIterator[Database]:
    """A fresh ledger."""
    async with Database(desks.settings_in(tmp_path, template).ledger_url) as opened:
        yield opened


async def verified(database: Database, token: str) -> ApiKey | None:
    """The key that a token opens."""
    return await database.units.read(lambda do: keys.verify_in(do, token))


async def test_a_token_is_verified_and_not_stored(database: Database) -> None:
    """The token opens its key, and its secret is nowhere in the row."""
    async with database.transaction() as session:
        key, token = await keys.create(session, "acme", " Ann ", ["agent", "intake", "agent"])
    secret = token.rpartition("_")[2]
    found = await verified(database, token)
    assert found is not None
    assert (found.id, found.name, found.scopes) == (key.id, "Ann", ["agent", "intake"])
    assert secret not in str(found.model_dump())


@pytest.mark.parametrize("change", ["", "dk_", "x", "dk_0000000000000000_" + "0" * 64])
async def test_other_tokens_open_nothing(database: Database, change: str) -> None:
    """Malformed and unknown tokens are alike."""
    assert await verified(database, change) is None


async def test_a_wrong_secret_opens_nothing(database: Database) -> None:
    """A known id with another secret is refused, and so is a token with something behind it."""
    async with database.transaction() as session:
        key, token = await keys.create(session, "acme", "Ann", ["agent"])
    assert await verified(database, f"dk_{key.id}_{'0' * 64}") is None
    assert await verified(database, token + "\n") is None


async def test_a_revoked_key_opens_nothing(database: Database) -> None:
    """Revoking works at once and twice, and not from another tenant."""
    async with database.transaction() as session:
        key, token = await keys.create(session, "acme", "Ann", ["agent"])
        with pytest.raises(keys.KeyUnknown):
            await keys.revoke(session, "bolt", key.id)
        first = (await keys.revoke(session, "acme", key.id)).revoked_at
        assert (await keys.revoke(session, "acme", key.id)).revoked_at == first
    assert await verified(database, token) is None
    async with database.reading() as session:
        assert [found.id for found in await keys.listed(session, "acme")] == [key.id]
        assert await keys.listed(session, "bolt") == []


@pytest.mark.parametrize(
    ("name", "scopes", "words"),
    [
        ("", ["agent"], "needs a name"),
        ("a\nb", ["agent"], "needs a name"),
        ("Clock ", ["agent"], "is kept for what no person did"),
        ("AGENT", ["agent"], "is kept for what no person did"),
        ("customer", ["agent"], "is kept for what no person did"),
        ("Ann", [], "unknown scope \\(none\\)"),
        ("Ann", ["root"], "unknown scope \\(root\\): use one or more of admin, agent, intake"),
    ],
)
async def test_a_key_without_sense_is_refused(
    database: Database, name: str, scopes: list[str], words: str
) -> None:
    """A name and known scopes are needed, and the refusal says which."""
    async with database.transaction() as session:
        with pytest.raises(keys.KeyRefused, match=words):
            await keys.create(session, "acme", name, scopes)
