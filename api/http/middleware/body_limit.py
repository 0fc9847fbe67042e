"""Refuses a request body over the limit, before it is held in memory."""

from __future__ import annotations

import asyncio
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http import errors

DRAINED_BODIES = 16
"""A body up to so many times the limit is read to its end and thrown away, since a caller that
is still sending would see a broken connection instead of the answer."""

BODY_SECONDS = 30.0
"""How long a request's body may take, from its headers on."""


class BodyTooLarge(HTTPException):
    """The body passed the limit while it was read."""

    def __init__(self, limit: int) -> None:
        super().__init__(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, advice(limit))


class BodyTooSlow(HTTPException):
    """The body was not there in time."""

    def __init__(self) -> None:
        words = f"the body did not come within {BODY_SECONDS:.0f} seconds: send it at once"
        super().__init__(HTTPStatus.REQUEST_TIMEOUT, words, {"Connection": "close"})


def advice(limit: int) -> str:
    """What a caller does about it."""
    return f"the body is larger than {limit:,} bytes: shorten the text, or send parts of it"


class BodyLimit:
    """ASGI middleware that counts what is received; the framework's own answers in plain text."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 413 at once where the length is stated, else as soon as it is passed."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        stated = Headers(scope=scope).get("content-length", "")
        if stated.isdigit() and int(stated) > self._limit:
            await self._drain(receive)
            refusal = BodyTooLarge(self._limit)
            response = await errors.plain(Request(scope), refusal)
            await response(scope, receive, send)
            return
        await self._app(scope, self._counting(receive), send)

    async def _drain(self, receive: Receive) -> None:
        left = self._limit * DRAINED_BODIES
        more = True
        while more and left > 0:
            message = await receive()
            left -= len(message.get("body", b""))
            more = message.get("more_body", False)

    def _counting(self, receive: Receive) -> Receive:
        total, whole = 0, False
        deadline = asyncio.get_running_loop().time() + BODY_SECONDS

        async def counted() -> Message:
            nonlocal total, whole
            if whole:
                return await receive()  # what comes now is that the caller has gone
            try:
                async with asyncio.timeout_at(deadline):
                    message = await receive()
            except TimeoutError:
                raise BodyTooSlow from None
            whole = not message.get("more_body", False)
            total += len(message.get("body", b""))
            if total > self._limit:
                await self._drain(receive)
                raise BodyTooLarge(self._limit)
            return message

        return counted
