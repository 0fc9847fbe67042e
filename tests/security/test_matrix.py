"""Every route of the document, for every role, with its own, a foreign and no id: each cell asserted."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from api.http.app import create_app
from api.http.knowledge import routes as knowledge
from api.http.tickets import events
from api.settings import Settings
from tests import desks
from tests.matrix import (
    FOREIGN_ID,
    OPEN,
    ROLES,
    SECRET,
    VOLATILE,
    WORDS,
    Json,
    World,
    nothing,
    routes,
    two_tenants,
)


@pytest.fixture
async def world(
    tmp_path: Path, template: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[World]:
    """The application with things of two tenants; no stream and no worker is waited for."""
    monkeypatch.setattr(events, "LIFETIME_SECONDS", 0.0)
    for name in ("SEARCH_SECONDS", "SURVEY_SECONDS"):
        monkeypatch.setattr(knowledge, name, 0.01)  # no worker runs here
    async with two_tenants(desks.settings_in(tmp_path, template)) as made:
        yield made


def test_the_matrix_knows_every_body_and_id() -> None:
    """A new route has to say here what is sent to it."""
    document = create_app(Settings(_env_file=None)).openapi()
    assert len(routes()) > 50
    for path, methods in document["paths"].items():
        for method, said in methods.items():
            route = next(one for one in routes() if (one.method, one.path) == (method, path))
            needs = said.get("requestBody", {}).get("required", False)
            assert route.body is not None or not needs, f"{method} {path}"
            assert set(route.ids) <= FOREIGN_ID | WORDS, f"{method} {path}"
    assert {one for route in routes() for one in route.ids} == FOREIGN_ID | WORDS


async def test_every_route_asks_who_calls_and_what_they_may(world: World) -> None:
    """Nobody gets 401, a role without the scope 403, and one that has it neither; no 5xx ever."""
    wrong = []
    for route in routes():
        for role in ROLES:
            answer = await world.ask(route, role, {})
            allowed, status = route.allows(role), answer.status_code
            if (route.method, route.path) in OPEN:
                right = status != 403
            elif role == "nobody":
                right = status == 401
            elif allowed:
                # A key has no session of a person: routes of a session say so.
                right = status != 401 and (status != 403 or "/session" in route.path)
            else:
                right = status == 403
            if not right or status == 500 or SECRET in answer.text:
                wrong.append((route.method, route.path, role, status))
    assert wrong == []


async def test_a_foreign_id_in_a_path_is_an_unknown_one(world: World) -> None:
    """Same status, same words but for the id, and nothing of the other tenant: for every role."""
    wrong, seen = [], 0
    for route in routes():
        if not set(route.ids) & FOREIGN_ID:
            continue
        for role in ROLES:
            foreign = await world.ask(route, role, world.foreign)
            unknown = await world.ask(route, role, {})
            seen += 1
            said = foreign.text
            for one in route.ids:
                said = said.replace(world.foreign[one], nothing(one))
            same = (foreign.status_code, _plain(said)) == (
                unknown.status_code,
                _plain(unknown.text),
            )
            shown = "address" not in route.ids and route.allows(role) and foreign.is_success
            if not same or SECRET in said or shown:
                wrong.append((route.method, route.path, role, foreign.status_code))
    assert seen > 100
    assert wrong == []


async def test_a_foreign_customer_stays_whole(world: World) -> None:
    """To erase an address that is another tenant's customer as well removes nothing of theirs."""
    address = world.foreign["address"]
    mine = await world.client.delete(f"/v1/customers/{address}", headers=world.keys["admin"])
    assert mine.status_code == 202
    theirs = await world.client.get(f"/v1/customers/{address}", headers=world.other)
    assert world.foreign["ticket_id"] in theirs.text


def _plain(text: str) -> Any:
    try:
        found = json.loads(text)
    except json.JSONDecodeError:
        return text
    if isinstance(found, dict) and "status_url" in found:
        found["status_url"] = found["status_url"].replace(found.pop("id"), "it")
    return (
        {name: found[name] for name in found.keys() - VOLATILE}
        if isinstance(found, dict)
        else found
    )


async def test_a_foreign_id_in_a_query_or_cursor_shows_nothing(world: World) -> None:
    """Whatever is put into any parameter of any route that reads."""
    values = [*world.foreign.values(), SECRET, f"{SECRET}@example.com", "1"]
    seen = 0
    for route in routes():
        worker = "search" in route.path or "survey" in route.path
        if route.method != "get" or worker or (route.method, route.path) in OPEN:
            continue
        for name in route.queries:
            for value in values:
                answer = await world.ask(route, "admin", {}, params={name: value})
                seen += 1
                # The address of the next page may repeat what was asked for, and nothing else may.
                shown = {**answer.json(), "next": None} if answer.is_success else {}
                assert SECRET not in json.dumps(shown), (route.path, name)
                assert answer.status_code < 500, (route.path, name)
    assert seen > 100


async def test_a_foreign_id_in_a_stream_shows_nothing(world: World) -> None:
    """A stream that is resumed from anywhere tells nothing of another tenant."""
    for path in ("/v1/handoffs/events", f"/v1/tickets/{world.foreign['ticket_id']}/events"):
        for last in ("0", "1", "2147483647"):
            headers = world.keys["admin"] | {"Last-Event-ID": last}
            answer = await world.client.get(path, headers=headers)
            assert SECRET not in answer.text
            assert "hnd_bolt" not in answer.text


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/handoffs/bulk/close", {"ids": ["hnd_bolt"]}),
        ("/v1/handoffs/hnd_acme/merge", {"into": "hnd_bolt"}),
        ("/v1/handoffs/hnd_acme/assign", {"to": SECRET}),
        ("/v1/handoffs/hnd_acme/transfer", {"to": SECRET}),
        ("/v1/knowledge/cleared", {"doc_id": "doc_bolt", "version": "none"}),
        (
            "/v1/handoffs/hnd_acme/corrections",
            {"kind": "article_wrong", "article": "doc_bolt"},
        ),
    ],
)
async def test_a_foreign_id_in_a_body_changes_nothing(world: World, path: str, body: Json) -> None:
    """The other tenant's handoff stays as it is, and its words stay unsaid."""
    theirs = "/v1/handoffs/hnd_bolt"
    before = (await world.client.get(theirs, headers=world.other)).json()
    answer = await world.client.post(path, json=body, headers=world.keys["admin"])
    after = (await world.client.get(theirs, headers=world.other)).json()
    assert answer.status_code < 500
    assert SECRET not in answer.text
    assert (before["status"], before["version"]) == (after["status"], after["version"])
