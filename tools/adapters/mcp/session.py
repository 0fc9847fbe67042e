"""One session of an MCP server, from its beginning to its end in one task."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.adapters.answers import MOST_RESPONSE_BYTES
from tools.adapters.mcp.answers import fault_of_error
from tools.adapters.mcp.declared import McpService
from tools.adapters.mcp.schemas import Listed, McpFault, listed

if TYPE_CHECKING:
    from mcp import ClientSession

    from tools.adapters.mcp.http_transport import HttpTransport

HTTP_SECONDS = 10.0
"""Connecting and writing; reading is bounded by the time-out of each call."""
MOST_OPERATIONS = 1_000
MOST_PAGES = 50
LEASH = Path(__file__).with_name("process_guard.py")


@dataclass
class Live:
    """An open session. Any task may send through it; only its own task may close it."""

    session: ClientSession
    wire: HttpTransport | None
    """What is under it where it goes over HTTP."""
    operations: Mapping[str, Listed]
    stop: asyncio.Event
    """Set it, and the session ends."""
    stale: bool = False
    """The server said that its list has changed."""
    heard_at: float = 0.0
    """When it answered last."""
    doubt: asyncio.Task[None] | None = None
    """Asks whether a stdio server still answers, after a call was given up."""


async def hold(
    service: McpService, token: str, ready: asyncio.Future[Live], stop: asyncio.Event
) -> None:
    """Open a session, say that it is `ready`, and keep it until `stop`.

    Raises whatever keeps it from being opened, or ends it.
    """
    from langchain_mcp_adapters.sessions import create_session

    from tools.adapters.mcp.log_filter import hush

    hush()
    connection, wire = _connection(service, token, ready)
    async with create_session(connection) as session:
        try:
            live = Live(session, wire, await _begun(session, wire), stop)
            if not ready.done():
                ready.set_result(live)
            await stop.wait()
        finally:
            # However it ends: the library forgets requests under way where its own tasks are
            # cancelled, and taking the session down may take seconds.
            stop.set()


async def _begun(session: ClientSession, wire: HttpTransport | None) -> dict[str, Listed]:
    """Shake hands and list. Raises `ToolFault` if the server does not answer as it should."""
    from mcp import McpError

    try:
        await session.initialize()
        return await list_operations(session)
    except McpError as error:
        ours = wire.last_fault if wire is not None else None
        raise (ours or fault_of_error(error.error.code)) from error


async def list_operations(session: ClientSession) -> dict[str, Listed]:
    """All that the server lists, by name. Raises `McpFault` and the library's errors."""
    from mcp.types import PaginatedRequestParams

    found: dict[str, Listed] = {}
    cursor: str | None = None
    for _ in range(MOST_PAGES):
        page = await session.list_tools(params=PaginatedRequestParams(cursor=cursor))
        for one in page.tools:
            found[one.name] = listed(one.name, one.description, one.inputSchema, one.outputSchema)
        cursor = page.nextCursor
        if not cursor:
            return found
        if len(found) > MOST_OPERATIONS:
            break
    raise McpFault(f"the server lists more than {MOST_OPERATIONS} operations, or pages without end")


def _connection(
    service: McpService, token: str, ready: asyncio.Future[Live]
) -> tuple[Any, HttpTransport | None]:
    """What the library is told of the server, and what is under it over HTTP."""
    shared = {"session_kwargs": {"message_handler": _Listener(ready)}}
    if service.url is not None:
        from tools.adapters.mcp.http_transport import HttpTransport, open_http

        wire = HttpTransport(service.url)
        over_http = {"transport": "http", "url": service.url, "timeout": HTTP_SECONDS}
        return {**over_http, **shared, "httpx_client_factory": open_http(wire, token)}, wire
    held = ["-I", "-S", str(LEASH), str(os.getpid()), str(MOST_RESPONSE_BYTES)]
    over_stdio = {
        "transport": "stdio",
        "command": sys.executable,
        "args": [*held, service.command, *service.args],
        # Never None: the server gets this and six plain variables, not the worker's secrets.
        "env": dict(service.env),
        "cwd": service.folder,
    }
    return {**over_stdio, **shared}, None


@dataclass(frozen=True)
class _Listener:
    """Hears what the server says of its own accord; only a changed list is of interest."""

    ready: asyncio.Future[Live]

    async def __call__(self, message: Any) -> None:
        from mcp.types import ServerNotification, ToolListChangedNotification

        if not isinstance(message, ServerNotification) or not self.ready.done():
            return
        if isinstance(message.root, ToolListChangedNotification) and not self.ready.cancelled():
            self.ready.result().stale = True
