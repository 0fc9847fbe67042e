"""Reads an endless answer of the application inside the process, event by event.

The client library's own way into an application gives an answer back once it is whole, which a
stream of server-sent events never is.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.types import ASGIApp, Message, Scope

FIRST_ERROR = 400
CHUNKS_AHEAD = 100
"""Chunks that wait for their reader; then the application waits."""


@dataclass(frozen=True)
class Event:
    """One server-sent event."""

    name: str
    id: str
    data: Any
    """From JSON."""


class StreamRefused(Exception):
    """The application answered with an error instead of a stream."""

    def __init__(self, status: int) -> None:
        super().__init__(f"the stream was refused with status {status}")
        self.status = status


async def events(
    app: ASGIApp, path: str, headers: Mapping[str, str], state: dict[str, Any], scheme: str = "http"
) -> AsyncGenerator[Event, None]:
    """The events of GET `path` until the stream ends. Raises `StreamRefused`."""
    chunks: asyncio.Queue[Message | None] = asyncio.Queue(CHUNKS_AHEAD)
    closed = asyncio.Event()
    task = asyncio.create_task(_run(app, _scope(path, headers, state, scheme), chunks, closed))
    try:
        rest = b""
        while (message := await chunks.get()) is not None:
            if message["type"] == "http.response.start":
                if message["status"] >= FIRST_ERROR:
                    raise StreamRefused(message["status"])
                continue
            *blocks, rest = (rest + message.get("body", b"")).split(b"\n\n")
            for block in blocks:
                if (found := _event(block.decode())) is not None:
                    yield found
    finally:
        closed.set()
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _run(
    app: ASGIApp, scope: Scope, chunks: asyncio.Queue[Message | None], closed: asyncio.Event
) -> None:
    asked = False

    async def receive() -> Message:
        nonlocal asked
        if not asked:
            asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await closed.wait()
        return {"type": "http.disconnect"}

    try:
        await app(scope, receive, chunks.put)
    finally:
        if not closed.is_set():
            await chunks.put(None)


def _scope(path: str, headers: Mapping[str, str], state: dict[str, Any], scheme: str) -> Scope:
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        "scheme": scheme,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "server": ("console", 80),
        "client": ("127.0.0.1", 0),
        "root_path": "",
        "state": state,
    }


def _event(block: str) -> Event | None:
    fields: dict[str, list[str]] = {}
    for line in block.splitlines():
        name, _, value = line.partition(":")
        if name:
            fields.setdefault(name, []).append(value.removeprefix(" "))
    if "data" not in fields:
        return None
    data = json.loads("\n".join(fields["data"]))
    return Event(fields.get("event", [""])[-1], fields.get("id", [""])[-1], data)
