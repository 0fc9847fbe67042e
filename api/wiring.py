"""Opens every part of a worker, once. It alone reads the settings; each part can be replaced."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import httpx2

from api.settings import Settings
from api.telemetry.minds import traced
from api.telemetry.setup import Tracing, open_tracing
from graph.build import TicketGraph, build
from graph.context import Drive, Sender, TicketContext
from graph.desk.file import load_desks
from graph.desk.model import Desk
from graph.ledger import JournalledCalls, TicketLedger
from graph.minds.contract import MindCalls, Minds
from graph.minds.model.http_client import open_model_client
from graph.minds.scripted import scripted_minds
from graph.policies import DEFAULT_ANSWER_THRESHOLD
from graph.thresholds import IN_DESK, Threshold
from memory.budgets.budgets import LedgerBudget
from memory.effects import EffectLedger
from memory.encoder.encoder import Encoder, HashEncoder, RememberingEncoder, open_encoder
from memory.knowledge.index import VectorIndex, open_http, open_local
from memory.knowledge.search import HybridSearch
from memory.knowledge.settled_tickets import Recall
from memory.storage.database import Database
from memory.storage.queue import Queue
from memory.tables import Ticket
from memory.verification.codes import Verification
from tools.adapters.http import open_client
from tools.adapters.mcp.client import McpClients
from tools.catalog import build_catalog
from tools.checks.permission import Permissions
from tools.contract import Gateway
from tools.gateway import ToolGateway
from tools.resilience.guards import Guards

MindsFactory = Callable[[Desk, Encoder], Minds]


@dataclass(frozen=True)
class TenantRuntime:
    """What one tenant's tickets are worked with."""

    desk: Desk
    graph: TicketGraph
    minds: Minds
    gateway: Gateway
    answer_threshold: float
    identity: Verification | None = None
    default_threshold: Threshold | None = None
    """The shipped one, where the tenant's own calibration may take its place."""


@dataclass
class Wiring:
    """Everything a worker holds open."""

    settings: Settings
    database: Database
    queue: Queue
    encoder: Encoder
    index: VectorIndex
    search: HybridSearch
    recall: Recall
    client: httpx2.AsyncClient
    model_client: httpx2.AsyncClient = field(default_factory=open_model_client)
    mcp: McpClients = field(default_factory=McpClients)
    """Sessions of the tenants' MCP servers, opened when they are first called."""
    guards: Guards = field(default_factory=Guards)
    """What stands between all runs of this process and each tool."""
    runtimes: Mapping[str, TenantRuntime] = field(default_factory=dict)
    tracing: Tracing | None = None
    """The export of this process's traces, where one is configured."""

    def context(self, ticket: Ticket, cause: str) -> TicketContext:
        """The context of one drive. Raises `KeyError` for a tenant without a desk."""
        runtime = self.runtimes[ticket.tenant]
        context = TicketContext(
            ticket_id=ticket.id,
            tenant=ticket.tenant,
            turn=ticket.turn,
            epoch=ticket.epoch,
            desk=runtime.desk,
            minds=runtime.minds,
            gateway=runtime.gateway,
            ledger=TicketLedger(self.database, self.recall, ticket.id, ticket.tenant, ticket.epoch),
            sender=Sender(ticket.customer_email, ticket.customer_name),
            drive=Drive(cause=cause, resumed=cause == "recovered"),
            answer_threshold=runtime.answer_threshold,
            threshold_source="" if runtime.desk.thresholds.answer is None else IN_DESK,
            identity=runtime.identity,
        )
        bound = runtime.minds.bound(self._calls(context))
        return replace(context, minds=traced(bound) if self.tracing else bound)

    def _calls(self, context: TicketContext) -> MindCalls:
        """What this drive's minds are charged to."""
        return MindCalls(
            caller=context.caller(),
            budget=budget_of(context.desk, self.database),
            log=JournalledCalls(self.database),
        )

    async def close(self) -> None:
        """Release the index's lock and every connection."""
        self.index.close()
        self.queue.close()
        await self.client.aclose()
        await self.model_client.aclose()
        await self.mcp.close()
        await self.database.close()
        if self.tracing is not None:
            await asyncio.to_thread(self.tracing.close)


def open_wiring(
    settings: Settings,
    *,
    encoder: Encoder | None = None,
    index: VectorIndex | None = None,
    minds: MindsFactory | None = None,
    desks: Mapping[str, Desk] | None = None,
) -> Wiring:
    """Open all of it. Must run inside the event loop that will use it.

    Raises `DeskInvalid`, `IndexInUse`, `EncoderUnavailable`, `ModelRefused`.
    """
    desks = load_desks(settings.desk) if desks is None else desks
    encoder = encoder or encoder_for(settings)
    index = index or open_index(settings, encoder.revision)
    database = Database(settings.ledger_url)
    wiring = Wiring(
        settings=settings,
        database=database,
        queue=Queue(settings.ledger_url),
        encoder=encoder,
        index=index,
        search=HybridSearch(database, index, encoder),
        recall=Recall(database, index, encoder),
        client=open_client(),
        tracing=open_tracing(settings.otlp_endpoint, settings.trace_share, "worker"),
    )
    guards = wiring.guards
    wiring.runtimes = {
        tenant: _runtime(desk, wiring, minds or minds_for(settings), guards)
        for tenant, desk in desks.items()
    }
    return wiring


def encoder_for(settings: Settings) -> Encoder:
    """Scripted minds need no weights, so that engine tests start at once."""
    if settings.minds == "scripted":
        return HashEncoder()
    return RememberingEncoder(open_encoder(settings.cache, threads=settings.encoder_threads))


def open_index(settings: Settings, revision: str) -> VectorIndex:
    """The vector index: the server's where an address is set, the folder's otherwise."""
    if settings.chroma_url is None:
        return open_local(settings.chroma_path, revision)
    host, _, port = settings.chroma_url.removeprefix("http://").partition(":")
    return open_http(host, int(port or 8000), revision)


def minds_for(settings: Settings) -> MindsFactory:
    """The family that answers, by one setting."""
    if settings.minds == "scripted":
        return lambda _desk, _encoder: scripted_minds()
    from graph.minds.local.build import local_minds
    from graph.minds.local.confidence.assessor import LocalAssessor

    return lambda desk, encoder: local_minds(desk, encoder, LocalAssessor())


def _runtime(desk: Desk, wiring: Wiring, minds: MindsFactory, guards: Guards) -> TenantRuntime:
    default, identity = _default_threshold(desk, wiring.settings), verification_of(desk, wiring)
    fixed = desk.thresholds.answer
    if fixed is None:
        fixed = DEFAULT_ANSWER_THRESHOLD if default is None else default.threshold
    return TenantRuntime(
        desk=desk,
        graph=build(desk.limits),
        minds=_minds(desk, wiring, minds),
        gateway=_gateway(desk, wiring, guards, identity),
        answer_threshold=fixed,
        identity=identity,
        default_threshold=default,
    )


def _default_threshold(desk: Desk, settings: Settings) -> Threshold | None:
    """None where the desk states one, or where the minds have no confidence model."""
    if desk.thresholds.answer is not None or settings.minds == "scripted":
        return None
    from graph.minds.local.confidence.assessor import default_threshold

    return default_threshold(desk.goal.max_wrong_answers)


def fitted(desk: Desk, wiring: Wiring, minds: MindsFactory | None = None) -> Minds:
    """The minds of a desk as it is now, such as one with corrected examples. Takes a second."""
    return _minds(desk, wiring, minds or minds_for(wiring.settings))


def _minds(desk: Desk, wiring: Wiring, minds: MindsFactory) -> Minds:
    """The family of the settings, with models in front where the desk leaves a decision to them."""
    base = minds(desk, wiring.encoder)
    if not desk.minds.use_models:
        return base
    from graph.minds.model.build import with_models

    return with_models(desk, base, wiring.model_client)


def _gateway(desk: Desk, wiring: Wiring, guards: Guards, identity: Verification | None) -> Gateway:
    catalog = build_catalog(
        desk.tools,
        services=desk.services,
        delivery=desk.delivery,
        knowledge=wiring.search,
        tenant=desk.tenant,
        client=wiring.client,
        mcp=wiring.mcp,
        codes=None if identity is None else (identity, desk.identity.words),
    )
    return ToolGateway(
        catalog,
        permissions=Permissions(desk.tools_of, codes=identity is not None),
        guards=guards,
        budget=budget_of(desk, wiring.database),
        ledger=EffectLedger(wiring.database),
        log=JournalledCalls(wiring.database),
        identity=identity,
    )


def verification_of(desk: Desk, wiring: Wiring) -> Verification | None:
    """The tenant's one-time codes; None where the desk sends none."""
    if not desk.identity.codes:
        return None
    hmac_key = wiring.settings.hmac_key
    return Verification(wiring.database, hmac_key, desk.tenant, desk.identity.rules)


def budget_of(desk: Desk, database: Database) -> LedgerBudget:
    """What the desk's tickets may spend, in the accounts that all processes share."""
    return LedgerBudget(
        database,
        turn=desk.limits.ceiling,
        ticket=desk.budgets.ticket.ceiling,
        day=desk.budgets.day.ceiling,
    )
