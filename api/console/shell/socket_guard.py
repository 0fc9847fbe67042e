"""Who may open a page's socket, to which page it may speak, and that nothing it says is lost.

The toolkit takes a socket from any site and lets it name any page. Here a socket needs our own
origin and a living session, and speaks only to pages that were opened in that very session.
What is said into a connection that has just ended is lost without a word, so the page numbers what
happens on it, says it again until it is answered, and here each is taken once, in order.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from weakref import WeakKeyDictionary

from nicegui import Client
from socketio import AsyncServer
from socketio.exceptions import ConnectionRefusedError as Refused
from starlette.datastructures import URL
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api.http.deps import HOST_PREFIX, SESSION_COOKIE, ApiContext, cookie_name
from memory.people import logins

SOCKETS = "/console/_nicegui_ws"
POLICY_VIOLATION = 1008
SPEAKING = ("event", "javascript_response", "ack", "log")
"""Messages of the toolkit that name a page."""
Json = dict[str, Any]


class SocketGuard:
    """ASGI middleware before the toolkit's sockets."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a foreign origin and whoever is not logged in."""
        if (
            scope["type"] == "lifespan"
            or not scope["path"].startswith(SOCKETS)
            or (_is_ours(HTTPConnection(scope)) and await _has_session(HTTPConnection(scope)))
        ):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": POLICY_VIOLATION})
        else:
            await Response(status_code=403)(scope, receive, send)


def _is_ours(connection: HTTPConnection) -> bool:
    """Whether the browser says that one of our own pages opens it; a socket has to say so."""
    origin = connection.headers.get("origin")
    if origin is None:
        return bool(connection.scope["type"] == "http")
    said, here = URL(origin), connection.url
    # A proxy may end TLS without our knowing; where we know of it, plain pages are another site's.
    allowed = {"https"} if here.scheme in {"https", "wss"} else {"http", "https"}
    return said.scheme in allowed and said.netloc == here.netloc


async def _has_session(connection: HTTPConnection) -> bool:
    token = connection.cookies.get(cookie_name(connection, SESSION_COOKIE))
    if not token:
        return False
    context: ApiContext = connection.state.context
    async with context.database.reading() as session:
        return await logins.find(session, token) is not None


def confine(server: AsyncServer) -> None:
    """Let each socket speak to its own session's pages alone. Call it once in a process."""
    handlers: dict[str, Callable[..., Any]] = server.handlers["/"]
    connect, handshake = handlers["connect"], handlers["handshake"]

    async def connected(sid: str, environ: Json, auth: Any = None) -> Any:
        page = HTTPConnection(environ["asgi.scope"]).query_params.get("client_id")
        if page is not None and not owns(environ, page):
            raise Refused("this page was not opened in your session")
        return await connect(sid, environ, auth)

    async def shaken(sid: str, data: Json) -> Any:
        if not owns(server.get_environ(sid), str(data.get("client_id"))):
            return False
        return await handshake(sid, data)

    handlers["connect"], handlers["handshake"] = connected, shaken
    handlers["event"] = _each_once(handlers["event"])
    for name in SPEAKING:
        handlers[name] = _only_own(server, handlers[name])


def _only_own(server: AsyncServer, handler: Callable[..., Any]) -> Callable[..., Any]:
    async def spoken(sid: str, message: Json) -> Any:
        # The handshake put the socket into a room that is named after its page.
        if isinstance(message, dict) and message.get("client_id") in server.rooms(sid):
            return handler(sid, message)
        return None

    return spoken


def _each_once(handler: Callable[..., Any]) -> Callable[..., int | None]:
    """Take what happened on a page in its order; the answer is the number of the last one taken."""
    taken: WeakKeyDictionary[Client, int] = WeakKeyDictionary()

    def spoken(sid: str, message: Json) -> int | None:
        page = Client.instances.get(message["client_id"])
        if page is None or not page.has_socket_connection:
            return None
        last = taken.get(page, 0)
        number = message.pop("number", last + 1)
        if (
            number == last + 1
        ):  # else it was taken before, or one before it was lost and comes again
            taken[page] = last = number
            handler(sid, message)
        return last

    return spoken


def owns(environ: Mapping[str, Any], page: str) -> bool:
    """Whether the page was opened with the session that the socket brings."""
    client = Client.instances.get(page)
    if client is None or client.request is None:
        return False
    sent = _token_of(_cookies(environ))
    return bool(sent) and hmac.compare_digest(
        sent.encode(), _token_of(dict(client.request.cookies)).encode()
    )


def _token_of(cookies: Mapping[str, str]) -> str:
    """The session's token among cookies, under either name; empty where there is none."""
    return cookies.get(f"{HOST_PREFIX}{SESSION_COOKIE}") or cookies.get(SESSION_COOKIE) or ""


def _cookies(environ: Mapping[str, Any]) -> dict[str, str]:
    try:
        found = SimpleCookie(environ.get("HTTP_COOKIE", ""))
    except CookieError:
        return {}
    return {name: morsel.value for name, morsel in found.items()}
