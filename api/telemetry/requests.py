"""A span for each request: its route and status, never its address, query, headers or body."""

from __future__ import annotations

from typing import Any

from opentelemetry.propagate import extract
from opentelemetry.trace import SpanKind
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tools.tracing import exports, failed, tracer

SERVER_ERROR = 500


class TracedRequests:
    """ASGI middleware. A caller's own trace goes on where it sends a traceparent."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One span from the first byte to the last."""
        if scope["type"] != "http" or not exports():
            await self._app(scope, receive, send)
            return
        with tracer().start_as_current_span(
            scope["method"],
            context=extract(_trace_headers(scope)),
            kind=SpanKind.SERVER,
            record_exception=False,
            set_status_on_exception=False,
        ) as span:

            async def noted(message: Message) -> None:
                if message["type"] == "http.response.start":
                    span.set_attribute("http.response.status_code", message["status"])
                    if message["status"] >= SERVER_ERROR:
                        failed(span, str(message["status"]))
                await send(message)

            try:
                await self._app(scope, receive, noted)
            finally:
                for name, value in _facts(scope).items():
                    span.set_attribute(name, value)
                if route := _facts(scope).get("http.route"):
                    span.update_name(f"{scope['method']} {route}")


def _trace_headers(scope: Scope) -> dict[str, str]:
    """The only headers that are looked at. Baggage could carry anything, so it is left behind."""
    wanted = {b"traceparent", b"tracestate"}
    return {k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"] if k in wanted}


def _facts(scope: Scope) -> dict[str, Any]:
    state = scope.get("state", {})
    facts = {
        "http.request.method": scope["method"],
        "http.route": getattr(scope.get("route"), "path", None),
        "deskhand.request_id": state.get("request_id"),
        "deskhand.tenant": state.get("tenant"),
    }
    return {name: value for name, value in facts.items() if value is not None}
