"""The HTTP application. The process that runs it holds no model and never executes a ticket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib.metadata import PackageNotFoundError, version

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from pydantic import BaseModel

from api.desks import Desks
from api.http import errors, health, mcp
from api.http.accounts import routes as accounts
from api.http.accounts import second_factor, sessions
from api.http.accounts.vault import Vault
from api.http.customers import routes as customers
from api.http.deps import ApiContext
from api.http.desk import autonomy, channels, connecting, insight
from api.http.desk import routes as desk_settings
from api.http.desk import tools as desk_tools
from api.http.desk import webhooks as desk_webhooks
from api.http.docs import pages
from api.http.files import routes as files
from api.http.files.turns import Turns
from api.http.handoffs import corrections, decisions, macros, ownership, takeover
from api.http.handoffs import events as handoff_events
from api.http.handoffs import routes as handoffs
from api.http.handoffs.schemas import ClaimIn, DecisionIn
from api.http.hooks import routes as hooks
from api.http.knowledge import routes as knowledge
from api.http.middleware.access_log import AccessLog
from api.http.middleware.answer_headers import AnswerHeaders
from api.http.middleware.audit_trail import AuditTrail
from api.http.middleware.body_limit import BodyLimit
from api.http.pressure import Pressure
from api.http.responses import SHARED, describe_problems
from api.http.tickets import by_hand, cases, writing
from api.http.tickets import events as ticket_events
from api.http.tickets import journal as ticket_journal
from api.http.tickets import routes as tickets
from api.http.tickets.schemas import CustomerIn, MessageIn, TicketIn
from api.http.widget import routes as widget
from api.http.widget.origins import WidgetOrigins
from api.http.widget.visitors import Pace
from api.ledger import open_ledger, read_key, share_secrets
from api.readiness import Readiness
from api.settings import Settings
from api.telemetry.meter import Meter
from api.telemetry.requests import TracedRequests
from api.telemetry.setup import open_tracing
from memory.storage.queue import Queue
from memory.storage.readiness import head_revision

DESCRIPTION = """
Every accepted ticket ends exactly once: in a checked answer or in a person's hands.

Post a ticket, read its status URL or follow its events. People work on what the agent hands off.
Every error is `application/problem+json` and says what to change.
"""

PARTS = (
    tickets,
    ticket_events,
    writing,
    ticket_journal,
    cases,
    by_hand,
    files,
    handoff_events,  # before the handoffs: its path would pass for a handoff's id
    handoffs,
    ownership,
    decisions,
    macros,
    takeover,
    corrections,
    desk_tools,
    insight,
    autonomy,
    channels,
    connecting,
    desk_webhooks,
    knowledge,
    desk_settings,
    customers,
    accounts,
    second_factor,
    sessions,
    widget,
    hooks,
)
"""Modules with a `router` each. What a person reads of a route in the audit is its summary."""

BODIES: tuple[type[BaseModel], ...] = (TicketIn, CustomerIn, MessageIn, ClaimIn, DecisionIn)
FIELDS = sorted({field for body in BODIES for field in body.model_fields})
"""What a mistyped field may have been meant to be."""

State = dict[str, object]


def create_app(settings: Settings) -> FastAPI:
    """The application; nothing is opened before its lifespan begins."""
    app = FastAPI(
        title="Deskhand",
        version=_version(),
        description=DESCRIPTION,
        lifespan=_lifespan(settings),
        docs_url=None,  # its own pages load from other hosts
        redoc_url=None,
        # Its own export would send the words of errors along, and where the address leads.
        telemetry={"auto_configure": False, "tracing": False, "metrics": False, "logs": False},
    )
    app.state.streams = ticket_events.Streams()
    app.state.vault = Vault()
    app.state.trying = asyncio.Semaphore(channels.AT_ONCE)
    app.state.uploads = Turns()
    app.state.widget_pace, app.state.widget_waiting = Pace(), set()
    app.state.summaries = {}
    errors.install(app, FIELDS)
    describe_problems(app)
    for part in PARTS:
        app.include_router(part.router, responses=SHARED)
        app.state.summaries |= _summaries(part.router)
    app.include_router(health.router)
    pages.install(app)
    mcp.install(app)
    if settings.metrics_token is not None:
        from api.http import metrics  # brings the client library, which most have no use for

        app.state.metrics_token = settings.metrics_token.get_secret_value()
        app.include_router(metrics.router)
    app.add_middleware(WidgetOrigins)
    app.add_middleware(BodyLimit, limit=settings.max_body_bytes, of_files=settings.max_file_bytes)
    app.add_middleware(AuditTrail)
    app.add_middleware(AccessLog)
    app.add_middleware(TracedRequests)
    app.add_middleware(AnswerHeaders)
    return app


def _summaries(router: APIRouter) -> dict[str, str]:
    """What each route does, by its method and path: people read it in the audit."""
    return {
        f"{method} {route.path}": route.summary
        for route in router.routes
        if isinstance(route, APIRoute) and route.summary
        for method in route.methods or ()
    }


def _lifespan(
    settings: Settings,
) -> Callable[[FastAPI], AbstractAsyncContextManager[State]]:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[State]:
        head = await asyncio.to_thread(head_revision)
        database = open_ledger(settings, hurries=True)
        await read_key(settings)
        await share_secrets(settings)
        desks = Desks(settings)
        queue = Queue(settings.ledger_url, desks.weight)
        pressure = Pressure(database, settings.queue_depth)
        await desks.of("")  # reads the files, so that weights are known
        meter = Meter(database, settings.home, desks.day_ceiling, settings.shared)
        tracing = open_tracing(settings.otlp_endpoint, settings.trace_share, "api")
        try:
            yield {
                "context": ApiContext(
                    database,
                    queue,
                    pressure,
                    Readiness(database, settings.home, head),
                    desks,
                    hmac_key=lambda: settings.hmac_key,
                    max_text_chars=settings.max_text_chars,
                    trace_share=settings.trace_share,
                    kept_days=settings.kept_days,
                    private_hosts=settings.webhook_private_hosts,
                    file_room=settings.file_room,
                ),
                "meter": meter,
            }
        finally:
            await meter.close()
            await asyncio.to_thread(queue.close)
            await database.close()
            if tracing is not None:
                await asyncio.to_thread(tracing.close)

    return lifespan


def _version() -> str:
    try:
        return version("deskhand")
    except PackageNotFoundError:
        return "0"
