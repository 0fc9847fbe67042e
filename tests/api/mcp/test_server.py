"""The desk as an MCP server: the official client opens, reads and answers, with the API's keys."""

import json
import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import httpx2
import pytest
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client
from pydantic import AnyUrl

from api.client.desk import DeskRefused, connected
from api.settings import Settings
from memory.storage.database import Database
from memory.tables import Article, Ticket, Visibility
from tests import desks

Json = dict[str, Any]


@pytest.fixture
def address(settings: Settings) -> Iterator[str]:
    """A server that listens, without a worker."""
    with desks.listening(settings) as found:
        yield found


async def token(settings: Settings, *scopes: str) -> str:
    """A key with these scopes."""
    header = await desks.new_key(settings, f"key for {scopes}", scopes)
    return header["Authorization"].removeprefix("Bearer ")


@asynccontextmanager
async def session_of(address: str, key: str) -> AsyncIterator[ClientSession]:
    """The official client over streamable HTTP."""
    headers = {"Authorization": f"Bearer {key}"}
    async with (
        httpx.AsyncClient(headers=headers, timeout=60) as http,
        streamable_http_client(f"{address}/mcp", http_client=http) as (read, write, _),
        ClientSession(read, write) as session,
    ):
        await session.initialize()
        yield session


def told(result: Any) -> Json:
    """What a tool answered."""
    assert not result.isError, result.content
    found: Json = json.loads(result.content[0].text)
    return found


async def put_articles(settings: Settings) -> None:
    """A public and an internal article."""
    async with Database(settings.ledger_url) as database, database.transaction() as session:
        for name, kind in (("reset/me", Visibility.PUBLIC), ("secret", Visibility.INTERNAL)):
            article = Article(
                tenant=desks.TENANT,
                doc_id=name,
                title=f"About {name}",
                text="Press Reset.",
                content_hash="x",
                source="test",
                visibility=kind,
            )
            session.add(article)


async def test_a_ticket_is_opened_once_and_read(address: str, settings: Settings) -> None:
    """With the same key of the caller's it is the same ticket; its channel is its own."""
    async with session_of(address, await token(settings, "intake")) as session:
        names = {one.name for one in (await session.list_tools()).tools}
        assert {"open_ticket", "read_ticket", "answer_handoff"} <= names
        asked = {"text": "How do I reset it?", "email": "ann@example.com", "key": "k1"}
        first = told(await session.call_tool("open_ticket", asked))
        assert told(await session.call_tool("open_ticket", asked)) == first
        found = told(await session.call_tool("read_ticket", first))
        assert (found["status"], found["messages"][0]["text"]) == ("queued", asked["text"])
    async with Database(settings.ledger_url) as database, database.reading() as reading:
        assert (await reading.get_one(Ticket, first["ticket_id"])).channel == "mcp"


async def test_scopes_are_those_of_the_api(address: str, settings: Settings) -> None:
    """A key that may not work on handoffs is told which scope it lacks; a wrong argument, what fits."""
    async with session_of(address, await token(settings, "intake")) as session:
        refused = await session.call_tool("list_handoffs", {})
        assert refused.isError
        assert "needs the scope agent" in str(refused.content)
        unknown = await session.call_tool("answer_handoff", {"handoff_id": "x", "kind": "dance"})
        assert unknown.isError
    async with session_of(address, await token(settings, "agent")) as session:
        assert told(await session.call_tool("list_handoffs", {})) == {"handoffs": []}
        missing = await session.call_tool("answer_handoff", {"handoff_id": "x", "kind": "close"})
        assert missing.isError
        assert "no handoff" in str(missing.content).lower()


async def test_public_articles_are_resources_and_others_are_not(
    address: str, settings: Settings
) -> None:
    """Whatever stands in a name, it is one resource."""
    await put_articles(settings)
    async with session_of(address, await token(settings, "agent")) as session:
        (only,) = (await session.list_resources()).resources
        assert only.name == "About reset/me"
        (content,) = (await session.read_resource(only.uri)).contents
        assert "Press Reset." in str(content)
        with pytest.raises(Exception, match="no public article"):
            await session.read_resource(AnyUrl("deskhand://articles/secret"))


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer dk_nope"}])
async def test_nobody_speaks_to_it_without_a_key(address: str, headers: dict[str, str]) -> None:
    """As everywhere else in the API."""
    async with httpx2.AsyncClient(base_url=address, headers=headers, timeout=60) as client:
        answer = await client.post("/mcp", json={"jsonrpc": "2.0", "id": 1, "method": "ping"})
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
        assert (await client.get("/mcp")).status_code == 405


async def test_the_typed_client_tells_what_is_refused(address: str, settings: Settings) -> None:
    """With the API's own words, and whether trying again helps."""
    async with connected(address, await token(settings, "intake")) as client:
        ticket = await client.open_ticket("hello", name="Ann")
        assert await client.add_message(ticket, "more", key="m1") == 2
        assert [one.text for one in (await client.settled(ticket, 0)).messages] == ["hello", "more"]
        with pytest.raises(DeskRefused, match="no ticket") as refused:
            await client.ticket("nope")
        assert (refused.value.status, refused.value.retry_after) == (404, None)


async def test_it_speaks_on_standard_input_as_well(address: str, settings: Settings) -> None:
    """`deskhand mcp` asks the desk that runs."""
    environment = {
        "DESKHAND_URL": address,
        "DESKHAND_KEY": await token(settings, "intake"),
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(Path.cwd()),
    }
    command = StdioServerParameters(
        command=sys.executable, args=["-m", "api.cli.main", "mcp"], env=environment
    )
    async with stdio_client(command) as (read, write), ClientSession(read, write) as session:
        await session.initialize()
        opened = told(await session.call_tool("open_ticket", {"text": "hello"}))
        assert told(await session.call_tool("read_ticket", opened))["status"] == "queued"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"params":' + b'{"a":' * 20_000 + b"1" + b"}" * 20_001, "nested too deeply"),
        (b'{"jsonrpc":"2.0","id":' + b"9" * 5_000 + b"}", "more than 4,300 digits"),
        (b'{"jsonrpc":"2.0","id":"\\ud800","method":"tools/list"}', "half a character"),
        (b'{"jsonrpc":"2.0","id":"\xff","method":"tools/list"}', "not UTF-8"),
    ],
    ids=["deep", "digits", "half a character", "no UTF-8"],
)
async def test_a_body_that_no_parser_takes_is_the_callers_mistake(
    client: httpx2.AsyncClient, settings: Settings, body: bytes, words: str
) -> None:
    """And no failure of the server, which would wake somebody."""
    key = await desks.new_key(settings, "Ada", ["admin"])
    kinds = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    answer = await client.post("/mcp", content=body, headers=key | kinds)
    assert answer.status_code == 400
    assert words in answer.json()["detail"]
