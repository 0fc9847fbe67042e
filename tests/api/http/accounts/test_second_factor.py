"""A login with a second factor: set up, asked for, taken once, lost and reset."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlmodel import select

from api.settings import Settings
from memory.people import login_steps, second_factor, totp
from memory.storage.database import Database
from memory.tables import AuditRow, LoginStep, RecoveryCode, SecondFactor, now
from tests import desks
from tests.api.http.accounts.team import ANN, BOB, PASSWORD

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
FACTOR = "/v1/session/second-factor"


class Clock:
    """The time that codes are judged by; `code` is the one that the app shows."""

    def __init__(self) -> None:
        self.moment = START
        self.secret = ""

    def code(self, *, late: int = 0) -> str:
        """The code of now, or of so many steps before."""
        return totp.code_of(self.secret, totp.step_at(self.moment) - late)

    def later(self) -> str:
        """Wait for the next code."""
        self.moment += timedelta(seconds=totp.STEP_SECONDS)
        return self.code()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that stands still unless it is told."""
    made = Clock()
    monkeypatch.setattr(second_factor, "now", lambda: made.moment)
    return made


@pytest.fixture
async def other(settings: Settings) -> AsyncIterator[httpx2.AsyncClient]:
    """A second browser."""
    async with desks.serving(settings) as client:
        yield client


async def typed(client: httpx2.AsyncClient, email: str = BOB) -> httpx2.Response:
    """The answer to address and password; the client keeps what they bring."""
    answer = await client.post("/v1/session", json={"email": email, "password": PASSWORD})
    if answer.status_code == 200:
        client.headers["X-CSRF-Token"] = answer.json()["csrf"]
    return answer


async def coded(client: httpx2.AsyncClient, code: str) -> httpx2.Response:
    """The answer to the code after it."""
    answer = await client.post("/v1/session/code", json={"code": code})
    if answer.is_success:
        client.headers["X-CSRF-Token"] = answer.json()["csrf"]
    return answer


async def enrolled(client: httpx2.AsyncClient, clock: Clock, email: str = BOB) -> list[str]:
    """Set it up in a browser that logs in with the password; the recovery codes."""
    assert (await typed(client, email)).status_code == 200
    begun = await client.post(FACTOR, json={"password": PASSWORD})
    clock.secret = begun.json()["secret"]
    confirmed = await client.post(f"{FACTOR}/confirm", json={"code": clock.code()})
    codes: list[str] = confirmed.json()["recovery_codes"]
    return codes


async def rows(settings: Settings, table: type[Any]) -> list[Any]:
    """All rows of a table."""
    async with Database(settings.ledger_url) as database, database.reading() as session:
        return list((await session.exec(select(table))).all())


async def test_the_password_alone_opens_nothing_any_more(
    client: httpx2.AsyncClient, other: httpx2.AsyncClient, team: dict[str, str], clock: Clock
) -> None:
    """The first half of a login is no session; the code makes one, and ends the half."""
    await enrolled(client, clock)
    half = await typed(other)
    assert (half.status_code, half.json()) == (202, {"code_due": True, "seconds": 300})
    assert "deskhand_session" not in other.cookies
    assert "deskhand_device" not in other.cookies
    assert (await other.get("/v1/session")).status_code == 401
    # Nor does the half pass for a session's token.
    step = other.cookies["deskhand_login_step"]
    forged = {"Cookie": f"deskhand_session={step}"}
    assert (await other.get("/v1/session", headers=forged)).status_code == 401
    whole = await coded(other, clock.later())
    assert whole.status_code == 200
    assert whole.json()["person"]["second_factor"] is True
    assert "deskhand_login_step" not in other.cookies
    assert (await other.get("/v1/session")).status_code == 200


async def test_setting_it_up_ends_the_other_sessions(
    client: httpx2.AsyncClient, other: httpx2.AsyncClient, team: dict[str, str], clock: Clock
) -> None:
    """Whoever had stolen a session is out; a wrong password or code sets nothing up."""
    await typed(other)
    await typed(client)
    assert (await client.post(FACTOR, json={"password": "no"})).status_code == 401
    clock.secret = (await client.post(FACTOR, json={"password": PASSWORD})).json()["secret"]
    wrong = await client.post(f"{FACTOR}/confirm", json={"code": clock.code(late=2)})
    assert wrong.json()["type"].endswith(":code-refused")
    assert (await other.get("/v1/session")).status_code == 200
    done = await client.post(f"{FACTOR}/confirm", json={"code": clock.code()})
    assert len(set(done.json()["recovery_codes"])) == 10
    assert (await other.get("/v1/session")).status_code == 401
    assert (await client.get("/v1/session")).json()["person"]["second_factor"] is True
    again = await client.post(FACTOR, json={"password": PASSWORD})
    assert again.status_code == 409


async def test_a_code_is_taken_once_and_soon(
    client: httpx2.AsyncClient, team: dict[str, str], clock: Clock
) -> None:
    """Neither the code that confirmed, nor one that logged in, nor an older one does it again."""
    await enrolled(client, clock)
    await typed(client)
    assert (await coded(client, clock.code())).status_code == 401
    good = clock.later()
    assert (await coded(client, f"{good[:3]} {good[3:]}")).status_code == 200
    for late in (0, 1, 2):
        await typed(client)
        assert (await coded(client, clock.code(late=late))).status_code == 401


async def test_a_recovery_code_is_taken_once_and_kept_as_a_digest(
    client: httpx2.AsyncClient, settings: Settings, team: dict[str, str], clock: Clock
) -> None:
    """New ones void the old; the audit tells that one was used."""
    codes = await enrolled(client, clock)
    for code, status in ((codes[0].upper(), 200), (codes[0], 401), (codes[1], 200)):
        await typed(client)
        assert (await coded(client, code)).status_code == status
    kept = str(await rows(settings, RecoveryCode))
    assert not any(code in kept or code.replace("-", "") in kept for code in codes)
    proof = {"password": PASSWORD, "code": clock.later()}
    renewed = (await client.post(f"{FACTOR}/recovery-codes", json=proof)).json()["recovery_codes"]
    await typed(client)
    assert (await coded(client, codes[2])).status_code == 401
    assert (await coded(client, renewed[0])).status_code == 200
    actions = [row.action for row in await rows(settings, AuditRow)]
    assert actions.count("login_recovery_code") == 3
    assert actions.count("login_code_failed") == 2
    assert f"POST {FACTOR}/recovery-codes" in actions


async def test_the_half_of_a_login_belongs_to_one_browser_and_ends(
    client: httpx2.AsyncClient,
    other: httpx2.AsyncClient,
    team: dict[str, str],
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Another browser's code is refused like any, and after five minutes so is the right one."""
    await enrolled(client, clock)
    await typed(client)
    assert (await coded(other, clock.later())).json()["type"].endswith(":login-refused")
    monkeypatch.setattr(login_steps, "now", lambda: now() + login_steps.LIFETIME)
    late = await coded(client, clock.code())
    assert late.json()["detail"].endswith("log in with your password")


async def test_a_new_password_ends_the_half_of_a_login(
    client: httpx2.AsyncClient,
    other: httpx2.AsyncClient,
    settings: Settings,
    team: dict[str, str],
    clock: Clock,
) -> None:
    """Whoever had the old password comes no further with it."""
    await enrolled(client, clock)
    await typed(other)
    body = {"old": PASSWORD, "new": "another calm sentence"}
    assert (await client.post("/v1/session/password", json=body)).status_code == 200
    assert await rows(settings, LoginStep) == []
    assert (await coded(other, clock.later())).status_code == 401


async def test_wrong_codes_wait_as_wrong_passwords_do(
    client: httpx2.AsyncClient, other: httpx2.AsyncClient, team: dict[str, str], clock: Clock
) -> None:
    """Ten guesses at an account, passwords and codes together; a known browser has its own count."""
    await enrolled(client, clock)
    assert (await typed(other)).status_code == 202
    device = client.cookies["deskhand_device"]
    guesses = [(await coded(other, "123")).status_code for _ in range(10)]
    assert guesses == [401] * 9 + [429]
    assert (await coded(other, clock.later())).status_code == 429
    client.cookies.clear()
    client.cookies.set("deskhand_device", device)
    assert (await typed(client)).status_code == 202
    assert (await coded(client, clock.code())).status_code == 200


async def test_logins_with_codes_do_not_use_an_address_up(
    client: httpx2.AsyncClient, team: dict[str, str], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """People behind one gateway log in as often as they like."""
    monkeypatch.setattr("memory.people.logins.FAILURES_OF_ADDRESS", 3)
    await enrolled(client, clock)
    for _ in range(4):
        client.cookies.clear()
        assert (await typed(client)).status_code == 202
        assert (await coded(client, clock.later())).status_code == 200


async def test_removing_it_needs_password_and_code(
    client: httpx2.AsyncClient, settings: Settings, team: dict[str, str], clock: Clock
) -> None:
    """Then the secret is gone, and a login asks for no code."""
    await enrolled(client, clock)
    for proof in (
        {"password": "no", "code": clock.later()},
        {"password": PASSWORD, "code": "000"},
    ):
        assert (await client.post(f"{FACTOR}/remove", json=proof)).status_code == 401
    proof = {"password": PASSWORD, "code": clock.code()}
    assert (await client.post(f"{FACTOR}/remove", json=proof)).status_code == 200
    assert await rows(settings, SecondFactor) == []
    assert (await typed(client)).status_code == 200


async def test_an_admin_resets_a_lost_one(
    client: httpx2.AsyncClient, other: httpx2.AsyncClient, team: dict[str, str], clock: Clock
) -> None:
    """The person's sessions end; an admin's own is not reset like that."""
    await enrolled(client, clock)
    await typed(other, ANN)
    own = await other.post(f"/v1/accounts/{team['Ann']}/reset-second-factor")
    assert own.status_code == 409
    done = await other.post(f"/v1/accounts/{team['Bob']}/reset-second-factor")
    assert done.json()["second_factor"] is False
    assert (await client.get("/v1/session")).status_code == 401
    assert (await typed(client)).status_code == 200
    none = await other.post(f"/v1/accounts/{team['Bob']}/reset-second-factor")
    assert none.status_code == 409


async def test_a_role_that_needs_one_can_do_nothing_else_first(
    tmp_path: Path, settings: Settings, team: dict[str, str], clock: Clock
) -> None:
    """The desk file says which roles; whoever has one goes on, and removing it leads back."""
    desk = tmp_path / "desk.yaml"
    desk.write_text("tenant: acme\ncompany: Acme\naccounts: {second_factor_for: [agent]}\n")
    changed = settings.model_copy(update={"desk": desk})
    async with desks.serving(changed) as client:
        assert (await typed(client)).json()["second_factor_due"] is True
        for method, path in (
            ("GET", "/v1/handoffs"),
            ("GET", "/v1/people"),
            ("PUT", "/v1/session/preferences"),
        ):
            refused = await client.request(method, path, json={} if method == "PUT" else None)
            assert refused.json()["type"].endswith(":second-factor-due"), path
        await enrolled(client, clock)
        assert (await client.get("/v1/handoffs")).status_code == 200
        proof = {"password": PASSWORD, "code": clock.later()}
        assert (await client.post(f"{FACTOR}/remove", json=proof)).status_code == 200
        assert (await client.get("/v1/handoffs")).status_code == 403
        assert (await typed(client, ANN)).json()["second_factor_due"] is False
