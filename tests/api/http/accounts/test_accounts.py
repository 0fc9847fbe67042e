"""People log in with a password and work with a session; keys go on as they were."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest

from api.settings import Settings
from memory.people import logins, people
from memory.people.passwords import Passwords
from memory.storage.database import Database
from memory.tables import Person, PersonSession
from tests import desks

PASSWORD = "four quiet words here"
ANN, BOB = "ann@example.com", "bob@example.com"
HANDOFF = "/v1/handoffs/hnd_1"


@pytest.fixture(scope="module")
def hashed() -> str:
    """The hash of the password: hashing is slow on purpose."""
    return Passwords().hashed(PASSWORD)


@pytest.fixture
async def team(settings: Settings, hashed: str) -> dict[str, str]:
    """Ids of Ann, an admin, and Bob, an agent; and Eve, an admin of another tenant."""
    database = Database(settings.ledger_url)
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
    await database.close()
    return found


async def log_in(
    client: httpx2.AsyncClient, email: str = ANN, password: str = PASSWORD
) -> httpx2.Response:
    """The answer to a login; the client keeps the cookie and, where it is good, the token."""
    answer = await client.post("/v1/session", json={"email": email, "password": password})
    if answer.is_success:
        client.headers["X-CSRF-Token"] = answer.json()["csrf"]
    return answer


async def change(settings: Settings, kind: type[Any], **values: Any) -> None:
    """Change every row of a table behind the API's back."""
    from sqlalchemy import update

    database = Database(settings.ledger_url)
    async with database.transaction() as session:
        await session.exec(update(kind).values(**values))
    await database.close()


async def test_a_login_sets_a_cookie_that_scripts_cannot_read(
    client: httpx2.AsyncClient, team: dict[str, str]
) -> None:
    """The cookie is HttpOnly and of this site, the body names the person and the token."""
    answer = await log_in(client)
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie
    body = answer.json()
    assert (body["person"]["name"], body["scopes"]) == ("Ann", ["admin"])
    assert PASSWORD not in answer.text
    me = (await client.get("/v1/session")).json()
    assert me["csrf"] == body["csrf"]


async def test_over_https_the_cookie_is_secure(settings: Settings, team: dict[str, str]) -> None:
    """A cookie that was set over TLS never travels without it."""
    async with desks.serving(settings) as client:
        answer = await client.post(
            "https://desk/v1/session", json={"email": ANN, "password": PASSWORD}
        )
    assert "Secure" in answer.headers["set-cookie"]


@pytest.mark.parametrize("email", [ANN, "nobody@example.com", "not an address"])
async def test_wrong_and_unknown_look_alike(
    client: httpx2.AsyncClient, team: dict[str, str], email: str
) -> None:
    """The same status, type and words whether or not there is such an account."""
    answer = await log_in(client, email, "wrong password")
    assert answer.status_code == 401
    assert answer.json()["detail"] == "address or password is wrong, or the account is disabled"
    assert "set-cookie" not in answer.headers


async def test_guesses_are_bounded_however_many_come_at_once(
    client: httpx2.AsyncClient, team: dict[str, str]
) -> None:
    """Of thirty parallel guesses ten are looked at; then the right one waits, too, and others go on."""
    answers = await asyncio.gather(*(log_in(client, BOB, f"guess {n}") for n in range(30)))
    statuses = [answer.status_code for answer in answers]
    assert statuses.count(401) == logins.FAILURES_OF_ACCOUNT
    assert statuses.count(429) == 30 - logins.FAILURES_OF_ACCOUNT
    late = await log_in(client, BOB)
    assert late.status_code == 429
    assert int(late.headers["retry-after"]) <= logins.WINDOW.total_seconds()
    assert (await log_in(client, ANN)).status_code == 200


async def test_a_success_clears_the_account_and_a_reset_ends_a_lockout(
    client: httpx2.AsyncClient, team: dict[str, str]
) -> None:
    """Nine mistakes and a success begin anew; a locked account opens with a new password."""
    for _ in range(2):
        for _ in range(logins.FAILURES_OF_ACCOUNT - 1):
            await log_in(client, BOB, "oops")
        assert (await log_in(client, BOB)).status_code == 200
    for _ in range(logins.FAILURES_OF_ACCOUNT):
        await log_in(client, BOB, "oops")
    await log_in(client, ANN)
    made = (await client.post(f"/v1/accounts/{team['Bob']}/reset")).json()
    client.cookies.clear()
    again = await log_in(client, BOB, made["password"])
    assert again.status_code == 200
    assert again.json()["person"]["one_time"]


async def test_a_change_needs_the_token_and_a_look_does_not(
    client: httpx2.AsyncClient, team: dict[str, str], settings: Settings
) -> None:
    """Without the header, or with another session's, a change is a 403; a key needs none."""
    await log_in(client, BOB)
    other = client.headers.pop("X-CSRF-Token")
    client.cookies.clear()
    await log_in(client, ANN)
    good = client.headers.pop("X-CSRF-Token")
    assert (await client.get("/v1/handoffs")).status_code == 200
    for sent in ({}, {"X-CSRF-Token": other}, {"X-CSRF-Token": ""}):
        refused = await client.post("/v1/handoffs/none/claim", headers=sent)
        assert (refused.status_code, refused.json()["type"]) == (403, "urn:deskhand:problem:csrf")
    known = await client.post("/v1/handoffs/none/claim", headers={"X-CSRF-Token": good})
    assert known.status_code == 404
    key = await desks.new_key(settings, "Kim", ["agent"])
    assert (await client.post("/v1/handoffs/none/claim", headers=key)).status_code == 404


async def test_logins_from_other_sites_are_refused(
    client: httpx2.AsyncClient, team: dict[str, str]
) -> None:
    """Neither a form of another site nor its scripts can log a visitor in."""
    body = {"email": ANN, "password": PASSWORD}
    foreign = await client.post("/v1/session", json=body, headers={"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 403
    assert (await client.post("/v1/session", data=body)).status_code == 415


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
    from sqlmodel import select

    database = Database(settings.ledger_url)
    async with database.reading() as session:
        found = (await session.exec(select(PersonSession.seen_at))).one()
    await database.close()
    return found


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


async def test_roles_hold_and_tenants_are_apart(
    client: httpx2.AsyncClient, team: dict[str, str], settings: Settings
) -> None:
    """An agent manages nobody; an admin sees the own tenant's people and audit alone."""
    await log_in(client, BOB)
    for method, path in (("GET", "/v1/accounts"), ("GET", "/v1/audit"), ("POST", "/v1/accounts")):
        body = {"json": {"name": "X", "email": "x@example.com"}} if method == "POST" else {}
        assert (await client.request(method, path, **body)).status_code == 403
    names = [one["name"] for one in (await client.get("/v1/people")).json()["items"]]
    assert names == ["Ann", "Bob"]
    client.cookies.clear()
    await log_in(client, "eve@example.com")
    assert (await client.post(f"/v1/accounts/{team['Bob']}/reset")).status_code == 404
    assert {one["who"] for one in (await client.get("/v1/audit")).json()["items"]} == {"Eve"}


async def test_names_and_addresses_are_had_once(
    client: httpx2.AsyncClient, team: dict[str, str]
) -> None:
    """Names stand next to decisions, so two of a tenant never share one, nor do addresses."""
    await log_in(client)
    for body, words in (
        ({"name": "bOB", "email": "b2@example.com"}, "somebody is called"),
        ({"name": "Bob K", "email": "BOB@example.com"}, "an account with this address"),
    ):
        refused = await client.post("/v1/accounts", json=body)
        assert refused.status_code == 409
        assert words in refused.json()["detail"]


async def test_the_audit_tells_who_did_what_and_how_it_ended(
    client: httpx2.AsyncClient, team: dict[str, str], settings: Settings, intake: dict[str, str]
) -> None:
    """Logins, failures and every change by person or key, never a password; renewals left out."""
    posted = await client.post("/v1/tickets", json={"text": "help"}, headers=intake)
    await desks.hand_off(settings, posted.json()["id"], "hnd_1")
    await log_in(client, ANN, "not the password")
    await log_in(client)
    await client.post(f"{HANDOFF}/claim")
    await client.post(f"{HANDOFF}/claim", headers={"X-Deskhand-Background": "1"})
    await client.post("/v1/handoffs/hnd_none/release")
    key = await desks.new_key(settings, "Kim", ["agent"])
    await client.post(f"{HANDOFF}/release", headers=key)
    page = await client.get("/v1/audit")
    rows = [
        (row["who"], row["via"], row["action"], row["subject"], row["status"])
        for row in reversed(page.json()["items"])
    ]
    assert rows == [
        ("Ann", "person", "login_failed", team["Ann"], 401),
        ("Ann", "person", "login", team["Ann"], 200),
        ("Ann", "person", "POST /v1/handoffs/{handoff_id}/claim", "hnd_1", 200),
        ("Ann", "person", "POST /v1/handoffs/{handoff_id}/release", "hnd_none", 404),
        ("Kim", "key", "POST /v1/handoffs/{handoff_id}/release", "hnd_1", 409),
    ]
    assert [row["summary"] for row in page.json()["items"]][:2] == ["Release a handoff"] * 2
    assert "not the password" not in page.text
    short = (await client.get("/v1/audit?limit=2")).json()
    more = (await client.get(short["next"])).json()
    ids = [row["id"] for row in short["items"] + more["items"]]
    assert ids == sorted(ids, reverse=True)
    assert len(set(ids)) == 4


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
