"""Every route of the document, for every role, with its own, a foreign and no id: each cell asserted."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest

from api.http.app import create_app
from api.http.handoffs import events as handoff_events
from api.http.knowledge import routes as knowledge
from api.http.tickets import events
from api.settings import Settings
from memory.people import people
from memory.storage.database import Database
from tests import desks
from tests.bodies import BODIES

Json = dict[str, Any]
ROLES = {
    "nobody": (),
    "submit": ("submit",),
    "intake": ("intake",),
    "vouching": ("intake", "vouch"),
    "agent": ("agent",),
    "lead": ("agent", "lead"),
    "admin": ("admin",),
}
OPEN = {("post", "/v1/session"), ("get", "/health/live"), ("get", "/health/ready")}
"""What nobody has to be known for."""
SECRET = "zebra-of-bolt"
"""Stands in everything of the other tenant."""
FOREIGN_ID = {"ticket_id", "handoff_id", "key_id", "person_id"}
"""Ids of which the other tenant has one."""
UNSHARED = {"correction_id", "erasure_id", "doc_id", "address", "kind", "name"}
UNSHARED |= {"webhook_id", "delivery_id"}
"""The rest: in the matrix they name nothing, which they must say to everybody alike."""


@dataclass(frozen=True)
class Route:
    """One operation of the document."""

    method: str
    path: str
    scopes: frozenset[str]
    """Any of them suffices."""
    body: Json | None
    queries: tuple[str, ...]
    ids: tuple[str, ...]

    def allows(self, role: str) -> bool:
        """What the document says of a role."""
        has = set(ROLES[role])
        if "admin" in has or (self.method, self.path) in OPEN:
            return True
        taken = {"intake"} if self.scopes == {"intake"} and "submit" in has else set()
        return bool(self.scopes & (has | taken))


def routes() -> list[Route]:
    """All operations, as the application describes them."""
    document = create_app(Settings(_env_file=None)).openapi()
    return [
        _route(method, path, said)
        for path, methods in document["paths"].items()
        for method, said in methods.items()
    ]


def _route(method: str, path: str, said: Json) -> Route:
    schema = json.dumps(said.get("requestBody", {}))
    names = [name for name in BODIES if f'schemas/{name}"' in schema]
    parameters = said.get("parameters", [])
    return Route(
        method,
        path,
        frozenset(
            one for need in said.get("security", []) for any_ in need.values() for one in any_
        ),
        dict(BODIES[names[0]]) if names else None,
        tuple(one["name"] for one in parameters if one["in"] == "query"),
        tuple(one["name"] for one in parameters if one["in"] == "path"),
    )


ALL = routes()


@dataclass
class World:
    """The application with one key a role at acme, and things of two tenants."""

    client: httpx2.AsyncClient
    keys: dict[str, dict[str, str]]
    foreign: dict[str, str]
    other: dict[str, str]
    """The key of the other tenant."""

    async def ask(self, route: Route, role: str, ids: Mapping[str, str], **more: Any) -> Any:
        """What the route answers to the role."""
        self.client.cookies.clear()
        path = route.path.format(**{name: ids.get(name, "none") for name in route.ids})
        if "address" in route.ids:
            path = path.replace("none", "none@example.com")
        body = {"json": route.body} if route.body is not None else {}
        given: Json = {"headers": self.keys[role], **body, **more}
        return await self.client.request(route.method, path, **given)


@pytest.fixture
async def world(
    tmp_path: Path, template: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[World]:
    """Everything of bolt carries its secret."""
    for module in (events, handoff_events):
        monkeypatch.setattr(module, "LIFETIME_SECONDS", 0.0)
    for name in ("SEARCH_SECONDS", "SURVEY_SECONDS"):
        monkeypatch.setattr(knowledge, name, 0.01)  # no worker runs here
    settings = desks.settings_in(tmp_path, template)
    keys = {"nobody": {}} | {
        role: await desks.new_key(settings, f"key-{role}", scopes)
        for role, scopes in ROLES.items()
        if scopes
    }
    other = await desks.new_key(settings, SECRET, ["admin"], tenant="bolt")
    async with desks.serving(settings) as client:
        body = {"subject": SECRET, "text": SECRET, "customer": {"email": f"{SECRET}@example.com"}}
        posted = await client.post("/v1/tickets", json=body, headers=other)
        ticket = str(posted.json()["id"])
        await desks.hand_off(settings, ticket, "hnd_bolt", tenant="bolt", explanation=SECRET)
        mine = await client.post("/v1/tickets", json={"text": "mine"}, headers=keys["intake"])
        await desks.hand_off(settings, str(mine.json()["id"]), "hnd_acme")
        key = other["Authorization"].split("_")[1]
        person = await _person(settings)
        foreign = {
            "ticket_id": ticket,
            "handoff_id": "hnd_bolt",
            "key_id": key,
            "person_id": person,
        }
        yield World(client, keys, foreign, other)


async def _person(settings: Settings) -> str:
    database = Database(settings.ledger_url)
    async with database.transaction() as session:
        made = await people.create(
            session, "bolt", name=SECRET, email="eve@example.com", role="admin", password="x"
        )
    await database.close()
    return made.id


def test_the_matrix_knows_every_body_and_id() -> None:
    """A new route has to say here what is sent to it."""
    document = create_app(Settings(_env_file=None)).openapi()
    assert len(ALL) > 50
    for path, methods in document["paths"].items():
        for method, said in methods.items():
            route = next(one for one in ALL if (one.method, one.path) == (method, path))
            needs = said.get("requestBody", {}).get("required", False)
            assert route.body is not None or not needs, f"{method} {path}"
            assert set(route.ids) <= FOREIGN_ID | UNSHARED, f"{method} {path}"


async def test_every_route_asks_who_calls_and_what_they_may(world: World) -> None:
    """Nobody gets 401, a role without the scope 403, and one that has it neither; no 5xx ever."""
    wrong = []
    for route in ALL:
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
    for route in ALL:
        if not set(route.ids) & FOREIGN_ID:
            continue
        for role in ROLES:
            foreign = await world.ask(route, role, world.foreign)
            nothing = await world.ask(route, role, {})
            seen += 1
            names = [world.foreign[one] for one in route.ids if one in world.foreign]
            said = foreign.text
            for name in names:
                said = said.replace(name, "none")
            same = (foreign.status_code, _plain(said)) == (
                nothing.status_code,
                _plain(nothing.text),
            )
            if not same or SECRET in foreign.text or (route.allows(role) and _found(foreign)):
                wrong.append((route.method, route.path, role, foreign.status_code))
    assert seen > 100
    assert wrong == []


def _found(answer: Any) -> bool:
    return answer.status_code < 400


def _plain(text: str) -> Any:
    try:
        found = json.loads(text)
    except json.JSONDecodeError:
        return text
    if isinstance(found, dict):
        found.pop("request_id", None)
    return found


async def test_a_foreign_id_in_a_query_or_cursor_shows_nothing(world: World) -> None:
    """Whatever is put into any parameter of any route that reads."""
    values = [*world.foreign.values(), SECRET, f"{SECRET}@example.com", "1"]
    seen = 0
    for route in ALL:
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
