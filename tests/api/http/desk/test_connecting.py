"""Channels connected over HTTP: asked for, tried, written into desk.yaml; secrets stay out of sight."""

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from api.channels.connecting.channel_block import AnswerRefused, answered
from api.channels.helpdesk.source import POLL
from api.ledger import open_ledger
from api.settings import Settings
from evals.stack.helpdesks.serving import listening
from evals.stack.helpdesks.world import TOKEN
from graph.desk.file import load_desk
from memory.channels import states
from memory.sealing.keyring import new_key
from tests import desks
from tests.helpdesks import SERVERS

DESK = 'tenant: acme\ncompany: "Acme"  # kept\n'
HOOK_SECRET = "what the helpdesk shows"


@pytest.fixture
def settings(tmp_path: Path, template: Path) -> Settings:
    """A desk without channels that may call this machine, with a key: a server keeps no secret without."""
    hosts = ("127.0.0.1",)
    return desks.settings_with(
        tmp_path, template, DESK, webhook_private_hosts=hosts, encryption_key=new_key()
    )


@pytest.fixture
def chatwoot() -> Iterator[str]:
    """Where one answers."""
    with listening(SERVERS["chatwoot"]().app) as url:
        yield url


async def test_a_helpdesk_is_connected_and_told_its_secret_once(
    client: httpx2.AsyncClient, settings: Settings, chatwoot: str
) -> None:
    """A wrong token writes nothing; a right one is kept beside the database and shown by nobody."""
    admin = await desks.new_key(settings, "the admin", ["admin"])
    lead = await desks.new_key(settings, "the lead", ["agent", "lead"])
    kinds = (await client.get("/v1/channels/kinds", headers=admin)).json()["items"]
    asked = {one["name"]: one["secret"] for one in kinds[2]["questions"]}
    assert (kinds[2]["name"], asked["url"], asked["token"]) == ("chatwoot", False, True)
    answers = {"url": chatwoot, "account": "1", "token": "wrong"}
    path = "/v1/channels/chatwoot/connect"
    assert (await client.post(path, json={"answers": answers}, headers=lead)).status_code == 403
    wrong = (await client.post(path, json={"answers": answers}, headers=admin)).json()
    assert (wrong["well"], wrong["written"]) == (False, False)
    assert "refuses the token" in wrong["lines"][0]
    assert settings.desk.read_text(encoding="utf-8") == DESK

    answers["token"] = TOKEN
    made = await client.post(path, json={"answers": answers}, headers=admin)
    assert made.json()["written"], made.text
    assert any("/v1/hooks/acme/chatwoot" in one for one in made.json()["steps"])
    secret = {"secret": HOOK_SECRET}
    given = await client.post("/v1/channels/chatwoot/secret", json=secret, headers=admin)
    assert given.status_code == 204
    text = settings.desk.read_text(encoding="utf-8")
    assert text.startswith(DESK)
    channel = load_desk(settings.desk, settings.variables).channels.chatwoot
    assert channel is not None
    assert (channel.token, channel.webhook_secret) == (TOKEN, HOOK_SECRET)
    listed = await client.get("/v1/channels", headers=admin)
    assert [one["name"] for one in listed.json()["items"]] == ["chatwoot"]
    audit = await client.get("/v1/audit", headers=admin)
    assert "Connect a channel" in audit.text
    for shown in (text, made.text, listed.text, audit.text):
        assert TOKEN not in shown
        assert HOOK_SECRET not in shown
    assert await position(settings)
    again = await client.post(path, json={"answers": answers}, headers=admin)
    assert (again.status_code, "already" in again.text) == (409, True)


async def position(settings: Settings) -> bool:
    """Whether it is written down from where it is read."""
    async with open_ledger(settings) as database, database.reading() as session:
        found = await states.cursor(session, "acme", "chatwoot", POLL)
    return bool(found)


async def test_a_private_address_has_to_be_allowed(
    client: httpx2.AsyncClient, settings: Settings
) -> None:
    """An admin of a tenant does not look around in the network of whoever runs Deskhand."""
    admin = await desks.new_key(settings, "the admin", ["admin"])
    answers = {"address": "help@acme.example", "password": "x", "imap": "127.0.0.2:143"}
    answers |= {"smtp": "127.0.0.2:25", "security": "none"}
    tried = await client.post("/v1/channels/mail/connect", json={"answers": answers}, headers=admin)
    assert "127.0.0.2 is a private address" in tried.json()["lines"][0]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"user": "${PATH}"}, "user"),
        ({"address": "a@b.example\nimap: x"}, "address"),
        ({"address": "nobody"}, "address"),
        ({"security": "some"}, "security"),
        ({"password": ""}, "password"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_an_answer_that_makes_no_channel_is_named(changed: dict[str, str], field: str) -> None:
    """Variables of our environment are nobody's answer, and a line is a line."""
    with pytest.raises(AnswerRefused) as refused:
        answered("mail", {"address": "help@acme.example", "password": "x"} | changed)
    assert refused.value.name == field
