"""What our own helpdesks have in common as servers."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

Handler = Callable[[Request], Awaitable[Response]]


def known(guard: tuple[str, str], handler: Handler) -> Handler:
    """Only whoever sends this header with this value is answered."""
    name, value = guard

    async def checked(request: Request) -> Response:
        if not hmac.compare_digest(request.headers.get(name, ""), value):
            return JSONResponse({"error": "Invalid token"}, 401)
        return await handler(request)

    return checked


def missing() -> Response:
    """There is no such thing."""
    return JSONResponse({"error": "Resource could not be found"}, 404)


def stamp_of(at: datetime) -> str:
    """A moment as most of them write it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
