"""Refuses a request body over the limit, before it is held in memory."""

from __future__ import annotations

import asyncio
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http import errors
from memory.patterns import linear

MOST_DRAINED = 64_000_000
DRAINED_BODIES = 16
"""A body up to so many times the limit is read to its end and thrown away, since a caller that
is still sending would see a broken connection instead of the answer."""

BODY_SECONDS = 30.0
"""How long a request's body may take, from its headers on."""
FILE_SECONDS = 180.0
"""The same of a file: a phone sends 10 MB in three minutes."""
FILES = linear(r"^/v1/(?:widget/[^/]{1,64}/)?files$")
"""Where files are sent to; whoever takes one reads it bit by bit, after asking who calls."""


class BodyTooLarge(HTTPException):
    """The body passed the limit while it was read."""

    def __init__(self, limit: int) -> None:
        super().__init__(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, advice(limit))


class BodyTooSlow(HTTPException):
    """The body was not there in time."""

    def __init__(self, seconds: float) -> None:
        words = f"the body did not come within {seconds:.0f} seconds: send it at once"
        super().__init__(HTTPStatus.REQUEST_TIMEOUT, words, {"Connection": "close"})


def advice(limit: int) -> str:
    """What a caller does about it."""
    return f"the body is larger than {limit:,} bytes: shorten the text, or send parts of it"


class BodyLimit:
    """ASGI middleware that counts what is received; the framework's own answers in plain text."""

    def __init__(self, app: ASGIApp, limit: int, of_files: int) -> None:
        self._app = app
        self._limit = limit
        self._of_files = of_files

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 413 at once where the length is stated, else as soon as it is passed."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_file = FILES.match(scope["path"]) is not None
        limit = self._of_files if is_file else self._limit
        stated = Headers(scope=scope).get("content-length", "")
        if stated.isdigit() and int(stated) > limit:
            await self._drain(receive, limit)
            refusal = BodyTooLarge(limit)
            response = await errors.plain(Request(scope), refusal)
            await response(scope, receive, send)
            return
        await self._app(
            scope, self._counting(receive, limit, FILE_SECONDS if is_file else BODY_SECONDS), send
        )

    async def _drain(self, receive: Receive, limit: int) -> None:
        left = min(limit * DRAINED_BODIES, MOST_DRAINED)
        more = True
        while more and left > 0:
            message = await receive()
            left -= len(message.get("body", b""))
            more = message.get("more_body", False)

    def _counting(self, receive: Receive, limit: int, seconds: float) -> Receive:
        total, whole = 0, False
        deadline = asyncio.get_running_loop().time() + seconds

        async def counted() -> Message:
            nonlocal total, whole
            if whole:
                return await receive()  # what comes now is that the caller has gone
            try:
                async with asyncio.timeout_at(deadline):
                    message = await receive()
            except TimeoutError:
                raise BodyTooSlow(seconds) from None
            whole = not message.get("more_body", False)
            total += len(message.get("body", b""))
            if total > limit:
                await self._drain(receive, limit)
                raise BodyTooLarge(limit)
            return message

        return counted
