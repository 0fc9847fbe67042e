"""Headers that confine the console's pages: no foreign host, no frame, no script but our own."""

from __future__ import annotations

import re
import secrets

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

NONCE_BYTES = 16
_SCRIPT = re.compile(rb"<script(?=[\s>])")

COMMON = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
}


def policy(scripts: str, styles: str = "'self' 'unsafe-inline'") -> str:
    """The content security policy; the toolkit sets style attributes and adds style elements."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {scripts}",
            f"style-src {styles}",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


STATIC_POLICY = policy("'none'", "'self'")
"""For pages without any script: the login."""


class SecurityHeaders:
    """ASGI middleware: sets the headers, and gives the page's own inline scripts a nonce.

    What people wrote reaches a page as escaped JSON, so each `<script` in it is the toolkit's. The
    toolkit compiles its components in the browser, which needs 'unsafe-eval'; inline scripts and
    handlers of anybody else do not run.
    """

    def __init__(self, app: ASGIApp, *, pages: bool = True) -> None:
        self._app = app
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on; a page is held until it is whole."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start: Message | None = None
        body = b""

        async def shielded(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message["headers"])
                for name, value in COMMON.items():
                    headers[name] = value
                if self._pages and headers.get("content-type", "").startswith("text/html"):
                    start = message
                    return
            elif message["type"] == "http.response.body" and start is not None:
                body += message.get("body", b"")
                if message.get("more_body", False):
                    return
                begun, whole = _with_nonces(start, body)
                await send(begun)
                message = {"type": "http.response.body", "body": whole}
            await send(message)

        await self._app(scope, receive, shielded)


def _with_nonces(start: Message, body: bytes) -> tuple[Message, bytes]:
    nonce = secrets.token_urlsafe(NONCE_BYTES)
    whole = _SCRIPT.sub(b'<script nonce="' + nonce.encode() + b'"', body)
    headers = MutableHeaders(raw=start["headers"])
    headers["Content-Security-Policy"] = policy(f"'self' 'nonce-{nonce}' 'unsafe-eval'")
    headers["Cache-Control"] = "no-store"
    headers["Content-Length"] = str(len(whole))
    return start, whole
