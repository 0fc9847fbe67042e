"""A session ends by time, by a logout, by a new password and with its account."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from sqlmodel import select

from api.settings import Settings
from memory.people import logins
from memory.storage.database import Database
from memory.tables import Person, PersonSession
from tests import desks
from tests.api.http.accounts.team import ANN, BOB, PASSWORD, change, log_in


@pytest.mark.parametrize(
    "values",
    [
        {"expires_at": datetime.now(UTC) - timedelta(seconds=1)},
        {"seen_at": datetime.now(UTC) - logins.IDLE},
    ],
)
async def test_sessions_end_by_time(
    client: httpx2.AsyncClient, team: dict[str, str], settings: Settings, values: dict[str, Any]
) -> None:
    """Idle or absolute: afterwards the cookie opens nothing."""
    await log_in(client)
    await change(settings, PersonSession, **values)
    assert (await client.get("/v1/session")).status_code == 401


async def test_what_a_page_asks_by_itself_keeps_no_session_alive(
    client: httpx2.AsyncClient, team: dict[str, str], settings: Settings
) -> None:
    """Background requests leave the time of the last deed; others renew it."""
    await log_in(client)
    long_ago = datetime.now(UTC) - timedelta(minutes=30)
    await change(settings, PersonSession, seen_at=long_ago)
    await client.get("/v1/handoffs", headers={"X-Deskhand-Background": "1"})
    assert await _seen(settings) == long_ago
    await client.get("/v1/handoffs")
    assert await _seen(settings) > long_ago


async def _seen(settings: Settings) -> datetime:

    async with Database(settings.ledger_url) as database, database.reading() as session:
        return (await session.exec(select(PersonSession.seen_at))).one()


async def test_disabling_ends_sessions_at_once_and_for_good(
    client: httpx2.AsyncClient, team: dict[str, str], settings: Settings
) -> None:
    """The person's cookie and password open nothing; an admin cannot lock himself out."""
    await log_in(client, BOB)
    bob = dict(client.cookies)
    client.cookies.clear()
    await log_in(client, ANN)
    assert (await client.post(f"/v1/accounts/{team['Bob']}/disable")).status_code == 200
    assert (await client.post(f"/v1/accounts/{team['Ann']}/disable")).status_code == 409
    client.cookies.clear()
    client.cookies.update(bob)
    assert (await client.get("/v1/session")).status_code == 401
    client.cookies.clear()
    assert (await log_in(client, BOB)).status_code == 401


async def test_a_one_time_password_opens_nothing_but_its_replacement(
    client: httpx2.AsyncClient, team: dict[str, str], settings: Settings
) -> None:
    """First an own password, then the rest; other sessions end with the change."""
    await change(settings, Person, one_time=True)
    await log_in(client, BOB)
    old = dict(client.cookies)
    client.cookies.clear()
    await log_in(client, BOB)
    due = await client.get("/v1/handoffs")
    assert (due.status_code, due.json()["type"]) == (403, "urn:deskhand:problem:password-due")
    path = "/v1/session/password"
    for new, words in (
        ("short", "12 to 200 characters"),
        ("aaaaaaaaaaaaaaa", "different characters"),
        (PASSWORD, "the new password is the old one"),
    ):
        refused = await client.post(path, json={"old": PASSWORD, "new": new})
        assert refused.status_code == 422
        assert words in refused.json()["detail"]
    wrong = await client.post(path, json={"old": "x", "new": "an entirely new one"})
    assert wrong.status_code == 401
    assert (
        await client.post(path, json={"old": PASSWORD, "new": "an entirely new one"})
    ).status_code == 200
    assert (await client.get("/v1/handoffs")).status_code == 200
    client.cookies.clear()
    client.cookies.update(old)
    assert (await client.get("/v1/session")).status_code == 401


async def test_a_logout_ends_the_session_itself(
    client: httpx2.AsyncClient, team: dict[str, str]
) -> None:
    """A kept cookie opens nothing afterwards."""
    await log_in(client)
    kept = dict(client.cookies)
    await client.delete("/v1/session")
    client.cookies.update(kept)
    assert (await client.get("/v1/session")).status_code == 401


async def test_preferences_are_the_persons_own(
    client: httpx2.AsyncClient, team: dict[str, str]
) -> None:
    """Theme and saved filters come back with the session; unknown ones are refused."""
    await log_in(client)
    wanted = {"theme": "dark", "filters": [{"name": "Mine", "query": "view=mine"}]}
    assert (await client.put("/v1/session/preferences", json=wanted)).json() == wanted
    assert (await client.get("/v1/session")).json()["preferences"] == wanted
    refused = await client.put("/v1/session/preferences", json={"theme": "pink"})
    assert refused.status_code == 422


async def test_a_key_has_no_session(client: httpx2.AsyncClient, settings: Settings) -> None:
    """What is about a login says so to the holder of a key."""
    key = await desks.new_key(settings, "Kim", ["agent"])
    answer = await client.get("/v1/session", headers=key)
    assert answer.status_code == 403
    assert "you sent a key" in answer.json()["detail"]
