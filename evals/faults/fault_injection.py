"""What stands between a caller and a service that works: the misbehaviour itself."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import override
from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from evals.faults.plan import Fault

OWN = ("/_control", "/mcp")
"""Paths that are not our business, or that misbehave by themselves."""
HUGE_BYTES = 4_194_304
"""An answer longer than any caller should read."""

WRONG = {"order_id": "somebody-elses", "email": "eve@example.com", "query": "another question"}
"""What stands in wrong data instead of what was asked for."""


class DroppableProtocol(H11Protocol):
    """HTTP whose connections the application can cut: ASGI itself knows no such thing."""

    open: ClassVar[dict[tuple[str, int], Any]] = {}
    """Transport by the caller's address."""

    @override
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Keep the transport."""
        super().connection_made(transport)
        self.open[transport.get_extra_info("peername")[:2]] = transport

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        """Let it go."""
        self.open.pop(self.transport.get_extra_info("peername")[:2], None)
        super().connection_lost(exc)


@dataclass
class Answer:
    """What the service that works would have answered."""

    status: int = 500
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""

    async def keep(self, message: Message) -> None:
        """Take the place of `send`."""
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], list(message["headers"])
        else:
            self.body += message.get("body", b"")

    def with_body(self, body: bytes, length: int | None = None) -> Answer:
        """The same with another body, and a length that may be a lie."""
        size = str(len(body) if length is None else length).encode()
        kept = [(n, v) for n, v in self.headers if n.lower() != b"content-length"]
        return Answer(self.status, [*kept, (b"content-length", size)], body)

    async def go(self, send: Send, *, last: bool = True) -> None:
        """Send it, or all but its end."""
        start = {"type": "http.response.start", "status": self.status, "headers": self.headers}
        await send(start)
        await send({"type": "http.response.body", "body": self.body, "more_body": not last})


class FaultInjection:
    """An ASGI application around another one, which asks for each call what to do to it."""

    def __init__(self, app: ASGIApp, next_fault: Callable[[str], Fault]) -> None:
        self._app = app
        self._next_fault = next_fault
        self._old: dict[str, Answer] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["path"].startswith(OWN):
            await self._app(scope, receive, send)
            return
        fault = self._next_fault(scope["path"])
        if fault.kind in ("hang", "slow"):
            await asyncio.sleep(fault.seconds)
        refusal = instead(fault)
        if refusal is not None:
            await refusal.go(send)
        elif fault.kind in ("drop", "hang"):
            cut(scope)
        elif fault.kind == "repeat_old" and operation(scope["path"]) in self._old:
            await self._old[operation(scope["path"])].go(send)
        else:
            await self._after(fault, scope, receive, send)

    async def _after(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the service do its work, then spoil the answer."""
        answer = Answer()
        await self._app(scope, receive, answer.keep)
        if fault.kind == "perform_then_hang":
            await asyncio.sleep(fault.seconds)
        if fault.kind in ("perform_then_drop", "perform_then_hang"):
            cut(scope)
        elif fault.kind == "truncate":
            half = answer.body[: len(answer.body) // 2]
            await answer.with_body(half, len(answer.body)).go(send, last=False)
            cut(scope)
        else:
            self._old.setdefault(operation(scope["path"]), answer)
            await answer.with_body(_spoilt(fault, answer.body)).go(send)


def operation(path: str) -> str:
    """The name under which calls to a path are planned and counted: its first part."""
    return path.strip("/").split("/")[0]


def instead(fault: Fault) -> Answer | None:
    """What is answered without asking the service at all."""
    if fault.kind == "error":
        return _problem(fault.status)
    if fault.kind == "throttle":
        wait = [] if fault.retry_after is None else [_header("retry-after", fault.retry_after)]
        return _problem(429, *wait)
    if fault.kind == "redirect":
        return _problem(307, _header("location", "http://127.0.0.1:9/elsewhere"))
    if fault.kind == "huge":
        return Answer(200, [_header("content-type", "application/json")]).with_body(
            b'{"order_id":"' + b"x" * HUGE_BYTES + b'"}'
        )
    return None


def _problem(status: int, *headers: tuple[bytes, bytes]) -> Answer:
    return Answer(status, list(headers)).with_body(b'{"detail":"as planned"}')


def _header(name: str, value: object) -> tuple[bytes, bytes]:
    return name.encode(), str(value).encode()


def _spoilt(fault: Fault, body: bytes) -> bytes:
    if fault.kind == "half_json":
        return body[: len(body) // 2]
    if fault.kind not in ("other_schema", "wrong_data"):
        return body
    found = json.loads(body)
    if fault.kind == "other_schema":
        return json.dumps({"data": list(found.items()), "version": 2}).encode()
    return json.dumps({**found, **WRONG}).encode()


def cut(scope: Scope) -> None:
    """Cut the caller's connection off."""
    transport = DroppableProtocol.open.get(tuple(scope["client"])[:2])
    if transport is not None:
        transport.abort()
