"""What our own helpdesks have in common as servers."""

import hmac
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import uvicorn
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp

START_SECONDS = 120.0
LOOK_SECONDS = 0.02
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


@contextmanager
def listening(app: ASGIApp) -> Iterator[str]:
    """The base URL of an application behind a socket, in a thread of its own."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        config = uvicorn.Config(app, log_level="critical", lifespan="off")
        running = uvicorn.Server(config)
        thread = threading.Thread(target=running.run, args=([listener],), daemon=True)
        thread.start()
        until = time.monotonic() + START_SECONDS
        while not running.started and time.monotonic() < until:
            time.sleep(LOOK_SECONDS)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            running.should_exit = True
            thread.join(START_SECONDS)
