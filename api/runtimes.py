"""What one tenant's tickets are worked with, how it is made, and the context of each drive."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

import httpx2
from typing_extensions import override

from api.telemetry.minds import traced
from graph.build import TicketGraph, build
from graph.context import Drive, Sender, TicketContext
from graph.desk.model import Desk
from graph.ledger import JournalledCalls, TicketLedger
from graph.minds.contract import MindCalls, Minds, Onlookers
from graph.thresholds import DEFAULT_ANSWER_THRESHOLD, IN_DESK, Threshold
from memory import autonomy
from memory.autonomy import BY_ITSELF, Autonomy
from memory.budgets.budgets import LedgerBudget
from memory.channels.door import OutgoingLedger
from memory.effects import EffectLedger
from memory.encoder.encoder import Encoder
from memory.knowledge.foreign import ForeignSearch
from memory.knowledge.patience import Patience, PatientSearch
from memory.knowledge.search import HybridSearch
from memory.knowledge.settled_tickets import Recall
from memory.storage.database import Database
from memory.storage.units import Statements
from memory.tables import Ticket
from memory.tickets.transitions import RESUMING
from memory.verification.challenges import Verification
from tools.adapters.mcp.clients import McpClients
from tools.catalog import ChannelDoor, build_catalog
from tools.checks.permission import Permissions
from tools.contract import Gateway
from tools.gateway import ToolGateway
from tools.resilience.guards import Guards


class MindsFactory(Protocol):
    """A family of minds: what answers for a desk when no chat model does."""

    def __call__(self, desk: Desk, encoder: Encoder, /) -> Minds:
        """The minds of one desk, fitted on its examples. Takes a second; may raise `DeskInvalid`."""


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


class Runtimes(Mapping[str, TenantRuntime]):
    """The runtimes of this process, by tenant.

    The parts of a worker share it: minds that are fitted anew hold from the next drive on.
    """

    def __init__(self) -> None:
        self._by_tenant: dict[str, TenantRuntime] = {}

    @override
    def __getitem__(self, tenant: str) -> TenantRuntime:
        return self._by_tenant[tenant]

    @override
    def __iter__(self) -> Iterator[str]:
        return iter(self._by_tenant)

    @override
    def __len__(self) -> int:
        return len(self._by_tenant)

    def weight(self, tenant: str) -> int:
        """The tenant's share beside those of others; 1 if it has no desk."""
        return self[tenant].desk.weight if tenant in self else 1

    def present(self, desk: Desk) -> Desk:
        """The desk that has taken the place of this one; itself where none has."""
        return self[desk.tenant].desk if desk.tenant in self else desk

    def put(self, runtime: TenantRuntime) -> None:
        """Let `runtime` take the place of its tenant's; whoever iterates sees the old ones."""
        self._by_tenant = {**self._by_tenant, runtime.desk.tenant: runtime}


@dataclass(frozen=True)
class DriveContexts:
    """Makes the context of each drive."""

    database: Database
    recall: Recall
    runtimes: Mapping[str, TenantRuntime]
    traced: bool = False
    """Whether what the minds do leaves spans."""
    onlookers: Onlookers | None = None
    """Who may see replies being written."""

    def of(self, ticket: Ticket, cause: str) -> TicketContext:
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
            sender=Sender.of(ticket),
            drive=Drive(cause=cause, resumed=cause in RESUMING),
            answer_threshold=runtime.answer_threshold,
            threshold_source="" if runtime.desk.thresholds.answer is None else IN_DESK,
            identity=runtime.identity,
            autonomy_now=lambda: self.database.units.look(lambda do: self.autonomy_in(do, ticket)),
        )
        bound = runtime.minds.bound(self._calls(context))
        return replace(context, minds=traced(bound) if self.traced else bound)

    def autonomy_in(self, do: Statements, ticket: Ticket) -> Autonomy:
        """How far the agent may go by itself with a ticket, by the desk and the levels of this moment."""
        runtime = self.runtimes.get(ticket.tenant)
        if runtime is None:
            return BY_ITSELF  # nobody drives it here
        levels = runtime.desk.autonomy.levels
        return autonomy.in_force_in(do, ticket.tenant, ticket.channel, levels)

    def _calls(self, context: TicketContext) -> MindCalls:
        """What this drive's minds are charged to."""
        return MindCalls(
            caller=context.caller(),
            budget=budget_of(context.desk, self.database),
            log=JournalledCalls(self.database),
            onlookers=self.onlookers,
        )


@dataclass(frozen=True)
class RuntimeBuilder:
    """Makes the tenants' runtimes from what this process holds open."""

    database: Database
    encoder: Encoder
    search: HybridSearch
    patience: Patience | None
    """With a vector server that is away; None where the vectors are in a folder of this process."""
    foreign: ForeignSearch | None
    """For questions in other languages than the articles; None for minds that search nothing."""
    client: httpx2.AsyncClient
    model_client: httpx2.AsyncClient
    mcp: McpClients
    guards: Guards
    family: MindsFactory
    hmac_key: Callable[[], bytes]
    """The secret behind one-time codes; asked for only where a desk sends codes."""
    id_domain: Callable[[Desk], str]
    """What stands behind the @ of a tenant's messages: a mailbox may be connected meanwhile."""
    present: Callable[[Desk], Desk]
    """A tenant's desk as it is worked with at this moment, for one of its desks."""
    has_confidence_model: bool
    """Whether the family's confidence has a shipped threshold, which a tenant may calibrate."""

    def build(self, desk: Desk) -> TenantRuntime:
        """A desk's runtime. Raises `DeskInvalid`, `ModelRefused`."""
        default, identity = self._default_threshold(desk), self._verification(desk)
        fixed = desk.thresholds.answer
        if fixed is None:
            fixed = DEFAULT_ANSWER_THRESHOLD if default is None else default.threshold
        return TenantRuntime(
            desk=desk,
            graph=build(desk.limits),
            minds=self.minds(desk),
            gateway=self._gateway(desk, identity),
            answer_threshold=fixed,
            identity=identity,
            default_threshold=default,
        )

    def minds(self, desk: Desk) -> Minds:
        """The family's minds, with models in front where the desk leaves a decision to them.

        Takes a second. Also for a desk whose examples people have corrected.
        """
        base = self.family(desk, self.encoder)
        if not desk.minds.use_models:
            return base
        from graph.minds.model.build import with_models

        return with_models(desk, base, self.model_client)

    def _default_threshold(self, desk: Desk) -> Threshold | None:
        """None where the desk states one, or where the minds have no confidence model."""
        fixed = desk.thresholds.answer is not None or desk.minds.family is not None
        if fixed or not self.has_confidence_model:
            return None
        from graph.minds.local.confidence.assessor import default_threshold

        return default_threshold(desk.goal.max_wrong_answers)

    def _gateway(self, desk: Desk, identity: Verification | None) -> Gateway:
        search = self.search.knowing(desk.known_questions())
        catalog = build_catalog(
            desk.tools,
            services=desk.services,
            delivery=desk.delivery,
            knowledge=search if self.patience is None else PatientSearch(search, self.patience),
            foreign=self.foreign,
            tenant=desk.tenant,
            client=self.client,
            mcp=self.mcp,
            codes=None if identity is None else (identity, desk.identity.words),
            channels=self._channels(desk),
        )
        return ToolGateway(
            catalog,
            permissions=Permissions(self._tools_of(desk), codes=identity is not None),
            guards=self.guards,
            budget=budget_of(desk, self.database),
            ledger=EffectLedger(self.database),
            log=JournalledCalls(self.database),
            identity=identity,
        )

    def _tools_of(self, desk: Desk) -> Callable[[str | None], frozenset[str]]:
        """What an intent may use; what was taken from it since, a run under way may not use either."""
        return lambda intent: desk.tools_of(intent) & self.present(desk).tools_of(intent)

    def _channels(self, desk: Desk) -> ChannelDoor:
        # Also for a desk without channels: a person may open a ticket whose answers are kept here.
        return OutgoingLedger(self.database, desk.tenant), lambda: self.id_domain(desk)

    def _verification(self, desk: Desk) -> Verification | None:
        return verification_of(desk, self.database, self.hmac_key)


def verification_of(
    desk: Desk, database: Database, hmac_key: Callable[[], bytes]
) -> Verification | None:
    """The tenant's one-time codes; None where the desk sends none."""
    if not desk.identity.codes:
        return None
    return Verification(database, hmac_key(), desk.tenant, desk.identity.rules)


def budget_of(desk: Desk, database: Database) -> LedgerBudget:
    """What the desk's tickets may spend, in the accounts that all processes share."""
    return LedgerBudget(
        database,
        turn=desk.limits.ceiling,
        ticket=desk.budgets.ticket.ceiling,
        day=desk.budgets.day.ceiling,
    )
