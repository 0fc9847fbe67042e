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
from ssl import SSLContext

import httpcore2
import httpx2


def transport(most: int, idle_seconds: float) -> httpx2.AsyncHTTPTransport:
    """What a client sends its requests through: `most` at once, no proxy of the environment's."""
    context = httpx2.create_ssl_context(trust_env=False)
    found = httpx2.AsyncHTTPTransport(verify=context, trust_env=False)
    # The rest of it is kept: its errors are those that everybody knows.
    found._pool = Connections(context, most, idle_seconds)  # noqa: SLF001 - no argument for it
    return found


class Connections(httpcore2.AsyncConnectionPool):
    """HTTP/1.1 connections, kept for the next request to the same address."""

    def __init__(self, context: SSLContext, most: int, idle_seconds: float) -> None:
        super().__init__(context, keepalive_expiry=idle_seconds)
        self._free = asyncio.Semaphore(most)
        self._idle: defaultdict[str, deque[httpcore2.AsyncConnectionInterface]]
        self._idle = defaultdict(deque)

    async def handle_async_request(self, request: httpcore2.Request) -> httpcore2.Response:
        """As the library's pool. The response must be closed."""
        await self._free.acquire()
        try:
            connection = await self._connection(request.url.origin)
            response = await connection.handle_async_request(request)
        except BaseException:  # the connection has closed itself
            self._free.release()
            raise
        assert isinstance(response.stream, AsyncIterable)
        return httpcore2.Response(
            status=response.status,
            headers=response.headers,
            content=_Held(response.stream, lambda: self._rest(request.url.origin, connection)),
            extensions=response.extensions,
        )

    async def _connection(self, origin: httpcore2.Origin) -> httpcore2.AsyncConnectionInterface:
        idle = self._idle[str(origin)]
        while idle:
            connection = idle.pop()
            if not connection.has_expired():
                return connection
            await connection.aclose()
        return self.create_connection(origin)

    async def _rest(
        self, origin: httpcore2.Origin, connection: httpcore2.AsyncConnectionInterface
    ) -> None:
        self._free.release()
        idle = self._idle[str(origin)]
        if connection.is_idle():
            idle.append(connection)
        while idle and idle[0].has_expired():
            await idle.popleft().aclose()

    async def aclose(self) -> None:
        """Close those that rest; the others close with their responses."""
        idle, self._idle = self._idle, defaultdict(deque)
        for connections in idle.values():
            for connection in connections:
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
