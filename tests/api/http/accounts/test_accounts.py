"""People log in with a password and work with a session; keys go on as they were."""

import asyncio

import httpx2
import pytest

from api.settings import Settings
from memory.people import logins
from tests import desks
from tests.api.http.accounts.team import ANN, BOB, PASSWORD, log_in

HANDOFF = "/v1/handoffs/hnd_1"


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


async def test_roles_hold_and_tenants_are_apart(
    client: httpx2.AsyncClient, team: dict[str, str], settings: Settings
) -> None:
    """An agent manages nobody; an admin sees the own tenant's people and audit alone."""
    await log_in(client, BOB)
    for method, path in (("GET", "/v1/accounts"), ("GET", "/v1/audit"), ("POST", "/v1/accounts")):
        body = {"name": "X", "email": "x@example.com"} if method == "POST" else None
        assert (await client.request(method, path, json=body)).status_code == 403
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
