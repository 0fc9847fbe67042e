"""Every error is a problem that says what to change, and nothing personal reaches the log."""

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx2
import pytest
from structlog.testing import capture_logs

from api.http import errors, faults
from api.http.tickets import routes
from api.readiness import FRESH_SECONDS
from api.settings import Settings
from tests import desks
from tests.damage import damage_page

JSON = {"Content-Type": "application/json"}
FIELDS: dict[str, tuple[Any, str, str]] = {
    "nothing said": ({"text": " \n"}, "body", "text and subject are both blank: send one of them"),
    "text missing": ({"subject": "hello"}, "text", "is missing"),
    "text of another type": ({"text": 1}, "text", "must be text"),
    "nothing visible": (
        {"text": "\u200b\u2060\ufeff \u3164", "subject": "\x00\u00ad"},
        "body",
        "text and subject are both blank",
    ),
    "text too long": ({"text": "x" * 100_001}, "text", "is too long: at most 100,000 characters"),
    "two-line subject": ({"text": "a", "subject": "a\nBcc: b"}, "subject", "must be one line"),
    "long subject": (
        {"text": "a", "subject": "x" * 1_001},
        "subject",
        "is too long: at most 1,000",
    ),
    "no address": (
        {"text": "a", "customer": {"email": "ann"}},
        "customer.email",
        "is not an e-mail",
    ),
    "typo": ({"text": "a", "customer": {"emial": "x"}}, "customer.emial", "did you mean 'email'?"),
    "unknown field": ({"text": "a", "zzzz": 1}, "zzzz", "is not known: remove it"),
    "header name": (
        {"text": "a", "headers": {"a b": "c"}},
        "headers.a b",
        "is not a header's name",
    ),
    "header value": ({"text": "a", "headers": {"A": 1}}, "headers.A", "must be text"),
    "many headers": (
        {"text": "a", "headers": {f"h{n}": "" for n in range(51)}},
        "headers",
        "has too many: at most 50",
    ),
    "a list": ([], "body", "must be an object"),
}


def problem(response: httpx2.Response) -> dict[str, Any]:
    """The body, after a look at what every problem must have."""
    body: dict[str, Any] = response.json()
    assert response.headers["content-type"] == "application/problem+json"
    assert body["status"] == response.status_code
    assert body["type"].startswith(errors.TYPES)
    assert body["request_id"] == response.headers["x-request-id"]
    assert body["title"]
    assert body["detail"]
    return body


@pytest.mark.parametrize("name", FIELDS)
async def test_a_wrong_field_is_named(
    client: httpx2.AsyncClient, intake: dict[str, str], name: str
) -> None:
    """Each mistake in a body names its field and what to change, and stores nothing."""
    body, field, words = FIELDS[name]
    response = await client.post("/v1/tickets", json=body, headers=intake)
    assert response.status_code == 422
    found = {item["field"]: item["message"] for item in problem(response)["errors"]}
    assert words in found[field]
    assert (await client.get("/v1/tickets", headers=intake)).json()["items"] == []


@pytest.mark.parametrize(
    ("content", "status", "words"),
    [
        (b"", 422, "is empty: send a JSON object"),
        (b"{", 400, "the body is not JSON at position 1"),
        (b'{"text": "\xff"}', 400, "the body is not UTF-8: send"),
        (b'{"text": ' + b"1" * 50_000 + b"}", 400, "more than 4,300 digits: send it as text"),
        (b'{"text": "\\ud800"}', 422, "holds half a character at position 0"),
        (b"[" * 100_000, 400, "nested too deeply"),
        (b"x" * 1_000_001, 413, "larger than 1,000,000 bytes"),
    ],
)
async def test_a_body_that_cannot_be_read_is_refused(
    client: httpx2.AsyncClient, intake: dict[str, str], content: bytes, status: int, words: str
) -> None:
    """Broken bytes get the status that fits and a sentence on what to send."""
    response = await client.post("/v1/tickets", content=content, headers=intake | JSON)
    assert response.status_code == status
    assert words in problem(response)["detail"]


async def test_a_body_of_unknown_length_is_counted(
    client: httpx2.AsyncClient, intake: dict[str, str]
) -> None:
    """A chunked body is refused as soon as it passes the limit."""

    async def chunks() -> Any:
        for _ in range(40):
            yield b" " * 50_000

    response = await client.post("/v1/tickets", content=chunks(), headers=intake | JSON)
    assert response.status_code == 413
    problem(response)


async def test_another_media_type_is_refused(
    client: httpx2.AsyncClient, intake: dict[str, str]
) -> None:
    """A form is told to come as JSON."""
    response = await client.post("/v1/tickets", data={"text": "a"}, headers=intake)
    assert response.status_code == 415
    assert "Content-Type: application/json" in problem(response)["detail"]


async def test_a_parameter_that_no_route_reads_is_refused(
    client: httpx2.AsyncClient, intake: dict[str, str], settings: Settings
) -> None:
    """A mistyped filter does not show everything; who may not ask is told that first."""
    admin = await desks.new_key(settings, "ann", ["admin"])
    for path, words in {
        "/v1/handoffs?statuss=open&limit=5": "did you mean 'status'?",
        "/v1/tickets?zzzz=1": "is not known: remove it",
        "/v1/keys?limit=1": "is not known: remove it",
    }.items():
        response = await client.get(path, headers=admin)
        assert response.status_code == 422
        (found,) = problem(response)["errors"]
        assert words in found["message"]
        assert found["field"].startswith("query ")
        assert (await client.get(path)).status_code == 401
    assert (await client.get("/v1/handoffs?zzzz=1", headers=intake)).status_code == 403


async def test_addresses_and_methods_that_do_not_exist(client: httpx2.AsyncClient) -> None:
    """404 and 405 are problems too, and 405 names every method there is."""
    assert "/nowhere" in problem(await client.get("/nowhere"))["detail"]
    response = await client.delete("/v1/tickets")
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, POST"
    assert "use GET, POST" in problem(response)["detail"]


async def test_keys_and_scopes_are_asked_for(
    client: httpx2.AsyncClient, intake: dict[str, str], settings: Settings
) -> None:
    """No key, a wrong key and a key for something else are told apart, with what to do."""
    response = await client.get("/v1/tickets")
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"
    assert "no key was sent" in problem(response)["detail"]
    wrong = await client.get("/v1/tickets", headers={"X-API-Key": "dk_x"})
    assert "unknown or revoked" in problem(wrong)["detail"]
    forbidden = await client.get("/v1/handoffs", headers=intake)
    assert forbidden.status_code == 403
    assert "needs the scope agent, and the key 'shop' has intake" in problem(forbidden)["detail"]
    admin = await desks.new_key(settings, "root", ["admin"])
    assert (await client.get("/v1/handoffs", headers=admin)).status_code == 200
    token = intake["Authorization"].removeprefix("Bearer ")
    other_way = await client.get("/v1/tickets", headers={"X-API-Key": token})
    assert other_way.status_code == 200


async def test_a_ledger_without_tables_says_what_to_run(tmp_path: Path) -> None:
    """Before `deskhand migrate` each request is a 503 that says so, and so is readiness."""
    bare = desks.settings_in(tmp_path / "bare", None)
    async with desks.serving(bare) as client:
        key = {"X-API-Key": f"dk_{'0' * 16}_{'0' * 64}"}
        for path in ("/v1/tickets", "/health/ready"):
            response = await client.get(path, headers=key)
            assert response.status_code == 503
            assert response.headers["retry-after"] == "5"
            assert "deskhand migrate" in problem(response)["detail"]
        assert (await client.get("/health/live")).json() == {"status": "alive"}


async def test_a_missing_data_folder_is_named(tmp_path: Path) -> None:
    """Without the data folder readiness says what to check."""
    gone = Settings(home=tmp_path / "gone", _env_file=None)
    async with desks.serving(gone) as client:
        detail = problem(await client.get("/health/ready"))["detail"]
    assert "data folder cannot be opened" in detail


async def test_a_read_only_ledger_is_still_read(sqlite_settings: Settings) -> None:
    """On a read-only disk reading goes on; writing is a 503 that names the cause."""
    key = await desks.new_key(sqlite_settings, "shop", ["intake"])
    url = f"sqlite:///file:{sqlite_settings.home}/deskhand.db?mode=ro&uri=true"
    async with desks.serving(sqlite_settings.model_copy(update={"database_url": url})) as client:
        assert (await client.get("/v1/tickets", headers=key)).status_code == 200
        refused = await client.post("/v1/tickets", json={"text": "a"}, headers=key)
        for response in (refused, await client.get("/health/ready")):
            assert response.status_code == 503
            assert "the data folder is read-only" in problem(response)["detail"]


async def test_damage_that_was_met_is_told_by_readiness(sqlite_settings: Settings) -> None:
    """The page of one table is damaged: readiness uses others, and says so once somebody has met it."""
    key = await desks.new_key(sqlite_settings, "shop", ["intake"])
    damage_page(sqlite_settings.home / "deskhand.db", "journal")
    async with desks.serving(sqlite_settings) as client:
        before = (await client.get("/health/ready")).json()
        refused = await client.post("/v1/tickets", json={"text": "a"}, headers=key)
        assert refused.status_code == 503
        assert "the database's file is damaged" in problem(refused)["detail"]
        await asyncio.sleep(FRESH_SECONDS)
        ready = (await client.get("/health/ready")).json()
    assert "ledger" not in {one["name"] for one in before["checks"]}
    (told,) = [one for one in ready["checks"] if one["name"] == "ledger"]
    assert (ready["status"], told["state"]) == ("degraded", "fail")
    assert told["detail"].startswith("The database's file is damaged: bring a backup back")


async def test_readiness_counts_what_waits(
    client: httpx2.AsyncClient, intake: dict[str, str]
) -> None:
    """A queued ticket shows in the figures, and that nobody works."""
    await client.post("/v1/tickets", json={"text": "a"}, headers=intake)
    ready = (await client.get("/health/ready")).json()
    assert (ready["status"], ready["queued"], ready["waiting"]) == ("degraded", 1, 0)
    states = {one["name"]: one["state"] for one in ready["checks"]}
    assert states == {"workers": "fail", "index": "warn", "queue": "ok", "disk": "ok"}
    assert (await client.get("/health/ready", params={"strict": True})).status_code == 503


async def test_what_breaks_is_answered_and_logged_without_words(
    client: httpx2.AsyncClient, intake: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A defect gives a problem with an id; the log has its class and place, not its message."""

    def broken(_: object) -> str:
        raise ValueError("ann@example.com said a secret")

    monkeypatch.setattr(routes, "digest", broken)
    with capture_logs() as logs:
        response = await client.post("/v1/tickets", json={"text": "my secret"}, headers=intake)
    assert response.status_code == 500
    assert problem(response)["request_id"] in problem(response)["detail"]
    written = json.dumps(logs)
    assert "ValueError" in written
    assert "secret" not in written
    assert "ann@" not in written


async def test_the_log_names_route_and_ticket_and_no_words(
    client: httpx2.AsyncClient, intake: dict[str, str]
) -> None:
    """One line for each request: route, status, duration, ticket; neither text nor address."""
    body = {"text": "confidential", "customer": {"email": "ann@example.com"}}
    with capture_logs() as logs:
        response = await client.post("/v1/tickets", json=body, headers=intake)
        await client.get(response.headers["location"], headers=intake)
    posted, read = [line for line in logs if line["event"] == "request"]
    assert (posted["route"], posted["status"]) == ("/v1/tickets", 202)
    assert posted["ticket"] == read["ticket"] == response.json()["id"]
    assert posted["duration_ms"] > 0
    assert "confidential" not in json.dumps(logs)
    assert "ann@" not in json.dumps(logs)


def test_each_error_has_a_name_of_its_own() -> None:
    """Callers decide on the type, so no two classes share one, and subclasses are looked up."""
    names = [meaning.name for meaning in errors.MEANINGS.values()]
    assert len(set(names)) == len(names)
    assert errors.meaning_of(faults.TooManyStreams("x", 1)).name == "too-many-streams"
    assert errors.meaning_of(RuntimeError()).status == 500


async def test_the_description_is_honest(client: httpx2.AsyncClient) -> None:
    """OpenAPI shows both ways to send a key, and problem+json for every error."""
    described = (await client.get("/openapi.json")).json()
    assert set(described["components"]["securitySchemes"]) == {"HTTPBearer", "APIKeyHeader"}
    post = described["paths"]["/v1/tickets"]["post"]
    assert {"HTTPBearer": ["intake"]} in post["security"]
    for path in described["paths"].values():
        for operation in path.values():
            for status, response in operation["responses"].items():
                if status.startswith(("4", "5")):
                    assert list(response["content"]) == ["application/problem+json"]
