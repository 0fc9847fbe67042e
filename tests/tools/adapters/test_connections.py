"""Connections of a client: kept, bounded, and never looked at one by one."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpcore2
import httpx2
import pytest

from tests.waiting import until
from tools.adapters.connections import Connections, transport

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
Wait = Callable[[], Awaitable[object]]


@dataclass
class Server:
    """One that answers each request once it may."""

    url: str = ""
    opened: int = 0
    asked: int = 0
    may: asyncio.Event = field(default_factory=asyncio.Event)
    writers: list[asyncio.StreamWriter] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        self.opened += 1
        self.writers.append(writer)
        while await reader.readuntil(b"\r\n\r\n"):
            self.asked += 1
            await self.may.wait()
            writer.write(ANSWER)


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    """On a free port, answering at once."""
    found = Server()
    found.may.set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await found.serve(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    host, port = listening.sockets[0].getsockname()
    found.url = f"http://{host}:{port}/"
    async with listening:
        yield found
        for writer in found.writers:
            writer.close()


@asynccontextmanager
async def client(most: int = 10, idle_seconds: float = 60.0) -> AsyncIterator[httpx2.AsyncClient]:
    """One that uses them."""
    through = transport(most, idle_seconds)
    async with httpx2.AsyncClient(transport=through, timeout=None) as found:
        yield found


async def test_a_connection_serves_one_request_after_another(server: Server) -> None:
    """As many are opened as are asked at once, and kept."""
    async with client() as one:
        for _ in range(3):
            assert (await one.get(server.url)).text == "ok"
        assert server.opened == 1
        server.may.clear()
        together = [asyncio.create_task(one.get(server.url)) for _ in range(3)]
        await until(lambda: server.asked == 6)
        server.may.set()
        await asyncio.gather(*together)
    assert server.opened == 3


async def test_one_that_the_server_has_closed_is_not_used(server: Server) -> None:
    """Nor one that has rested for too long."""
    async with client() as one:
        await one.get(server.url)
        server.writers[0].close()
        await asyncio.sleep(0.05)
        assert (await one.get(server.url)).text == "ok"
    assert server.opened == 2
    async with client(idle_seconds=0.0) as one:
        await one.get(server.url)
        await one.get(server.url)
    assert server.opened == 4


async def test_there_are_no_more_than_there_may_be(server: Server) -> None:
    """The next request waits for the end of one before it; one that gives up leaves its place."""
    server.may.clear()
    async with client(most=1) as one:
        first = asyncio.create_task(one.get(server.url))
        await until(lambda: server.asked == 1)
        second = asyncio.create_task(one.get(server.url))
        await asyncio.sleep(0.02)
        assert server.asked == 1
        first.cancel()
        await until(lambda: server.asked == 2)
        server.may.set()
        assert (await second).text == "ok"
        with pytest.raises(httpx2.ConnectError):
            await one.get("http://127.0.0.1:1/")
        assert (await one.get(server.url)).text == "ok"


@asynccontextmanager
async def another() -> AsyncIterator[Server]:
    """A second address."""
    found = Server()
    found.may.set()
    listening = await asyncio.start_server(found.serve, "127.0.0.1", 0)
    host, port = listening.sockets[0].getsockname()
    found.url = f"http://{host}:{port}/"
    async with listening:
        yield found


async def test_none_rests_for_ever_because_its_address_is_called_no_more(server: Server) -> None:
    """A request to any address closes what has rested for too long at the others."""
    through = transport(10, 0.05)
    async with another() as other, httpx2.AsyncClient(transport=through, timeout=None) as one:
        await one.get(other.url)
        await asyncio.sleep(0.1)
        await one.get(server.url)
        await until(other.writers[0].transport.is_closing)
        assert isinstance(through._pool, Connections)
        assert list(through._pool._at) == [server.url.removesuffix("/")]


async def test_those_that_rest_count_among_all_there_may_be(server: Server) -> None:
    """The one that rests longest makes room for one to another address."""
    async with another() as other, client(most=1) as one:
        await one.get(other.url)
        await one.get(server.url)
        await until(other.writers[0].transport.is_closing)


async def test_none_rests_once_the_client_is_closed(server: Server) -> None:
    """Nor one whose answer is read to its end only then."""
    through = transport(1, 60.0)
    one = httpx2.AsyncClient(transport=through, timeout=None)
    answer = await one.send(one.build_request("GET", server.url), stream=True)
    await through.aclose()
    assert await answer.aread() == b"ok"
    await until(server.writers[0].transport.is_closing)


async def test_a_request_looks_at_no_other_connection(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Five hundred that rest cost a call nothing: at most the first and the last of them are asked."""
    asked = 0
    really = httpcore2.AsyncHTTPConnection.has_expired

    def has_expired(self: httpcore2.AsyncHTTPConnection) -> bool:
        nonlocal asked
        asked += 1
        return really(self)

    server.may.clear()
    async with client(most=40) as one:
        together = [asyncio.create_task(one.get(server.url)) for _ in range(40)]
        await until(lambda: server.asked == 40)
        server.may.set()
        await asyncio.gather(*together)
        monkeypatch.setattr(httpcore2.AsyncHTTPConnection, "has_expired", has_expired)
        await one.get(server.url)
    assert asked == 2


async def test_the_library_still_has_what_is_replaced() -> None:
    """The pool stands where the client's transport looks for it."""
    assert isinstance(transport(1, 1.0)._pool, Connections)
    assert isinstance(httpx2.AsyncHTTPTransport()._pool, httpcore2.AsyncConnectionPool)
