"""Puts the console under /console of the API's application."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles

from api.console.shell import login, second_factor
from api.console.shell.security_headers import SecurityHeaders

PREFIX = "/console"
ASSETS = Path(__file__).parent / "assets"
RECONNECT_SECONDS = 8.0
"""A browser that is gone for so long has left: its page, and the renewal of its lease, end."""
OPTIONAL_CLIENTS = ("aiohttp", "requests", "websocket")
HISTORY = 300
"""Messages kept for a browser that comes back."""


def install(app: FastAPI) -> None:
    """Serve the login and the pages. Call it once in a process: there is one toolkit in it."""
    _load_without_clients()
    from nicegui import core, ui

    from api.console.pages import PAGES
    from api.console.parts.change_feed import ChangeFeeds
    from api.console.shell.shell import NOWHERE, serve
    from api.console.shell.socket_guard import SocketGuard, confine

    app.include_router(login.router)
    app.include_router(second_factor.router)
    app.add_middleware(SocketGuard)
    confine(core.sio)
    assets = StaticFiles(directory=ASSETS)
    app.mount(f"{PREFIX}/assets", SecurityHeaders(GZipMiddleware(assets), pages=False))
    feeds = ChangeFeeds()
    for page in PAGES:
        serve(page, app, PAGES, feeds)
    # Shield has to see a page before it is compressed, since it marks the page's own scripts.
    core.app.user_middleware[:0] = [Middleware(GZipMiddleware), Middleware(SecurityHeaders)]
    ui.run_with(
        app,
        mount_path=PREFIX,
        title="Deskhand",
        favicon=ASSETS / "icon.svg",
        dark=None,
        language="en-US",
        tailwind=False,
        reconnect_timeout=RECONNECT_SECONDS,
        message_history_length=HISTORY,
        binding_refresh_interval=None,
        gzip_middleware_factory=None,
        show_welcome_message=False,
    )
    # Its bar at the top has no name for a screen reader, and pages say themselves when they load.
    core.app.config.quasar_config["loadingBar"] = {"skipHijack": True}
    serve(NOWHERE, app, PAGES, feeds)


def _load_without_clients() -> None:
    """Import Socket.IO as a server alone: the HTTP libraries of its clients take eleven megabytes."""
    modules: dict[str, Any] = sys.modules
    absent = [name for name in OPTIONAL_CLIENTS if name not in modules]
    modules |= dict.fromkeys(absent)  # None: as if it were not installed
    try:
        import socketio  # noqa: F401
    finally:
        for name in absent:
            del modules[name]
