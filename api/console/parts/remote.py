"""The API as a page calls it: inside the process, with the person's own session and rights."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Mapping
from typing import Any

import httpx2
import structlog
from fastapi import FastAPI
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from api.console.parts.streaming import Event, StreamRefused, events
from api.http.deps import (
    BACKGROUND_HEADER,
    CSRF_HEADER,
    DEVICE_COOKIE,
    SESSION_COOKIE,
    STEP_COOKIE,
    cookie_name,
)

log = structlog.get_logger()

SEEN_SECONDS = 5.0
"""So long a page may be shown what a colleague has read before its own session is looked at."""
GONE, FAULT = 410, 500
"""Statuses of what a page cannot ask any more, and of what broke."""
OWN_COOKIES = (SESSION_COOKIE, DEVICE_COOKIE, STEP_COOKIE)
_OF_ONE_REQUEST = frozenset({"request_id", "tenant", "key_id", "ticket_id", "audit_row"})
"""What the middleware notes of one request: the calls it leads to have their own."""


FIELD_NAMES = {
    "email": "the address",
    "new": "the new password",
    "old": "the old password",
    "until": "the moment",
    "to": "the colleague",
}
"""Fields of the API that a form calls otherwise."""


def in_words(problem: Mapping[str, Any]) -> str:
    """What the API says against something, in the words of the form and not of the API."""
    found = [(str(one["field"]), str(one["message"])) for one in problem.get("errors") or ()]
    if not found:
        return str(problem.get("detail") or problem.get("title") or "")
    return "; ".join(
        message if field == "body" else f"{_named(field)} {message}" for field, message in found
    )


def _named(field: str) -> str:
    last = field.rpartition(".")[2]
    return FIELD_NAMES.get(last, f"the {last.replace('_', ' ')}")


class ApiRefused(Exception):
    """The API answered with a problem; the message is its detail, fit to be shown."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        super().__init__(in_words(problem) or f"it did not work ({status})")
        self.status = status
        self.problem = problem

    @property
    def name(self) -> str:
        """Last part of the problem's type, such as `already-decided`."""
        return str(self.problem.get("type", "")).rpartition(":")[2]


class SessionOver(ApiRefused):
    """The person is not logged in, or no longer."""


class Remote:
    """Calls of one person's page."""

    def __init__(self, app: FastAPI, request: Request) -> None:
        self._state = {
            name: value
            for name, value in request.scope.get("state", {}).items()
            if name not in _OF_ONE_REQUEST
        }
        self._app = app
        names = [cookie_name(request, one) for one in OWN_COOKIES]
        self._sent = {name: value for name in names if (value := request.cookies.get(name))}
        self.csrf = ""
        self._scheme = request.url.scheme
        self._seen = time.monotonic()
        caller = (request.client.host, request.client.port) if request.client else ("", 0)
        self._client = httpx2.AsyncClient(
            transport=httpx2.ASGITransport(self._inside, raise_app_exceptions=False, client=caller),
            base_url=f"{request.url.scheme}://{request.url.netloc}",
            timeout=None,
        )

    async def _inside(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app({**scope, "state": dict(self._state)}, receive, send)

    def headers(self, *, background: bool = False) -> dict[str, str]:
        """Session and CSRF token; `background` for what the page asks for by itself."""
        cookies = "; ".join(f"{name}={value}" for name, value in self._sent.items())
        sent = {"Cookie": cookies, CSRF_HEADER: self.csrf}
        if background:
            sent[BACKGROUND_HEADER] = "1"
        return sent

    async def get(self, path: str, *, background: bool = False, **query: Any) -> Any:
        """The body of an answer. Raises `ApiRefused`, `SessionOver`."""
        wanted = {name: value for name, value in query.items() if value not in (None, "", False)}
        return await self._ask("GET", path, background=background, params=wanted)

    async def still_here(self) -> None:
        """Make sure now and then that the session lives. Raises `ApiRefused`, `SessionOver`.

        For a page that is shown what a colleague's page has read.
        """
        if time.monotonic() - self._seen > SEEN_SECONDS:
            await self.get("/v1/session", background=True)
            self._seen = time.monotonic()

    async def post(
        self, path: str, body: Any = None, *, background: bool = False, key: str = ""
    ) -> Any:
        """Make a change, once for a key. Raises `ApiRefused`, `SessionOver`."""
        return await self._ask("POST", path, background=background, key=key, json=body)

    async def put(self, path: str, body: Any) -> Any:
        """Replace something. Raises `ApiRefused`, `SessionOver`."""
        return await self._ask("PUT", path, background=False, json=body)

    async def send(self, method: str, path: str, **more: Any) -> httpx2.Response:
        """The whole answer, whatever its status."""
        return await self._client.request(method, path, headers=self.headers(), **more)

    async def follow(self, path: str, last: str = "") -> AsyncGenerator[Event, None]:
        """The events of a stream until it ends. Raises `ApiRefused`, `SessionOver`."""
        sent = self.headers(background=True) | ({"Last-Event-ID": last} if last else {})
        stream = events(self._app, path, sent, dict(self._state), self._scheme)
        try:
            async for event in stream:
                yield event
        except StreamRefused as refused:
            over = refused.status == httpx2.codes.UNAUTHORIZED
            kind = SessionOver if over else ApiRefused
            raise kind(refused.status, {"detail": str(refused)}) from refused
        except Exception as error:  # pages go on behind it, as behind any fault of the API
            log.warning("console_stream_broke", kind=type(error).__name__)
            raise ApiRefused(FAULT, {"detail": "the live changes broke off"}) from error
        finally:
            await stream.aclose()

    async def _ask(
        self, method: str, path: str, *, background: bool, key: str = "", **more: Any
    ) -> Any:
        if self._client.is_closed:
            raise ApiRefused(GONE, {"detail": "this page has been closed"})
        sent = self.headers(background=background) | ({"Idempotency-Key": key} if key else {})
        answer = await self._client.request(method, path, headers=sent, **more)
        found = answer.json() if answer.content else {}
        if answer.status_code == httpx2.codes.UNAUTHORIZED:
            raise SessionOver(answer.status_code, found)
        if answer.is_error:
            raise ApiRefused(answer.status_code, found)
        return found

    async def close(self) -> None:
        """No more calls."""
        await self._client.aclose()
