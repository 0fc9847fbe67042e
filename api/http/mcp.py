"""The MCP server under /mcp: streamable HTTP, without sessions, with the keys of the API."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import httpx2
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.client.desk import DeskClient
from api.http.deps import HOW_TO_SEND
from api.http.errors import MEANINGS, UNREADABLE, answer, unreadable
from api.http.faults import Unauthenticated
from api.mcp.server import CHANNEL, make_server
from memory.people import keys

if TYPE_CHECKING:
    from mcp.server.lowlevel import Server

PATH = "/mcp"
_PASSED_ON = frozenset({"context", "meter"})
"""What the lifespan opened: each inner call notes its own tenant, key and audit row."""


class McpDoor:
    """One request, one answer: nothing is kept between two of them."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one message of a client with a living key."""
        request = Request(scope, receive)
        response = await self._refused(request) or _not_read(request, await request.body())
        if response is not None:
            await response(scope, receive, send)
            return
        receive = _again(await request.body(), receive)
        async with httpx2.AsyncClient(
            transport=httpx2.ASGITransport(self._inside(scope)), base_url="http://desk"
        ) as http:
            client = DeskClient(http, key_of(request), channel=CHANNEL)
            await _served(make_server(lambda: client), scope, receive, send)

    async def _refused(self, request: Request) -> Response | None:
        if request.method != "POST":
            return Response(status_code=HTTPStatus.METHOD_NOT_ALLOWED, headers={"Allow": "POST"})
        units, token = request.state.context.database.units, key_of(request)
        found = await units.look(lambda do: keys.verify_in(do, token))
        if found is not None:
            return None
        words = f"no valid key was sent: {HOW_TO_SEND}"
        return answer(request, MEANINGS[Unauthenticated], words)

    def _inside(self, outer: Scope) -> ASGIApp:
        state = {name: one for name, one in outer["state"].items() if name in _PASSED_ON}

        async def inside(scope: Scope, receive: Receive, send: Send) -> None:
            await self._app({**scope, "state": dict(state)}, receive, send)

        return inside


def _not_read(request: Request, body: bytes) -> Response | None:
    """The library takes what its parser cannot read for a failure of the server."""
    try:
        json.dumps(json.loads(body), ensure_ascii=False).encode()
    except json.JSONDecodeError:
        return None  # that it answers itself, as its protocol wants it
    except (RecursionError, ValueError) as error:
        return answer(request, UNREADABLE, unreadable(error))
    return None


def _again(body: bytes, receive: Receive) -> Receive:
    """The body, which has been read, and then what comes after it."""
    left: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def received() -> Message:
        return left.pop() if left else await receive()

    return received


def install(app: FastAPI) -> None:
    """Serve it; the document of the HTTP API does not list it."""
    app.router.routes.append(Route(PATH, endpoint=McpDoor(app), include_in_schema=False))


def key_of(request: Request) -> str:
    """The key that was sent; empty where there is none."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else request.headers.get("x-api-key", "")


async def _served(server: Server[Any, Any], scope: Scope, receive: Receive, send: Send) -> None:
    import anyio
    from mcp.server.streamable_http import StreamableHTTPServerTransport

    transport = StreamableHTTPServerTransport(None, is_json_response_enabled=True)

    async def run(*, task_status: anyio.abc.TaskStatus[None]) -> None:
        async with transport.connect() as (incoming, outgoing):
            task_status.started()
            options = server.create_initialization_options()
            await server.run(incoming, outgoing, options, stateless=True)

    async with anyio.create_task_group() as tasks:
        await tasks.start(run)
        await transport.handle_request(scope, receive, send)
        await transport.terminate()
        tasks.cancel_scope.cancel()
