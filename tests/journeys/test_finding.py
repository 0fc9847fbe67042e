"""A person looks for a ticket of which they know a few words, over HTTP."""

from typing import Any

import httpx2

from api.settings import Settings
from memory.erasure import rows
from memory.storage.database import Database
from memory.tickets import fulltext
from tests import desks

LETTERS = (
    ("Heating", "The wombat house is cold since Tuesday.", "ann@example.com", "Ann Lee"),
    ("", "Which size fits a wombat?\nOrder BK-4410.", "bo@example.com", "Bo"),
    ("Thanks", "All is well.", "cy@example.com", "Cy"),
)


async def searched(client: httpx2.AsyncClient, key: dict[str, str], **asked: Any) -> list[Any]:
    """Titles that a search finds, each with what is shown of the conversation."""
    page = (await client.get("/v1/tickets", params=asked, headers=key)).raise_for_status().json()
    return [(one["title"], one["customer_name"], one["said"]) for one in page["items"]]


async def test_tickets_are_found_by_what_was_said_and_by_whom(settings: Settings) -> None:
    """Whether or not a person ever had them; with the line in which the word stands."""
    key = await desks.new_key(settings, "shop", ["intake"])
    other = await desks.new_key(settings, "rival", ["intake"], tenant="rival")
    async with desks.serving(settings) as client:
        for subject, text, email, name in LETTERS:
            body = {"subject": subject, "text": text, "customer": {"email": email, "name": name}}
            (await client.post("/v1/tickets", json=body, headers=key)).raise_for_status()
        async with Database(settings.ledger_url) as database:
            await fulltext.catch_up(database.units)
        assert await searched(client, key, q="wombat") == [
            ("Which size fits a wombat?", "Bo", "Which size fits a wombat?"),
            ("Heating", "Ann Lee", "The wombat house is cold since Tuesday."),
        ]
        assert await searched(client, key, q="wombat ann@example.com") == [
            ("Heating", "Ann Lee", "The wombat house is cold since Tuesday.")
        ]
        assert [one[1] for one in await searched(client, key, q="bk-4410")] == ["Bo"]
        assert [one[0] for one in await searched(client, key, q="haeting")] == ["Heating"]
        assert await searched(client, key, q="wombat", status="settled") == []
        assert await searched(client, key, q="kangaroo") == []
        assert await searched(client, other, q="wombat") == []
        assert len(await searched(client, key)) == len(LETTERS)


async def test_a_search_goes_on_where_its_page_ended(settings: Settings) -> None:
    """`next` keeps the words."""
    key = await desks.new_key(settings, "shop", ["intake"])
    async with desks.serving(settings) as client:
        for number in range(5):
            body = {"text": f"{'A wombat' if number % 2 == 0 else 'A toad'} number {number}."}
            (await client.post("/v1/tickets", json=body, headers=key)).raise_for_status()
        async with Database(settings.ledger_url) as database:
            await fulltext.catch_up(database.units)
        first = await client.get("/v1/tickets", params={"q": "womb", "limit": 2}, headers=key)
        second = await client.get(first.json()["next"], headers=key)
    titles = [one["title"] for page in (first, second) for one in page.json()["items"]]
    assert titles == ["A wombat number 4.", "A wombat number 2.", "A wombat number 0."]
    assert second.json()["next"] is None


async def test_words_spelt_nearly_so_are_found_on_the_next_page_too(settings: Settings) -> None:
    """A page that ends amid them is followed by the rest."""
    key = await desks.new_key(settings, "shop", ["intake"])
    async with desks.serving(settings) as client:
        for number in range(3):
            body = {"text": f"A wombat number {number}."}
            (await client.post("/v1/tickets", json=body, headers=key)).raise_for_status()
        found = await client.get("/v1/tickets", params={"q": "wombta", "limit": 2}, headers=key)
        first = found.json()
        second = (await client.get(first["next"], headers=key)).json()
    assert [len(first["items"]), len(second["items"]), second["next"]] == [2, 1, None]


async def test_a_page_goes_on_behind_a_ticket_that_was_erased_meanwhile(settings: Settings) -> None:
    """The address of the next page names the last ticket of the one before."""
    key = await desks.new_key(settings, "shop", ["intake"])
    async with desks.serving(settings) as client, Database(settings.ledger_url) as database:
        for number in range(4):
            body = {"text": f"A wombat number {number}."}
            (await client.post("/v1/tickets", json=body, headers=key)).raise_for_status()
        await fulltext.catch_up(database.units)
        page = (
            await client.get("/v1/tickets", params={"q": "wombat", "limit": 2}, headers=key)
        ).json()
        async with database.transaction() as session:
            await rows.remove(session, page["items"][-1]["id"])
        left = (await client.get(page["next"], headers=key)).json()["items"]
    assert [one["title"] for one in left] == ["A wombat number 1.", "A wombat number 0."]
