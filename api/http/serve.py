"""Runs the HTTP application behind a socket, and ends it without cutting callers off."""

from __future__ import annotations

import socket
from collections.abc import Callable
from types import FrameType

import uvicorn
from fastapi import FastAPI
from typing_extensions import override

from api.http.app import create_app
from api.http.connection import BUSY_CONNECTIONS, BoundedConnection
from api.loading import keep_loaded
from api.settings import Settings
from api.telemetry.heartbeat import STOP_SECONDS, Heartbeat

DRAIN_SECONDS = 5
"""How long open requests may take to end when the API is told to stop."""
KEEP_ALIVE_SECONDS = 15
"""How long a connection may be idle between two requests. Common clients use one again for 5 s: closed at that
very moment, the request on its way would be lost."""
MAX_SOCKET_BYTES = 1_000_000
"""One message of a console page."""
TICKS_PER_BEAT = 5
"""uvicorn ticks ten times a second."""


class Server(uvicorn.Server):
    """uvicorn, which would wait for event streams for as long as it may, and then break them."""

    def __init__(self, config: uvicorn.Config, heartbeat: Heartbeat) -> None:
        super().__init__(config)
        self._heartbeat = heartbeat

    @override
    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """SIGTERM or SIGINT: end in order, and be made to where the event loop no longer goes on."""
        if not self.should_exit:
            self._heartbeat.stop_within(STOP_SECONDS)
        super().handle_exit(sig, frame)

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, and say that the process does its work from now on."""
        await super().startup(sockets)
        keep_loaded()
        self._heartbeat.ready()

    @override
    async def on_tick(self, counter: int) -> bool:
        """Several times a second: show that the event loop goes on."""
        if counter % TICKS_PER_BEAT == 0:
            self._heartbeat.beat()
        return await super().on_tick(counter)

    @override
    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Tell the streams to end, then wait for what is open."""
        self.config.app.state.streams.closing = True  # type: ignore[union-attr]
        await super().shutdown(sockets)


def server(settings: Settings, mount: Callable[[FastAPI], None] | None = None) -> Server:
    """The server of one process, not yet running; `mount` adds what is served beside the API."""
    app = create_app(settings)
    if mount is not None:
        mount(app)
    return Server(
        uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=DRAIN_SECONDS,
            http=BoundedConnection,
            limit_concurrency=BUSY_CONNECTIONS,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            ws_max_size=MAX_SOCKET_BYTES,
            # Without a trusted proxy forwarded headers mean nothing, wherever they come from.
            proxy_headers=bool(settings.trusted_proxies),
            forwarded_allow_ips=list(settings.trusted_proxies),
        ),
        Heartbeat(settings.watchdog_seconds),
    )
