"""The desk's own people see a reply being written; nobody else, and nothing of it later."""

import asyncio
import json
from functools import partial

import httpx2
import pytest

from api.http.tickets import writing
from api.settings import Settings
from memory import live_drafts
from memory.live_drafts import Shown
from memory.storage.database import Database
from memory.tickets import driving
from tests import desks
from tests.waiting import LONGEST_SECONDS


@pytest.fixture
async def ticket(client: httpx2.AsyncClient, intake: dict[str, str]) -> str:
    """A ticket that waits for a worker."""
    posted = await client.post("/v1/tickets", json={"text": "help"}, headers=intake)
    return str(posted.json()["id"])


async def test_who_looks_on_sees_the_text_grow_until_the_ticket_rests(
    client: httpx2.AsyncClient,
    agent: dict[str, str],
    settings: Settings,
    ticket: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each event holds the whole of what is shown."""
    monkeypatch.setattr(writing, "LOOK_SECONDS", 0.01)
    stream = asyncio.create_task(client.get(f"/v1/tickets/{ticket}/writing", headers=agent))
    async with Database(settings.ledger_url) as database:
        await database.units.write(lambda do: driving.begin_in(do, ticket, run=1))
        async with asyncio.timeout(LONGEST_SECONDS):
            while not await database.units.look(live_drafts.watched_in):  # noqa: ASYNC110 - no event tells of it
                await asyncio.sleep(0.01)
        for text in ("Parcels", "Parcels take two days."):
            shown = Shown(ticket, desks.TENANT, 1, text, 1.0)
            await database.units.write(partial(live_drafts.show_in, one=shown))
            await asyncio.sleep(0.3)
        await database.units.write(
            lambda do: do.run("UPDATE tickets SET status = 'waiting' WHERE id = ?", (ticket,))
        )
    answer = await asyncio.wait_for(stream, LONGEST_SECONDS)
    lines = [line.removeprefix("data: ") for line in answer.text.splitlines() if "data: " in line]
    texts = dict.fromkeys(json.loads(line).get("text") for line in lines)
    assert list(texts) == ["Parcels", "Parcels take two days.", None]


async def test_a_key_of_the_website_sees_nothing_of_it(
    client: httpx2.AsyncClient, intake: dict[str, str], settings: Settings, ticket: str
) -> None:
    """It has not been checked, so it is nobody's but the desk's: not even of another desk."""
    refused = await client.get(f"/v1/tickets/{ticket}/writing", headers=intake)
    assert refused.status_code == httpx2.codes.FORBIDDEN
    other = await desks.new_key(settings, "Ben", ["agent"], "other")
    unknown = await client.get(f"/v1/tickets/{ticket}/writing", headers=other)
    assert unknown.status_code == httpx2.codes.NOT_FOUND
