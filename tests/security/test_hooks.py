"""Webhooks of helpdesks under attack: who did not sign learns nothing and changes nothing."""

import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
import yaml

from api.http.hooks.routes import MOST_BYTES
from api.settings import Settings
from evals.stack.helpdesks.world import SECRET, TOKEN, HelpdeskServer, HookSent, Talk
from memory.channels import pokes
from memory.channels.pokes import Poked
from memory.storage.database import Database
from tests import desks
from tests.helpdesks import SERVERS, URL

OTHER_SECRET = "another-secret-of-bolt"
STAMPED = ("chatwoot", "zendesk")
"""Those that sign the moment with the body."""


@dataclass
class Gate:
    """Two tenants with a helpdesk each, of the same kind."""

    client: httpx2.AsyncClient
    server: HelpdeskServer
    settings: Settings
    talk: Talk

    async def post(
        self, sent: HookSent, tenant: str = "acme", headers: Mapping[str, str] | None = None
    ) -> int:
        """The status that a webhook gets."""
        said = {**sent.headers, **(headers or {}), "Content-Type": "application/json"}
        encoded = [(name.encode(), value.encode("latin-1")) for name, value in said.items()]
        path = f"/v1/hooks/{tenant}/{self.server.name}"
        answer = await self.client.post(path, content=sent.body, headers=encoded)
        return answer.status_code

    def genuine(self, at: float | None = None) -> HookSent:
        """A webhook as the helpdesk signs it."""
        return self.server.hook(self.talk, self.talk.said[0], at=at or time.time())

    async def poked(self, tenant: str = "acme") -> Poked:
        """What is going to be read."""
        async with Database(self.settings.ledger_url) as ledger, ledger.reading() as session:
            return await pokes.waiting(session, tenant, self.server.name)


@pytest.fixture(params=list(SERVERS))
async def gate(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    template: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Gate]:
    """The application with a desk for each tenant."""
    server: HelpdeskServer = SERVERS[request.param]()
    folder = tmp_path / "desks"
    folder.mkdir()
    for tenant, secret in (("acme", SECRET), ("bolt", OTHER_SECRET)):
        names = {"token": f"{tenant}_TOKEN".upper(), "webhook_secret": f"{tenant}_HOOK".upper()}
        monkeypatch.setenv(names["token"], TOKEN)
        monkeypatch.setenv(names["webhook_secret"], secret)
        part: dict[str, Any] = {field: f"${{{name}}}" for field, name in names.items()}
        channels = {server.name: {**server.settings(URL), **part}}
        desk = {"tenant": tenant, "company": tenant, "channels": channels}
        (folder / f"{tenant}.yaml").write_text(yaml.safe_dump(desk), encoding="utf-8")
    settings = desks.settings_in(tmp_path / "home", template, desk=folder)
    talk = server.world.opens("Where is my order?")
    async with desks.serving(settings) as client:
        yield Gate(client, server, settings, talk)


async def test_a_genuine_webhook_names_its_conversation(gate: Gate) -> None:
    """And a replayed one names the same again, which is read once more and brings nothing."""
    sent = gate.genuine()
    assert [await gate.post(sent) for _ in range(3)] == [200, 200, 200]
    assert (await gate.poked()).refs == {str(gate.talk.id): 3}


@pytest.mark.parametrize("attack", ["no signature", "wrong", "other body", "empty", "not ascii"])
async def test_an_unsigned_webhook_is_refused(gate: Gate, attack: str) -> None:
    """Whatever is wrong with it, the answer is the same."""
    sent = gate.genuine()
    signature = next(name for name in sent.headers if name.lower().endswith("signature"))
    wrong: dict[str, HookSent] = {
        "no signature": HookSent({}, sent.body),
        "wrong": HookSent({**sent.headers, signature: "sha256=" + "0" * 64}, sent.body),
        "other body": HookSent(sent.headers, sent.body + b" "),
        "empty": HookSent({**sent.headers, signature: ""}, b""),
        "not ascii": HookSent({**sent.headers, signature: "\u00e9\u00e9"}, sent.body),
    }
    assert await gate.post(wrong[attack]) == 401
    assert (await gate.poked()) == Poked({})


async def test_an_old_webhook_is_refused(gate: Gate) -> None:
    """Where the moment is signed; it is found by the poll all the same."""
    if gate.server.name not in STAMPED:
        pytest.skip("signs no moment: a replay only has a conversation read again")
    hours = [-3_600, 3_600]
    assert [await gate.post(gate.genuine(time.time() + one)) for one in hours] == [401, 401]


async def test_another_tenants_webhook_is_refused(gate: Gate) -> None:
    """A secret is good for one address; an address that nobody has answers like any other."""
    sent = gate.genuine()
    assert [await gate.post(sent, one) for one in ("bolt", "nobody")] == [401, 401]
    assert (await gate.poked("bolt")) == Poked({})
    answers = [
        await gate.client.post(f"/v1/hooks/{one}/{gate.server.name}", content=b"{}")
        for one in ("acme", "nobody")
    ]
    bodies = [{**one.json(), "request_id": ""} for one in answers]
    assert bodies[0] == bodies[1]


async def test_a_huge_webhook_is_refused(gate: Gate) -> None:
    """Before anything is computed from it."""
    huge = HookSent(gate.genuine().headers, b" " * (MOST_BYTES + 1))
    assert await gate.post(huge) == 401
    assert await gate.post(HookSent({}, b" " * 2_000_000)) == 413


async def test_an_event_of_no_interest_is_counted(gate: Gate) -> None:
    """It gets 200, or the other side would send it again and again."""
    assert await gate.post(gate.server.other_hook(at=time.time())) == 200
    found = await gate.poked()
    assert (found.refs, found.ignored) == ({}, 1)


async def test_a_helpdesk_that_is_not_there_has_no_address(gate: Gate) -> None:
    """Neither another kind nor another method."""
    assert (await gate.client.post("/v1/hooks/acme/freshdesk", content=b"{}")).status_code == 422
    assert (await gate.client.get(f"/v1/hooks/acme/{gate.server.name}")).status_code == 405
