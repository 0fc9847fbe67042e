"""A server that gets what the desk sends, misbehaves while it does, and writes down what it got."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from evals.channels.contract import Bad

Json = dict[str, Any]
SLOW_SECONDS = 0.4
BUSY = 0.03
DROPPED = 0.02
BROKEN = 0.03
SLOW = 0.03
"""Chances of each kind of bad answer."""


@dataclass(frozen=True)
class Call:
    """One request."""

    method: str
    path: str
    headers: dict[str, str]
    body: Json


Handler = Callable[[Call], Json | None]
"""Does what is asked; None is a 404."""


@dataclass
class Receiver:
    """Handlers by the beginning of a path."""

    bad: Bad
    handlers: dict[str, Handler] = field(default_factory=dict)
    port: int = 0

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """Listen."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = int(server.sockets[0].getsockname()[1])
        async with server:
            yield

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            call = await _read(reader)
            if (status := await self._answered(call, writer)) is not None:
                writer.write(status)
                await writer.drain()
        writer.close()

    async def _answered(self, call: Call, writer: asyncio.StreamWriter) -> bytes | None:
        """The answer; None where the connection is cut."""
        answer = await self._chosen(call)
        if answer is None:
            writer.transport.abort()
        return answer

    async def _chosen(self, call: Call) -> bytes | None:
        writes = call.method != "GET"
        if writes and self.bad.happens("429 before the effect", BUSY):
            return _answer("429 Too Many Requests", {}, "Retry-After: 1\r\n")
        if writes and self.bad.happens("cut before the effect", DROPPED):
            return None
        found = self._handled(call)
        if writes and self.bad.happens("500 after the effect", BROKEN):
            return _answer("500 Internal Server Error", {})
        if writes and self.bad.happens("cut after the effect", DROPPED):
            return None
        if self.bad.happens("slow answer", SLOW):
            await asyncio.sleep(SLOW_SECONDS)
        return _answer("404 Not Found", {}) if found is None else _answer("200 OK", found)

    def _handled(self, call: Call) -> Json | None:
        for begins, handler in self.handlers.items():
            if call.path.startswith(begins):
                return handler(call)
        return None


@dataclass
class Replies:
    """`/replies` and `/effects/`: each message once for its key, as a service promises."""

    on_reply: Callable[[str, Json], None]
    done: dict[str, Json] = field(default_factory=dict)

    def install(self, receiver: Receiver) -> None:
        """Take the calls of a receiver."""
        receiver.handlers["/replies"] = self._reply
        receiver.handlers["/effects/"] = self._effect

    def _reply(self, call: Call) -> Json:
        key = call.headers["idempotency-key"]
        if key not in self.done:
            self.done[key] = call.body
            self.on_reply(key, call.body)
        return self.done[key]

    def _effect(self, call: Call) -> Json | None:
        key = unquote(call.path.removeprefix("/effects/"))
        return {"key": key, "result": self.done[key]} if key in self.done else None


async def _read(reader: asyncio.StreamReader) -> Call:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.strip().split("\r\n")
    method, path, _ = first.split(" ", 2)
    pairs = (line.partition(":") for line in lines)
    headers = {name.lower(): value.strip() for name, _, value in pairs}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Call(method, path, headers, json.loads(body) if body else {})


def _answer(status: str, body: Json, more: str = "") -> bytes:
    content = json.dumps(body).encode()
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\n{more}"
    head += f"Content-Length: {len(content)}\r\nConnection: close\r\n\r\n"
    return head.encode() + content
