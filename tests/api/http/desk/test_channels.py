"""The desk's channels over HTTP: how each stands, paused and resumed by leads, tried by admins."""

from collections.abc import Mapping
from pathlib import Path

import httpx2
import pytest

from api.channels import check
from api.channels.check import Asked, Tried
from api.settings import Settings
from memory.channels import states
from memory.storage.database import Database
from tests import desks
from tests.api.http.widget.test_widget import message, news, write

DESK = """
tenant: acme
company: Acme
channels:
  mail:
    address: help@acme.example
    imap: {host: 127.0.0.1, port: 1, security: none}
    smtp: {host: 127.0.0.1, port: 1, security: none}
  widget:
    origins: ["http://localhost:8999"]
"""
Keys = Mapping[str, dict[str, str]]


@pytest.fixture
def settings(tmp_path: Path, template: Path) -> Settings:
    """A desk with a mailbox that nobody answers at, and a widget."""
    return desks.settings_with(tmp_path, template, DESK)


@pytest.fixture
async def keys(settings: Settings) -> Keys:
    """One of each role."""
    roles = {"agent": ["agent"], "lead": ["agent", "lead"], "admin": ["admin"]}
    return {
        name: await desks.new_key(settings, f"the {name}", scopes) for name, scopes in roles.items()
    }


async def test_a_channel_says_what_is_wrong_with_it(
    client: httpx2.AsyncClient, settings: Settings, keys: Keys
) -> None:
    """Since when, what came last, and whether anybody runs it; each agent may see that."""
    async with Database(settings.ledger_url) as database, database.transaction() as session:
        await states.tell(session, "acme", "mail", "in", "the password is refused")
    await write(client, "a", message("How do I reset my password?"))
    answer = await client.get("/v1/channels", headers=keys["agent"])
    mail, widget = answer.json()["items"]
    assert (mail["name"], mail["at"], mail["level"]) == ("mail", ["help@acme.example"], "suggest")
    assert (mail["trouble"], mail["last_in"]) == ("the password is refused", None)
    assert widget["last_in"] is not None
    assert widget["running"]


async def test_a_paused_widget_takes_nothing_in_and_loses_nothing(
    client: httpx2.AsyncClient, keys: Keys
) -> None:
    """Its script is told to come again, and what was said before can still be read."""
    await write(client, "a", message("first"))
    assert (
        await client.post("/v1/channels/widget/pause", headers=keys["agent"])
    ).status_code == 403
    for _ in range(2):
        paused = await client.post("/v1/channels/widget/pause", headers=keys["lead"])
        assert paused.json()["paused_by"] == "the lead"
    refused = await write(client, "a", message("second", 2))
    assert (refused.status_code, refused.json()["retry_after"]) == (503, 30)
    assert len((await news(client, "a"))["items"]) == 1
    for _ in range(2):
        resumed = await client.post("/v1/channels/widget/resume", headers=keys["lead"])
        assert resumed.json()["paused_by"] is None
    assert (await write(client, "a", message("second", 2))).status_code == 202
    audit = await client.get("/v1/audit", headers=keys["admin"])
    assert "/v1/channels/{name}/pause" in audit.text


async def test_a_channel_is_tried_as_it_is_set_up(client: httpx2.AsyncClient, keys: Keys) -> None:
    """In a process of its own, with words that say what is wrong; only of the own desk's."""
    tried = await client.post("/v1/channels/mail/test", headers=keys["admin"])
    assert tried.json()["well"] is False
    assert "127.0.0.1" in tried.json()["lines"][0]
    unknown = await client.post("/v1/channels/zammad/test", headers=keys["admin"])
    assert unknown.status_code == 404


def test_a_try_that_breaks_is_a_result() -> None:
    """A channel that is none, or a library that fails, is told in a sentence."""
    assert check.tried(Asked("mail", {"address": "no address"})) == Tried(
        well=False, lines=["It could not be tried: the API's log says why."]
    )
