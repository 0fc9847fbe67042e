"""Headers of every answer: what a browser or a proxy must not do with it."""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PUBLIC_PREFIX = "/console"
"""Pages and their files say themselves how long they may be kept."""
HSTS = "max-age=31536000"
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
"""Where the answer says nothing else."""


class AnswerHeaders:
    """ASGI middleware: nothing is guessed, framed or kept; over TLS nothing but TLS from now on."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add what the answer does not say itself."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add(MutableHeaders(raw=message["headers"]), scope)
            await send(message)

        await self._app(scope, receive, with_headers)


def _add(headers: MutableHeaders, scope: Scope) -> None:
    if (there := headers.get("location")) is not None:
        headers["location"] = _without_host(there, scope)
    for name, value in ALWAYS.items():
        headers.setdefault(name, value)
    if not scope["path"].startswith(PUBLIC_PREFIX):
        headers.setdefault("Cache-Control", "no-store")
    if scope["scheme"] == "https":
        headers.setdefault("Strict-Transport-Security", HSTS)


def _without_host(there: str, scope: Scope) -> str:
    """Our own address as a path: the framework names the scheme that it sees, not the browser's."""
    path = there.removeprefix(f"{scope['scheme']}://{Headers(scope=scope).get('host', '')}")
    # `//name` would be another host.
    return path if path.startswith("/") and not path.startswith("//") else there
