"""Which websites' scripts may ask: those that the desk names, and no other."""

from __future__ import annotations

from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.errors import MEANINGS, answer
from api.http.faults import Forbidden
from memory.patterns import linear

PREFIX = linear(r"^/v1/widget/([^/]{1,64})(?:/messages|/files(?:/[^/]{1,64})?)?$")
PREFLIGHT_SECONDS = "600"
METHODS = "GET, POST, OPTIONS"
HEADERS = "Authorization, Content-Type"


class WidgetOrigins:
    """ASGI middleware: answers a browser's question whether it may, and marks what it may read."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the named websites in; others get a 403 that says what to do."""
        found = PREFIX.match(scope.get("path", "")) if scope["type"] == "http" else None
        if found is None:
            await self._app(scope, receive, send)
            return
        origin = Headers(scope=scope).get("origin", "")
        if not await _may(scope, found[1], origin):
            words = (
                "this website may not show the desk: its origin is not in `channels.widget.origins`"
            )
            refused = answer(Request(scope, receive), MEANINGS[Forbidden], words)
            await refused(scope, receive, send)
            return
        if scope["method"] == "OPTIONS":
            asked = Response(status_code=HTTPStatus.NO_CONTENT, headers=_preflight(origin))
            await asked(scope, receive, send)
            return

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message["headers"])
                headers["Access-Control-Allow-Origin"] = origin
                headers["Access-Control-Expose-Headers"] = "Retry-After"
                headers["Cross-Origin-Resource-Policy"] = "cross-origin"
                headers.add_vary_header("Origin")
            await send(message)

        await self._app(scope, receive, marked)


async def _may(scope: Scope, tenant: str, origin: str) -> bool:
    desk = await scope["state"]["context"].desks.of(tenant)
    return (
        desk is not None
        and desk.channels.widget is not None
        and (origin in desk.channels.widget.origins)
    )


def _preflight(origin: str) -> dict[str, str]:
    return {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Allow-Methods": METHODS,
        "Access-Control-Allow-Headers": HEADERS,
        "Access-Control-Max-Age": PREFLIGHT_SECONDS,
        "Vary": "Origin",
    }
