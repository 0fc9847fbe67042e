"""What a lead does about a gap over HTTP: dismiss it, take that back, write the article."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from memory.handoffs import corrections
from memory.storage.database import Database
from tests import desks

Header = dict[str, str]
ASKS = [{"id": "a1", "text": "Is there a dark mode?"}, {"id": "a2", "text": "May I pay in yen?"}]
STORY = {"summary": "", "suggestion": None, "actions": [], "asks": ASKS}


@pytest.fixture
async def client(tmp_path: Path, template: Path) -> AsyncIterator[httpx2.AsyncClient]:
    """The application with a ticket at a person, whose two asks nothing answered."""
    settings = desks.settings_in(tmp_path / "home", template)
    shop = await desks.new_key(settings, "shop", ["intake"])
    for name, scopes in (("Ann", ["agent"]), ("Lea", ["agent", "lead"])):
        shop[name] = (await desks.new_key(settings, name, scopes))["Authorization"]
    async with desks.serving(settings) as opened:
        posted = await opened.post("/v1/tickets", json={"text": "Dark mode?"}, headers=shop)
        await desks.hand_off(settings, posted.json()["id"], "hnd_1", story=STORY)
        opened.headers |= shop
        opened.headers["X-Ticket"] = posted.json()["id"]
        opened.headers["X-Ledger"] = settings.ledger_url
        yield opened


async def send(client: httpx2.AsyncClient, who: str, method: str, path: str, body: Any) -> Any:
    """What is answered to that person."""
    headers = {"Authorization": client.headers[who]}
    return await client.request(method, path, json=body, headers=headers)


async def dismissed(client: httpx2.AsyncClient) -> set[str]:
    """The words of asks that need no article."""
    async with Database(client.headers["X-Ledger"]) as database, database.reading() as session:
        return set(await corrections.dismissed(session, desks.TENANT))


async def test_a_gap_is_dismissed_once_and_listed_again(client: httpx2.AsyncClient) -> None:
    """By the words of its ask; each ask of a ticket for itself."""
    path = f"/v1/tickets/{client.headers['X-Ticket']}/corrections"
    first = {"kind": "gap_dismissed", "ask": "a1"}
    made = await send(client, "Ann", "POST", path, first)
    assert (made.status_code, made.json()["question"]) == (201, "Is there a dark mode?")
    again = await send(client, "Ann", "POST", path, first)
    assert again.json()["id"] == made.json()["id"]
    await send(client, "Ann", "POST", path, {"kind": "gap_dismissed", "ask": "a2"})
    assert await dismissed(client) == {"Is there a dark mode?", "May I pay in yen?"}
    await send(client, "Ann", "POST", f"/v1/corrections/{made.json()['id']}/undo", None)
    assert await dismissed(client) == {"May I pay in yen?"}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"kind": "gap_dismissed", "ask": "a9"}, 409),
        ({"kind": "gap_dismissed"}, 409),
        ({"kind": "answer_wrong", "ask": "a1"}, 422),
    ],
)
async def test_an_ask_that_is_none_dismisses_nothing(
    client: httpx2.AsyncClient, body: dict[str, str], status: int
) -> None:
    """An unknown one, none, or one beside another kind of correction."""
    path = f"/v1/tickets/{client.headers['X-Ticket']}/corrections"
    assert (await send(client, "Ann", "POST", path, body)).status_code == status
    assert await dismissed(client) == set()


async def test_a_lead_writes_and_changes_an_article(client: httpx2.AsyncClient) -> None:
    """A draft first; an agent may not, and a title of characters without shape is refused."""
    body = {"title": "Dark mode", "text": "There is none yet."}
    assert (await send(client, "Ann", "POST", "/v1/articles", body)).status_code == 403
    blank = await send(client, "Lea", "POST", "/v1/articles", {**body, "title": "\u200b"})
    assert (blank.status_code, "title is blank" in blank.text) == (422, True)
    made = (await send(client, "Lea", "POST", "/v1/articles", body)).json()
    assert (made["doc_id"], made["visibility"], made["written_here"]) == (
        "dark-mode",
        "draft",
        True,
    )
    wanted = {**body, "text": "From May on.", "visibility": "public"}
    changed = await send(client, "Lea", "PUT", "/v1/articles/dark-mode", wanted)
    assert (changed.json()["text"], changed.json()["visibility"]) == ("From May on.", "public")
    gone = await send(client, "Lea", "PUT", "/v1/articles/light-mode", wanted)
    assert gone.status_code == 404
