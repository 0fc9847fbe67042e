"""Connections of an HTTP client, each found at once, however many there are.

The library's own pool goes through all of them for each request and again for its end, and asks the
socket of each idle one whether it is still good: with five hundred that costs more than the call. Here
the one that rests for the shortest time is asked, and for each that comes to rest the one that rests
longest.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable
from http.cookiejar import CookieJar, DefaultCookiePolicy
from ssl import SSLContext

import httpcore2
import httpx2
from typing_extensions import override


def transport(most: int, idle_seconds: float) -> httpx2.AsyncHTTPTransport:
    """What a client sends its requests through: `most` at once, no proxy of the environment's."""
    context = httpx2.create_ssl_context(trust_env=False)
    found = httpx2.AsyncHTTPTransport(verify=context, trust_env=False)
    # The rest of it is kept: its errors are those that everybody knows.
    found._pool = Connections(context, most, idle_seconds)  # noqa: SLF001 - no argument for it
    return found


def no_cookies() -> CookieJar:
    """For a client that many tenants share: what one's service sets must not go out with another's call."""
    return CookieJar(DefaultCookiePolicy(allowed_domains=()))


class Connections(httpcore2.AsyncConnectionPool):
    """HTTP/1.1 connections, kept for the next request to the same address."""

    def __init__(self, context: SSLContext, most: int, idle_seconds: float) -> None:
        super().__init__(context, keepalive_expiry=idle_seconds)
        self._most, self._used, self._closed = most, 0, False
        self._free = asyncio.Semaphore(most)
        self._resting: dict[httpcore2.AsyncConnectionInterface, str] = {}
        """With their addresses; the first rests longest."""
        self._at: defaultdict[str, deque[httpcore2.AsyncConnectionInterface]] = defaultdict(deque)
        """The same by address, in the same order."""

    @override
    async def handle_async_request(self, request: httpcore2.Request) -> httpcore2.Response:
        """As the library's pool. The response must be closed."""
        await self._free.acquire()
        self._used += 1
        connection = None
        try:
            connection = await self._connection(request.url.origin)
            response = await connection.handle_async_request(request)
        except BaseException:
            self._leave()
            if connection is not None:
                await connection.aclose()
            raise
        assert isinstance(response.stream, AsyncIterable)
        return httpcore2.Response(
            status=response.status,
            headers=response.headers,
            content=_Held(response.stream, lambda: self._rest(request.url.origin, connection)),
            extensions=response.extensions,
        )

    async def _connection(self, origin: httpcore2.Origin) -> httpcore2.AsyncConnectionInterface:
        where = str(origin)
        while where in self._at:
            connection = self._woken(where, deque.pop)
            if not connection.has_expired():
                return connection
            await connection.aclose()
        await self._clear()
        return self.create_connection(origin)

    async def _rest(
        self, origin: httpcore2.Origin, connection: httpcore2.AsyncConnectionInterface
    ) -> None:
        self._leave()
        if connection.is_idle() and not self._closed:
            self._resting[connection] = str(origin)
            self._at[str(origin)].append(connection)
        else:
            await connection.aclose()
        await self._clear()

    def _leave(self) -> None:
        self._used -= 1
        self._free.release()

    def _woken(
        self,
        where: str,
        taken: Callable[
            [deque[httpcore2.AsyncConnectionInterface]], httpcore2.AsyncConnectionInterface
        ],
    ) -> httpcore2.AsyncConnectionInterface:
        """The newest or the oldest that rests there, and it rests no longer."""
        connection = taken(self._at[where])
        del self._resting[connection]
        if not self._at[where]:
            del self._at[where]  # or each address that was ever called would be remembered
        return connection

    async def _clear(self) -> None:
        """Close what rests for too long at any address, and what is too much beside those in use."""
        while first := next(iter(self._resting), None):
            if len(self._resting) + self._used <= self._most and not first.has_expired():
                return
            await self._woken(self._resting[first], deque.popleft).aclose()

    @override
    async def aclose(self) -> None:
        """Close those that rest; the others close with their responses."""
        self._closed = True
        resting, self._resting = self._resting, {}
        self._at.clear()
        for connection in resting:
            await connection.aclose()


class _Held:
    """A response's stream, behind whose end the connection is free."""

    def __init__(self, stream: AsyncIterable[bytes], ended: Callable[[], Awaitable[None]]) -> None:
        self._stream = stream
        self._ended: Callable[[], Awaitable[None]] | None = ended

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._stream:
            yield part

    async def aclose(self) -> None:
        ended, self._ended = self._ended, None
        if ended is None:
            return
        try:
            await self._stream.aclose()  # type: ignore[attr-defined]
        finally:
            await ended()
