"""A desk to test against: a migrated ledger, keys, and the HTTP application with its lifespan."""

import asyncio
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import httpx2
from fastapi import FastAPI
from starlette.routing import BaseRoute
from starlette.types import Receive, Scope, Send
from structlog.testing import capture_logs

from api.http import serve
from api.http.app import create_app
from api.ledger import open_ledger
from api.settings import Settings
from memory import handoffs
from memory.people import keys
from memory.storage.database import Database
from memory.storage.migrate import migrate
from memory.tables import Handoff, HandoffStatus, Ticket, metadata
from memory.tickets import lifecycle, tickets
from tests.postgres import copy_of

TENANT = "acme"
START_SECONDS = 120.0


def migrated(folder: Path) -> Path:
    """A ledger's file, set up, closed, and fit to be copied."""
    path = folder / "deskhand.db"
    migrate(f"sqlite:///{path}")
    return path


async def empty_ledger(path: Path) -> Database:
    """A ledger in a file, with its tables and nothing in them."""
    opened = Database(f"sqlite:///{path}")
    async with opened.engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    return opened


def settings_in(home: Path, template: Path | None, **changes: Any) -> Settings:
    """Settings of a desk in `home` with a copy of the migrated ledger."""
    home.mkdir(parents=True, exist_ok=True)
    if template is not None:
        changes = {"database_url": copy_of(template, home), **changes}
    return Settings(home=home, _env_file=None, **changes)


def settings_with(folder: Path, template: Path, desk: str, **changes: Any) -> Settings:
    """Settings of a desk that is written so, with everything of it below `folder`."""
    path = folder / "desk.yaml"
    path.write_text(desk, encoding="utf-8")
    return settings_in(folder / "home", template, desk=path, **changes)


async def new_key(
    settings: Settings, name: str, scopes: Sequence[str], tenant: str = TENANT
) -> dict[str, str]:
    """The header of a new key."""
    database = open_ledger(settings)
    async with database, database.transaction() as session:
        _, token = await keys.create(session, tenant, name, scopes)
    return {"Authorization": f"Bearer {token}"}


_BUILT: dict[int, BaseRoute] = {}
"""The first application's routes, by the id of the router that declares them, which lives as long as the process."""


def application(settings: Settings) -> FastAPI:
    """An application whose routes are built once in a process: that is most of what one costs.

    FastAPI builds them at the first request. They hold nothing of their application: a handler
    finds it through its request.
    """
    app = create_app(settings)
    app.router.routes = [
        _BUILT.setdefault(id(router), route)
        if (router := getattr(route, "original_router", None)) is not None
        else route
        for route in app.router.routes
    ]
    return app


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of the application in this process, its lifespan running."""
    app = application(settings)
    async with app.router.lifespan_context(app) as state:

        async def with_state(scope: Scope, receive: Receive, send: Send) -> None:
            await app({**scope, "state": dict(state or {})}, receive, send)

        transport = httpx2.ASGITransport(with_state)
        async with httpx2.AsyncClient(transport=transport, base_url="http://desk") as client:
            yield client


@contextmanager
def listening(settings: Settings) -> Iterator[str]:
    """The base URL of the application behind a real socket."""
    with running(settings) as (url, _):
        yield url


@contextmanager
def running(settings: Settings) -> Iterator[tuple[str, serve.Server]]:
    """The same with its server, for tests that stop it."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = serve.server(settings)
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    with capture_logs():  # or they would stand among what a command prints
        thread.start()
        deadline = time.monotonic() + START_SECONDS
        while not server.started and time.monotonic() < deadline:
            time.sleep(0.02)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}", server
        finally:
            server.should_exit = True
            thread.join(START_SECONDS)
            listener.close()


async def at_rest(session: Any, ticket: Ticket, handoff: Handoff) -> None:
    """The ticket's run begins and comes to rest at the handoff."""
    begun = lifecycle.made(await lifecycle.begin(session, ticket.id, run=ticket.run))
    happened = await lifecycle.rest(
        session,
        ticket.id,
        epoch=begun.epoch,
        interrupt_id="interrupt-1",
        reason=handoff.reason,
    )
    lifecycle.made(happened)
    await handoffs.arrived(session, ticket.id, handoff.id, "interrupt-1")


async def hand_off(settings: Settings, ticket_id: str, handoff_id: str, **changes: Any) -> Handoff:
    """Bring a ticket into a person's hands, as the graph and the engine would."""
    story = {"summary": "asks for a refund", "suggestion": {"text": "Here it is."}, "actions": []}
    fields: dict[str, Any] = {
        "id": handoff_id,
        "ticket_id": ticket_id,
        "tenant": TENANT,
        "turn": 1,
        "status": HandoffStatus.OPENING,
        "reason": "low_confidence",
        "explanation": "The evidence does not answer it well enough. 0.41 is under 0.62.",
        "story": story,
    }
    async with Database(settings.ledger_url) as database, database.transaction() as session:
        handoff = await handoffs.open_once(session, Handoff(**{**fields, **changes}))
        ticket = await tickets.get(session, handoff.tenant, ticket_id)
        await at_rest(session, ticket, handoff)
    return handoff


def run(coroutine: Any) -> Any:
    """The result of a coroutine, for tests that are not asynchronous."""
    return asyncio.run(coroutine)
