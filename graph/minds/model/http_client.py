"""The HTTP client of the model calls: no proxy, no redirect, and no answer without an end."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import httpx2
from typing_extensions import override

from tools.adapters.connections import no_cookies, transport

MOST_ANSWER_BYTES = 2_000_000
"""Of one answer. 32,000 tokens streamed one by one, each in its own event, stay below."""

MOST_CALLS = 1_000
"""That wait for their answers at once: as many as tickets may. The library's own hundred would let the
others wait for a connection until their time is over."""


IDLE_SECONDS = 5.0
"""How long a connection is kept for the next call."""


class AnswerTooLong(httpx2.TransportError):
    """A model that does not stop."""


def open_model_client() -> httpx2.AsyncClient:
    """A client for every model of a process. Whoever opens it closes it."""
    return httpx2.AsyncClient(
        follow_redirects=False,
        trust_env=False,
        timeout=None,  # each call has its own
        transport=transport(MOST_CALLS, IDLE_SECONDS),
        event_hooks={"response": [bound]},
        cookies=no_cookies(),
    )


async def bound(response: httpx2.Response | httpx.Response) -> None:
    """Refuse an answer of more than `MOST_ANSWER_BYTES`. A hook, for Ollama's older client too."""
    stream = response.stream
    assert isinstance(stream, httpx2.AsyncByteStream | httpx.AsyncByteStream)
    response.stream = _Bounded(stream)


class _Bounded(httpx2.AsyncByteStream, httpx.AsyncByteStream):
    def __init__(self, stream: httpx2.AsyncByteStream | httpx.AsyncByteStream) -> None:
        self._stream = stream

    @override
    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = 0
        async for chunk in self._stream:
            size += len(chunk)
            if size > MOST_ANSWER_BYTES:
                raise AnswerTooLong(f"the answer has more than {MOST_ANSWER_BYTES} bytes")
            yield chunk

    @override
    async def aclose(self) -> None:
        await self._stream.aclose()
