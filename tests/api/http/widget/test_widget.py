"""The website's script: named origins alone, each message once, and nobody's conversation but one's own."""

import time
from typing import Any

import httpx2
import jwt
import pytest

from api.http.faults import QueueFull
from api.http.widget.visitors import ADDRESS_PER_MINUTE, Pace, Visitor
from api.http.widget.wording import words_for
from api.settings import Settings
from graph.desk.letters import LETTERS
from memory.storage.database import Database
from memory.tables import Article, Ticket
from memory.tickets import lifecycle, messages, tickets
from tests.api.http.widget.conftest import DESK, SECRET, SHOP

Json = dict[str, Any]
PATH = "/v1/widget/acme"
MOST_BYTES = 40_000


def of(visitor: str, **more: str) -> dict[str, str]:
    """The headers of a visitor of the shop."""
    return {"Authorization": f"Bearer dkv_{visitor * 64}", "Origin": SHOP, **more}


def message(text: str, number: int = 1, **more: Any) -> Json:
    """A message of the script's."""
    return {"id": f"message-{number}", "text": text, **more}


async def write(client: httpx2.AsyncClient, visitor: str, said: Json) -> httpx2.Response:
    """What the desk answers to a message."""
    return await client.post(f"{PATH}/messages", json=said, headers=of(visitor))


async def news(client: httpx2.AsyncClient, visitor: str, **query: Any) -> Json:
    """What the visitor sees."""
    answer = await client.get(f"{PATH}/messages", params=query, headers=of(visitor))
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


def identity(secret: str = SECRET, *, seconds: float = 12 * 3_600, **claims: Any) -> str:
    """The website's word; it holds long, since some are given when tests are collected."""
    said = {"email": "ann@example.com", "name": "Ann", "exp": time.time() + seconds, **claims}
    return jwt.encode(said, secret, algorithm="HS256")


async def test_the_script_is_small_and_for_any_website(client: httpx2.AsyncClient) -> None:
    """It names no other host and sets no cookie."""
    answer = await client.get("/widget.js")
    assert (answer.status_code, len(answer.content) < MOST_BYTES) == (200, True)
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "set-cookie" not in answer.headers
    assert "document.cookie" not in answer.text
    assert "innerHTML" not in answer.text


def test_the_window_has_the_same_words_in_each_language_of_a_letter() -> None:
    """None is missing, and a language without words gets English ones."""
    english = set(words_for("en")[1])
    names = {one: set(words_for(one)[1]) for one in LETTERS if one != "en"}
    assert all(found == names["de"] for found in names.values())
    assert english < names["de"]
    assert (words_for("sv"), words_for("fr")[0]) == (words_for("en"), "fr")


async def test_a_desk_of_another_language_has_a_window_in_it(
    client: httpx2.AsyncClient, settings: Settings
) -> None:
    """What desk.yaml says comes first; what it leaves out is said in the desk's language."""
    text = DESK.replace("company: Acme", "company: Acme\nlanguage: fr")
    settings.desk.write_text(text.replace("    title: Ask Acme\n", "    greeting: ''\n"))
    look = (await client.get(PATH, headers=of("a"))).json()
    assert (look["language"], look["title"], look["greeting"]) == ("fr", "Aide", "")
    assert look["words"]["send"] == "Envoyer"


@pytest.mark.parametrize("origin", ["", "null", "http://localhost:8998", "https://localhost:8999"])
async def test_a_website_that_is_not_named_gets_nothing(
    client: httpx2.AsyncClient, origin: str
) -> None:
    """Neither the answer nor the permission to read it."""
    headers = of("a") | {"Origin": origin}
    for answer in (
        await client.get(PATH, headers=headers),
        await client.post(f"{PATH}/messages", json=message("hello"), headers=headers),
        await client.options(f"{PATH}/messages", headers=headers),
    ):
        assert answer.status_code == 403
        assert "access-control-allow-origin" not in answer.headers
    assert (await news(client, "a"))["doing"] == "new"


async def test_a_named_website_may_ask_and_read_also_what_is_refused(
    client: httpx2.AsyncClient,
) -> None:
    """The browser's question first, then each answer carries the permission."""
    asked = await client.options(f"{PATH}/messages", headers={"Origin": SHOP})
    assert (asked.status_code, asked.headers["access-control-allow-origin"]) == (204, SHOP)
    assert "authorization" in asked.headers["access-control-allow-headers"].lower()
    for answer in (await client.get(PATH, headers=of("a")), await write(client, "a", {"id": "x"})):
        assert answer.headers["access-control-allow-origin"] == SHOP
        assert "access-control-allow-credentials" not in answer.headers
        assert "origin" in answer.headers["vary"].lower()


async def test_a_message_is_taken_once_and_the_next_one_goes_on_with_it(
    client: httpx2.AsyncClient, settings: Settings
) -> None:
    """Sent again with the same id nothing happens; the conversation is one ticket of the channel."""
    first = await write(client, "a", message("How do I reset it?"))
    assert (first.status_code, first.json()["repeated"]) == (202, False)
    assert (await write(client, "a", message("How do I reset it?"))).json()["repeated"] is True
    assert (await write(client, "a", message("And then?", 2))).status_code == 202
    found = await news(client, "a")
    assert [(one["text"], one["id"]) for one in found["items"]] == [
        ("How do I reset it?", "message-1"),
        ("And then?", "message-2"),
    ]
    assert (found["doing"], found["last"]) == ("working", 2)
    async with Database(settings.ledger_url) as database, database.reading() as session:
        (ticket,) = await tickets.listed(session, "acme", limit=10)
        assert (ticket.channel, ticket.vouched_by) == ("widget", None)


async def test_nobody_sees_anybody_elses_conversation(client: httpx2.AsyncClient) -> None:
    """Another secret is another visitor, also with the same message ids; without one there is none."""
    await write(client, "a", message("mine"))
    assert (await news(client, "b"))["items"] == []
    assert (await write(client, "b", message("other"))).json()["repeated"] is False
    assert [one["text"] for one in (await news(client, "b"))["items"]] == ["other"]
    for header in ("", "Bearer ", "Bearer dkv_short", "Basic x"):
        headers = of("a") | {"Authorization": header}
        assert (await client.get(f"{PATH}/messages", headers=headers)).status_code == 401


async def test_answers_come_with_their_public_sources(
    client: httpx2.AsyncClient, settings: Settings
) -> None:
    """And a wait ends as soon as there is one."""
    await write(client, "a", message("How?"))
    async with Database(settings.ledger_url) as database, database.transaction() as session:
        (ticket,) = await tickets.listed(session, "acme", limit=1)
        for name, url in (("reset", "https://help.example.com/reset"), ("odd", "javascript:x")):
            session.add(
                Article(
                    tenant="acme",
                    doc_id=name,
                    title=name,
                    text="x",
                    url=url,
                    content_hash="x",
                    source="t",
                )
            )
        held = await lifecycle.hold(session, ticket.id)
        cited = [{"source": one, "title": one, "kind": "article"} for one in ("reset", "odd")]
        await messages.append(
            session, held, role="agent", kind="reply", text="Press Reset.", citations=cited
        )
    found = await news(client, "a", after=1, doing="working", wait=20)
    (reply,) = found["items"]
    assert (reply["role"], reply["text"], reply["id"]) == ("agent", "Press Reset.", None)
    assert [one["url"] for one in reply["sources"]] == ["https://help.example.com/reset", None]


async def test_the_websites_signature_vouches_for_the_address(
    client: httpx2.AsyncClient, settings: Settings
) -> None:
    """Only where it is the website's, and lives."""
    taken = await write(client, "a", message("Where is it?", identity=identity()))
    assert taken.status_code == 202, taken.text
    async with Database(settings.ledger_url) as database, database.reading() as session:
        (ticket,) = await tickets.listed(session, "acme", limit=1)
        whole: Ticket = await tickets.get(session, "acme", ticket.id)
        assert (whole.customer_email, whole.customer_name) == ("ann@example.com", "Ann")
        assert whole.vouched_by is not None


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (identity("another secret that is long enough as well"), "not a token"),
        (identity(seconds=-3_600), "has expired"),
        (identity(seconds=10 * 24 * 3_600), "more than a day"),
        (identity(email="nobody"), "not a token"),
        (jwt.encode({"email": "ann@example.com"}, SECRET, algorithm="HS256"), "not a token"),
        (
            jwt.encode({"email": "a@b.example", "exp": time.time() + 60}, "", algorithm="none"),
            "not a token",
        ),
        ("nonsense", "not a token"),
    ],
    ids=["another secret", "over", "too long", "no address", "no end", "unsigned", "nonsense"],
)
async def test_a_signature_that_is_not_the_websites_is_refused(
    client: httpx2.AsyncClient, said: str, words: str
) -> None:
    """Nothing is stored, and the website's people can see why."""
    answer = await write(client, "a", message("hello", identity=said))
    assert (answer.status_code, words in answer.text) == (422, True)
    assert (await news(client, "a"))["items"] == []


async def test_a_visitor_who_floods_is_told_when_to_come_back(client: httpx2.AsyncClient) -> None:
    """And the others are not."""
    answers = [await write(client, "a", message("hello", number)) for number in range(1, 8)]
    assert [one.status_code for one in answers] == [202] * 5 + [429] * 2
    assert 0 < int(answers[-1].headers["retry-after"]) <= 60
    assert (await write(client, "b", message("hello"))).status_code == 202


def test_many_visitors_at_one_address_are_bounded_and_a_minute_later_are_not() -> None:
    """Making up secrets gets nobody past the limit."""
    moment = [0.0]
    pace = Pace(lambda: moment[0])
    for number in range(ADDRESS_PER_MINUTE):
        pace.check(Visitor(str(number), "192.0.2.1"), 5)
    with pytest.raises(QueueFull):
        pace.check(Visitor("new", "192.0.2.1"), 5)
    pace.check(Visitor("new", "192.0.2.2"), 5)
    moment[0] = 61.0
    pace.check(Visitor("new", "192.0.2.1"), 5)


async def test_a_desk_without_a_widget_has_none(client: httpx2.AsyncClient) -> None:
    """Whatever it is asked."""
    assert (await client.get("/v1/widget/other", headers=of("a"))).status_code == 403
