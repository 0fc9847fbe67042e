"""One log line for each request: route, status, duration and ids; never bodies, texts or addresses."""

from __future__ import annotations

import time
import traceback
from typing import Any

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http import errors
from memory.tickets.tickets import new_id

FRAMES_LOGGED = 5
"""The innermost places of the code that a broken request's line names."""

_log = structlog.get_logger("deskhand.api")


class AccessLog:
    """ASGI middleware: names the request, times it, logs it, and answers what broke."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Log after the last byte of the answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id, started = new_id("req"), time.perf_counter()
        scope.setdefault("state", {})["request_id"] = request_id
        status = 0

        async def named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = int(message["status"])
                message["headers"].append((b"x-request-id", request_id.encode()))
            await send(message)

        try:
            await self._app(scope, receive, named)
        except ClientDisconnect:  # nobody is there to be answered, and nothing of ours has failed
            _log.info("caller_gone", **_facts(scope))
            if status:
                raise
        except Exception as error:  # the last place that can still answer
            _log.error("request_broke", **_facts(scope), **_broken(error))
            if status:
                raise  # half an answer is out: the connection has to break
            detail = f"the request was not carried out; ask us with its id {request_id}"
            response = errors.answer(Request(scope), errors.BROKEN, detail)
            await response(scope, receive, named)
        finally:
            duration = round((time.perf_counter() - started) * 1000, 1)
            _log.info("request", **_facts(scope), status=status, duration_ms=duration)


def _facts(scope: Scope) -> dict[str, Any]:
    state, parameters = scope.get("state", {}), scope.get("path_params", {})
    facts = {
        "request_id": state.get("request_id"),
        "method": scope["method"],
        "route": getattr(scope.get("route"), "path", None),  # the path itself may hold anything
        "tenant": state.get("tenant"),
        "key": state.get("key_id"),
        "ticket": state.get("ticket_id") or parameters.get("ticket_id"),
        "handoff": parameters.get("handoff_id"),
    }
    return {name: value for name, value in facts.items() if value is not None}


def _broken(error: Exception) -> dict[str, Any]:
    # The message of an error may hold a customer's words; its class and place do not.
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES_LOGGED:]
    where = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    return {"error": type(error).__name__, "where": where}
