"""Accounts: what a stranger, a colleague or another tenant's admin cannot do to them."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.people import passwords, people
from memory.people.names import skeleton
from memory.people.passwords import PasswordWeak, refuse_weak
from memory.people.people import PersonRefused
from memory.storage.database import Database
from memory.tables import Person
from tests import desks

ANN = "ann@example.com"
GOOD = "four quiet words here"
OTHER = "another calm sentence"
LOGIN = "/v1/session"


@pytest.fixture
async def client(tmp_path: Path, template: Path) -> AsyncIterator[httpx2.AsyncClient]:
    """The application, with Ann's account at acme, and Eve's at bolt under the same address."""
    settings = desks.settings_in(tmp_path, template)
    async with Database(settings.ledger_url) as database, database.transaction() as session:
        for tenant, name, password in (("acme", "Ann", GOOD), ("bolt", "Eve", OTHER)):
            await made(session, tenant, name, password)
    async with desks.serving(settings) as client:
        yield client


async def made(session: AsyncSession, tenant: str, name: str, password: str) -> Person:
    """An account that may be used at once."""
    person = await people.create(
        session,
        tenant,
        name=name,
        email=ANN,
        role="admin",
        password=passwords.Passwords().hashed(password),
    )
    person.one_time = False
    return person


async def log_in(
    client: httpx2.AsyncClient, password: str, cookie: str = "", **more: str
) -> httpx2.Response:
    """What the login answers to a browser with that cookie only."""
    client.cookies.clear()
    headers = {"Cookie": cookie} if cookie else {}
    return await client.post(
        LOGIN, json={"email": ANN, "password": password, **more}, headers=headers
    )


async def test_one_address_has_an_account_with_each_tenant(client: httpx2.AsyncClient) -> None:
    """The password says whose it is; naming the tenant reaches that one alone."""
    first, second = await log_in(client, GOOD), await log_in(client, OTHER)
    named = await log_in(client, GOOD, tenant="bolt")
    assert first.json()["person"]["tenant"] == "acme"
    assert second.json()["person"]["tenant"] == "bolt"
    assert named.status_code == 401


async def test_an_admin_learns_nothing_of_another_tenants_accounts(
    client: httpx2.AsyncClient, tmp_path: Path
) -> None:
    """Making an account for an address that another tenant has is answered like any other."""
    session = (await log_in(client, OTHER)).json()
    headers = {"X-CSRF-Token": session["csrf"]}
    taken = {"name": "Cy", "email": "cy@example.com"}
    answer = await client.post("/v1/accounts", json=taken, headers=headers)
    again = await client.post("/v1/accounts", json={**taken, "name": "Cyd"}, headers=headers)
    assert (answer.status_code, again.status_code) == (201, 409)


async def test_strangers_cannot_lock_a_known_browser_out(client: httpx2.AsyncClient) -> None:
    """After ten wrong guesses a new browser waits; the person's own goes on, within its bound."""
    first = await log_in(client, GOOD)
    device = next(
        one.split(";")[0]
        for one in first.headers.get_list("set-cookie")
        if one.startswith("deskhand_device=")
    )
    guesses = [(await log_in(client, f"guess number {n}")).status_code for n in range(11)]
    assert guesses == [401] * 10 + [429]
    assert (await log_in(client, GOOD)).status_code == 429
    assert (await log_in(client, GOOD, device)).status_code == 200
    forged = device[:-1] + ("0" if device[-1] != "0" else "1")
    assert (await log_in(client, GOOD, forged)).status_code == 429


async def test_a_known_browser_has_a_bound_of_its_own(client: httpx2.AsyncClient) -> None:
    """A stolen device cookie buys ten guesses, not endless ones."""
    first = await log_in(client, GOOD)
    device = next(
        one.split(";")[0]
        for one in first.headers.get_list("set-cookie")
        if one.startswith("deskhand_device=")
    )
    guesses = [(await log_in(client, f"guess number {n}", device)).status_code for n in range(11)]
    assert guesses == [401] * 10 + [429]
    assert (await log_in(client, GOOD)).status_code == 200


async def test_a_device_cookie_is_for_one_address(client: httpx2.AsyncClient) -> None:
    """It exempts no other account, and is no login."""
    first = await log_in(client, GOOD)
    cookies = [one.split(";")[0] for one in first.headers.get_list("set-cookie")]
    device = next(one for one in cookies if one.startswith("deskhand_device="))
    client.cookies.clear()
    alone = await client.get("/v1/session", headers={"Cookie": device})
    assert alone.status_code == 401
    for n in range(11):
        body = {"email": "bob@example.com", "password": f"guess {n}"}
        answer = await client.post(LOGIN, json=body, headers={"Cookie": device})
    assert answer.status_code == 429


async def test_over_tls_cookies_belong_to_this_host(client: httpx2.AsyncClient) -> None:
    """They carry the prefix, and one without it is no login."""
    body = {"email": ANN, "password": GOOD}
    answer = await client.post(f"https://desk{LOGIN}", json=body)
    cookies = answer.headers.get_list("set-cookie")
    assert len(cookies) == 2
    for cookie in cookies:
        assert cookie.startswith("__Host-deskhand_")
        assert {"Secure", "HttpOnly", "Path=/"} <= {part.strip() for part in cookie.split(";")}
        assert "Domain" not in cookie
    token = cookies[0].split(";")[0].partition("=")[2]
    client.cookies.clear()
    plain = {"Cookie": f"deskhand_session={token}"}
    assert (await client.get(f"https://desk{LOGIN}", headers=plain)).status_code == 401
    right = {"Cookie": f"__Host-deskhand_session={token}"}
    assert (await client.get(f"https://desk{LOGIN}", headers=right)).status_code == 200


async def test_a_changed_password_ends_the_other_sessions(client: httpx2.AsyncClient) -> None:
    """The browser that changed it goes on, every other one is out."""
    tokens = []
    for _ in range(2):
        answer = await log_in(client, GOOD)
        tokens.append((answer.cookies["deskhand_session"], answer.json()["csrf"]))
    client.cookies.clear()
    (mine, csrf), (other, _) = tokens
    headers = {"Cookie": f"deskhand_session={mine}", "X-CSRF-Token": csrf}
    body = {"old": GOOD, "new": "an entirely new one"}
    assert (
        await client.post("/v1/session/password", json=body, headers=headers)
    ).status_code == 200
    client.cookies.clear()
    found = [
        (await client.get(LOGIN, headers={"Cookie": f"deskhand_session={one}"})).status_code
        for one in (mine, other)
    ]
    assert found == [200, 401]


COMMON = ("password1234", "qwertyuiop12", "iloveyou1234", "P@ssw0rd1234", "abcabcabcabcabc")
OWN = ("ann.lee.1234", "ann.example.2026", "AnnLee123456", "deskhand1234")
WORK = (
    "Fernhill2026!",
    "Fernhill-Software-2026",
    "F3rnh1ll2026!!",
    "Fern-hill-2026-x",
    "FernhillSommer26!",
    "Fernhill.Fernhill.26",
    "llihnref-2026",
    "mueller & soehne 2026",
    "M\N{LATIN SMALL LETTER U WITH DIAERESIS}llerS\N{LATIN SMALL LETTER O WITH DIAERESIS}hne2026",
    "studio54-studio54",
    "Fernhill2026Qx",
)
NAMES = (
    "Ann Lee",
    "fernhill",
    "Fernhill Software Ltd",
    "M\N{LATIN SMALL LETTER U WITH DIAERESIS}ller & S\N{LATIN SMALL LETTER O WITH DIAERESIS}hne",
    "Studio54",
)


@pytest.mark.parametrize("password", [*COMMON, *OWN, *WORK])
def test_a_common_password_is_refused(password: str) -> None:
    """Lists of common ones, their disguises, and what is known of the person and of their work."""
    with pytest.raises(PasswordWeak):
        refuse_weak(password, email="ann.lee@example.com", names=NAMES)


@pytest.mark.parametrize(
    "password", [GOOD, OTHER, "tulip-harbour-93", "x7Gq!vPz0-Lm" * 16, "my fernhill tulip harbour"]
)
def test_an_own_password_is_taken(password: str) -> None:
    """A few words, or long random characters; reading it is bounded."""
    refuse_weak(password, email="ann.lee@example.com", names=NAMES)


async def test_the_desks_name_is_no_password(tmp_path: Path, template: Path) -> None:
    """The company stands in the desk, and everybody who guesses knows it."""
    (tmp_path / "desk.yaml").write_text("tenant: acme\ncompany: Quince Orchards\n")
    settings = desks.settings_in(tmp_path, template, desk=tmp_path / "desk.yaml")
    async with Database(settings.ledger_url) as database, database.transaction() as session:
        await made(session, "acme", "Ann", GOOD)
    async with desks.serving(settings) as client:
        headers = {"X-CSRF-Token": (await log_in(client, GOOD)).json()["csrf"]}
        body = {"old": GOOD, "new": "Quince-Orchards-2027"}
        answer = await client.post("/v1/session/password", json=body, headers=headers)
    assert answer.status_code == 422
    assert "a name that others know" in answer.text


ALIKE = (
    ("Ann Lee", "\N{CYRILLIC CAPITAL LETTER A}nn Lee"),
    ("Bill", "Bi1l"),
    ("Bill", "BiII"),
    ("Tom O", "Tom 0"),
    (
        "BOB",
        "\N{CYRILLIC CAPITAL LETTER VE}\N{CYRILLIC CAPITAL LETTER O}\N{CYRILLIC CAPITAL LETTER VE}",
    ),
    ("Lee", "\N{FULLWIDTH LATIN CAPITAL LETTER L}ee"),
    ("Bernard", "Bemard"),
    ("Ann Lee", "ANN  LEE"),
    ("Ann Lee", "Ann-Lee."),
    ("Ann Lee", "AnnLee"),
    ("Ann Lee", "Ann\N{HANGUL FILLER}Lee"),
    ("Ann Lee", "Ann\N{BRAILLE PATTERN BLANK}Lee"),
)
DIFFERENT = (("Ann", "Anna"), ("Ian", "Jan"), ("Nick", "Vick"), ("Zoë", "Zoe"), ("Tim", "Jim"))


@pytest.mark.parametrize(("one", "other"), ALIKE)
async def test_a_name_that_looks_like_anothers_is_refused(
    tmp_path: Path, template: Path, one: str, other: str
) -> None:
    """It would stand beside decisions as if the other had made them."""
    async with Database(desks.settings_in(tmp_path, template).ledger_url) as database:
        fields = {"role": "agent", "password": "hash"}
        async with database.transaction() as session:
            await people.create(session, "acme", name=one, email="a@example.com", **fields)
            with pytest.raises(PersonRefused, match=r"looks like|is called"):
                await people.create(session, "acme", name=other, email="b@example.com", **fields)
            await people.create(session, "bolt", name=other, email="b@example.com", **fields)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_names_that_differ_to_the_eye_are_two(one: str, other: str) -> None:
    """Nobody is refused for a likeness that is none."""
    assert skeleton(one) != skeleton(other)


async def test_nobody_who_is_not_there_gets_a_handoff(tmp_path: Path, template: Path) -> None:
    """Neither a name of nobody, nor another tenant's, nor a team that the desk does not have."""
    (tmp_path / "desk.yaml").write_text(
        "tenant: acme\ncompany: Acme\nhandoff: {teams: [{name: billing}]}\n"
        "intents: [{name: refund, examples: [my money back, refund me]}]\n"
    )
    settings = desks.settings_in(tmp_path, template, desk=tmp_path / "desk.yaml")
    lea = await desks.new_key(settings, "Lea", ["agent", "lead"])
    await desks.new_key(settings, "Bob", ["agent"])
    await desks.new_key(settings, "Zed", ["agent"], tenant="bolt")
    await desks.new_key(settings, "shop", ["intake"])
    shop = await desks.new_key(settings, "till", ["intake"])
    async with desks.serving(settings) as client:
        posted = await client.post("/v1/tickets", json={"text": "help"}, headers=shop)
        await desks.hand_off(settings, posted.json()["id"], "hnd_1")
        path = "/v1/handoffs/hnd_1"
        for name in ("Nobody", "Zed", "shop", "bob"):
            for act in ("assign", "transfer"):
                refused = await client.post(f"{path}/{act}", json={"to": name}, headers=lea)
                assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "to")
        wrong = await client.post(f"{path}/transfer", json={"team": "sales"}, headers=lea)
        assert "billing" in wrong.json()["errors"][0]["message"]
        right = await client.post(f"{path}/transfer", json={"team": "billing"}, headers=lea)
        given = await client.post(f"{path}/assign", json={"to": "Bob"}, headers=lea)
    assert (wrong.status_code, right.status_code, given.json()["claimed_by"]) == (422, 200, "Bob")
