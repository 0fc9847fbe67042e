"""The routes of the document, and two tenants: what each role may ask, and what is not its own."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpx2

from api.http.app import create_app
from api.settings import Settings
from memory.knowledge.article_draft import ArticleDraft
from memory.knowledge.staging import stage
from memory.people import people
from memory.storage.database import Database
from memory.tables import WebhookDelivery, WebhookEndpoint
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
OPEN = {
    ("post", "/v1/session"),
    ("post", "/v1/session/code"),
    ("get", "/health/live"),
    ("get", "/health/ready"),
}
"""What nobody has to be known for."""
SECRET = "zebra-of-bolt"
"""Stands in everything of the other tenant."""
FOREIGN_ID = set(
    """
    ticket_id file_id handoff_id key_id person_id correction_id erasure_id doc_id address
    webhook_id delivery_id
    """.split()
)
"""Names of ids in paths: the other tenant has one of each."""
DELIVERY = 470_115_220
"""A number that stands nowhere by chance."""
WORDS = {"kind", "name"}
"""Parts of paths that name no row: kinds, and names of intents and channels of the own desk."""
NOBODY = "none@example.com"
"""An address that no ticket came from, where an address stands for an id."""
VOLATILE = {"request_id", "requested_at"}
"""What differs between two answers to the same."""


def nothing(name: str) -> str:
    """What stands in a path for an id that nobody has."""
    return {"address": NOBODY, "delivery_id": "0"}.get(name, "none")


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


@cache
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
        path = route.path.format(**{name: ids.get(name, nothing(name)) for name in route.ids})
        body = {"json": route.body} if route.body is not None else {}
        given: Json = {"headers": self.keys[role], **body, **more}
        return await self.client.request(route.method, path, **given)


@asynccontextmanager
async def two_tenants(settings: Settings) -> AsyncIterator[World]:
    """Everything of bolt carries its secret."""
    keys: dict[str, dict[str, str]] = {"nobody": {}} | {
        role: await desks.new_key(settings, f"key-{role}", scopes)
        for role, scopes in ROLES.items()
        if scopes
    }
    other = await desks.new_key(settings, SECRET, ["admin"], tenant="bolt")
    async with desks.serving(settings) as client:
        file = await client.post(
            "/v1/files", params={"name": SECRET}, content=SECRET, headers=other
        )
        body = {
            "subject": SECRET,
            "text": SECRET,
            "customer": {"email": f"{SECRET}@example.com"},
            "files": [file.json()["id"]],
        }
        posted = await client.post("/v1/tickets", json=body, headers=other)
        ticket = str(posted.json()["id"])
        await desks.hand_off(settings, ticket, "hnd_bolt", tenant="bolt", explanation=SECRET)
        mine = await client.post("/v1/tickets", json={"text": "mine"}, headers=keys["intake"])
        await desks.hand_off(settings, str(mine.json()["id"]), "hnd_acme")
        correction = await client.post(
            "/v1/handoffs/hnd_bolt/corrections",
            json={"kind": "article_missing", "note": SECRET},
            headers=other,
        )
        erasure = await client.delete("/v1/customers/gone@example.com", headers=other)
        foreign = {
            "ticket_id": ticket,
            "file_id": str(file.json()["id"]),
            "handoff_id": "hnd_bolt",
            "key_id": other["Authorization"].split("_")[1],
            "person_id": await _person(settings),
            "correction_id": str(correction.json()["id"]),
            "erasure_id": str(erasure.json()["id"]),
            "doc_id": await _article(settings),
            "address": f"{SECRET}@example.com",
            **await _webhook(settings, ticket),
        }
        yield World(client, keys, foreign, other)


async def _person(settings: Settings) -> str:
    async with Database(settings.ledger_url) as database, database.transaction() as session:
        made = await people.create(
            session, "bolt", name=SECRET, email="eve@example.com", role="admin", password="x"
        )
    return made.id


async def _article(settings: Settings) -> str:
    async with Database(settings.ledger_url) as database:
        await stage(database, "bolt", [ArticleDraft("doc_bolt", SECRET, SECRET, None, "a.md")])
    return "doc_bolt"


async def _webhook(settings: Settings, ticket: str) -> dict[str, str]:
    async with Database(settings.ledger_url) as database, database.transaction() as session:
        session.add(
            WebhookEndpoint(
                id="whk_bolt", tenant="bolt", url=f"https://{SECRET}.example", created_by=SECRET
            )
        )
        delivery = WebhookDelivery(
            id=DELIVERY,
            event_id=SECRET,
            endpoint_id="whk_bolt",
            tenant="bolt",
            ticket_id=ticket,
            type="x",
        )
        session.add(delivery)
    return {"webhook_id": "whk_bolt", "delivery_id": str(DELIVERY)}
