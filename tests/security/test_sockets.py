"""The console's sockets: our own origin, a living session, and that session's pages only."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from nicegui import Client
from socketio.exceptions import ConnectionRefusedError as Refused

from api.console.shell.socket_guard import SOCKETS, SocketGuard, confine
from memory.people import logins, people
from memory.storage.database import Database
from tests import desks

OURS = "http://desk.example"
Json = dict[str, Any]


@pytest.fixture
async def opened(tmp_path: Path, template: Path) -> AsyncIterator[tuple[Any, str]]:
    """The application's state, and the token of a living session."""
    async with Database(desks.settings_in(tmp_path, template).ledger_url) as database:
        async with database.transaction() as session:
            person = await people.create(
                session, "acme", name="Ann", email="ann@example.com", role="agent", password="x"
            )
            _, token = await logins.begin(session, person)
        yield SimpleNamespace(database=database), token


async def asked(state: Any, kind: str, headers: dict[str, str]) -> list[Json]:
    """What the guard sends, or lets the toolkit send."""
    sent: list[Json] = []

    async def toolkit(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "reached"})

    async def receive() -> Json:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(dict(message))

    scope = {
        "type": kind,
        "path": f"{SOCKETS}/socket.io/",
        "scheme": "ws" if kind == "websocket" else "http",
        "method": "GET",
        "query_string": b"",
        "headers": [(b"host", b"desk.example")]
        + [(name.encode(), value.encode()) for name, value in headers.items()],
        "state": {"context": state},
    }
    await SocketGuard(toolkit)(scope, receive, send)
    return sent


@pytest.mark.parametrize(
    ("kind", "origin", "cookie", "reached"),
    [
        ("websocket", OURS, "right", True),
        ("websocket", None, "right", False),
        ("websocket", "https://evil.example", "right", False),
        ("websocket", "null", "right", False),
        ("websocket", "http://desk.example.evil.example", "right", False),
        ("websocket", "http://desk.example:8081", "right", False),
        ("websocket", "https://desk.example", "right", True),
        ("websocket", OURS, "wrong", False),
        ("websocket", OURS, None, False),
        ("http", OURS, "right", True),
        ("http", None, "right", True),
        ("http", "https://evil.example", "right", False),
        ("http", None, None, False),
    ],
)
async def test_a_socket_needs_our_origin_and_a_session(
    opened: tuple[Any, str], *, kind: str, origin: str | None, cookie: str | None, reached: bool
) -> None:
    """Another site's page, a stranger and a dead session never reach the toolkit."""
    state, token = opened
    headers = {} if origin is None else {"origin": origin}
    if cookie is not None:
        headers["cookie"] = f"deskhand_session={token if cookie == 'right' else 'x'}"
    sent = await asked(state, kind, headers)
    assert (sent[0]["type"] == "reached") == reached
    if not reached:
        assert sent[0].get("code", sent[0].get("status")) in {1008, 403}


class Server:
    """The toolkit's server, as far as it is confined."""

    def __init__(self, cookie: str, rooms: set[str]) -> None:
        self.reached: list[str] = []
        self.handlers: dict[str, dict[str, Any]] = {"/": {}}
        self._cookie, self._rooms = cookie, rooms
        for name in ("event", "javascript_response", "ack", "log"):
            self.handlers["/"][name] = lambda _, __, name=name: self.reached.append(name)

        async def connect(sid: str, environ: Json, auth: Any = None) -> bool:
            self.reached.append("connect")
            return True

        async def handshake(sid: str, data: Json) -> bool:
            self.reached.append("handshake")
            return True

        self.handlers["/"] |= {"connect": connect, "handshake": handshake}

    def get_environ(self, sid: str) -> Json:
        """What the socket came with."""
        scope = {"type": "websocket", "query_string": b"client_id=page", "headers": []}
        return {"HTTP_COOKIE": self._cookie, "asgi.scope": scope}

    def rooms(self, sid: str) -> set[str]:
        """The pages that it has shaken hands with."""
        return self._rooms


@dataclass(eq=False)
class Page:
    """A page of the toolkit, as far as the guard asks for it."""

    request: SimpleNamespace
    has_socket_connection: bool = True


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that was opened with one session."""
    request = SimpleNamespace(cookies={"deskhand_session": "mine"})
    monkeypatch.setitem(Client.instances, "page", Page(request))


@pytest.mark.parametrize(
    ("cookie", "own"),
    [
        ("deskhand_session=mine", True),
        ("deskhand_session=other", False),
        ("deskhand_session=", False),
        ("", False),
        ("deskhand_device=mine", False),
    ],
)
async def test_a_socket_reaches_pages_of_its_session_only(
    page: None, cookie: str, *, own: bool
) -> None:
    """Whoever knows a page's id, and is logged in as somebody else, cannot speak to it."""
    server = Server(cookie, set())
    confine(server)
    handlers = server.handlers["/"]
    if own:
        assert await handlers["connect"]("s", server.get_environ("s"))
    else:
        with pytest.raises(Refused):
            await handlers["connect"]("s", server.get_environ("s"))
    assert await handlers["handshake"]("s", {"client_id": "page"}) is own
    assert not await handlers["handshake"]("s", {"client_id": "unknown"})
    assert server.reached == (["connect", "handshake"] if own else [])


@pytest.mark.parametrize("name", ["event", "javascript_response", "ack", "log"])
async def test_no_message_goes_to_a_page_without_a_handshake(page: None, name: str) -> None:
    """Naming a page in a message opens nothing."""
    server = Server("deskhand_session=mine", {"page"})
    confine(server)
    for message in ({"client_id": "another"}, {}, "text"):
        await server.handlers["/"][name]("s", message)
    assert server.reached == []
    await server.handlers["/"][name]("s", {"client_id": "page"})
    assert server.reached == [name]


async def test_what_happens_on_a_page_is_taken_once_and_in_order(page: None) -> None:
    """It is said again until it is answered; what comes before its turn comes again, too."""
    server = Server("deskhand_session=mine", {"page"})
    confine(server)
    said = server.handlers["/"]["event"]
    answers = [await said("s", {"client_id": "page", "number": one}) for one in (1, 1, 3, 2, 3, 2)]
    assert answers == [1, 1, 1, 2, 3, 3]
    assert server.reached == ["event"] * 3
