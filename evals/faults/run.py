"""One ticket through the real graph while the service misbehaves, and what must hold then."""

import asyncio
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from sqlmodel import select

from api.runtimes import TenantRuntime
from api.settings import Settings
from api.wiring import Wiring
from api.worker import assembly
from evals.faults.journeys import Journey, RemoteKnowledge, desk_for, minds_for
from evals.faults.process import FaultyService
from evals.faults.scenarios import Scenario
from evals.faults.seen import Seen
from evals.faults.service import OWNER
from evals.faults.specs import RETRY, SECONDS, SERVICE, TENANT, Via
from graph.build import build
from graph.desk.model import Desk
from graph.ledger import JournalledCalls
from memory import handoffs
from memory.budgets.amounts import Ceiling
from memory.budgets.budgets import LedgerBudget
from memory.effects import EffectLedger
from memory.encoder.encoder import HashEncoder
from memory.handoffs import Decision
from memory.journal import journal
from memory.knowledge.index import MemoryIndex
from memory.knowledge.search import HybridSearch
from memory.knowledge.settled_tickets import Recall
from memory.storage.database import Database
from memory.storage.migrate import migrate
from memory.storage.opening import open_checkpoints
from memory.storage.queue import Queue
from memory.tables import DecisionKind, Handoff, Ticket, TicketStatus
from memory.tickets import intake, tickets
from memory.tickets.intake import NewTicket
from tools.adapters.delivery import DeliverReply, HttpPost, Notify
from tools.adapters.http import Endpoint, HttpTool, open_client
from tools.adapters.knowledge import SearchKnowledge
from tools.adapters.mcp.tool import McpTool
from tools.catalog import Catalog
from tools.checks.permission import Permissions
from tools.contract import Tool
from tools.faults import ToolFault
from tools.gateway import ToolGateway
from tools.resilience.guards import Guards

GREETINGS, GREETING_SECONDS = 10, 3.0
PERSON = "Ann"


@dataclass(frozen=True)
class FaultRow:
    """What became of one ticket."""

    journey: str
    scenario: str
    outcome: str
    attempts: int
    """Of the tool under test, as the journal has them."""
    reached: int
    """Calls that arrived at the service."""
    effects: int
    """Effects of the operation under test that the service performed."""
    seconds: float
    cost_micros: int
    wrong: tuple[str, ...] = field(default=())
    """What should not have happened, in words."""


@dataclass
class Bench:
    """One tenant on a ledger of its own, before one misbehaving service."""

    wiring: Wiring
    service: FaultyService
    desks: dict[Via, Desk] = field(default_factory=dict)
    """By the way in which the tools reach the service, each made when it is first needed."""
    number: int = 0

    async def row(self, journey: Journey, scenario: Scenario) -> FaultRow:
        """One ticket, alone with the fault."""
        self.number += 1
        value = f"A{self.number}"
        self.service.reset()
        faults = [fault.model_dump() for fault in scenario.plan]
        self.service.plan(journey.operation, *faults, forever=scenario.forever)
        await self._open_office(journey, value)
        started = time.monotonic()
        ticket = await self._through(journey, value)
        seconds = time.monotonic() - started
        return await self._judged(journey, scenario, value, ticket, seconds)

    async def _through(self, journey: Journey, value: str) -> Ticket:
        """Until it rests; and where an action waits for approval, once more."""
        ticket = await self._run(await self._accept(f"Please look at {value}."))
        if not journey.effect or ticket.status != TicketStatus.WAITING:
            return ticket
        await self._approve(ticket, journey.truth.format(it=value))
        return await self._run(ticket)

    async def _accept(self, text: str) -> Ticket:
        async with self.wiring.database.transaction() as session:
            accepted = await intake.accept(
                session,
                self.wiring.queue,
                tenant=TENANT,
                new=NewTicket("", text, customer_email=OWNER, vouched_by="drill"),
                key=None,
                digest="",
            )
        return accepted.ticket

    async def _run(self, ticket: Ticket) -> Ticket:
        driver, ticket = assembly.ticket_driver(self.wiring), await self._fresh(ticket)
        rested = await driver.drive(ticket.id, ticket.run)
        if rested is not None:
            await driver.settle(ticket.id, rested)
        return await self._fresh(ticket)

    async def _approve(self, ticket: Ticket, text: str) -> None:
        async with self.wiring.database.transaction() as session:
            query = select(Handoff).where(Handoff.ticket_id == ticket.id)
            handoff = (await session.exec(query)).one()
            actions = tuple(one["fingerprint"] for one in handoff.story["actions"])
            await handoffs.decide(
                session,
                self.wiring.queue,
                tenant=TENANT,
                handoff_id=handoff.id,
                who=PERSON,
                decision=Decision(DecisionKind.REPLY, text=text, actions=actions),
            )

    async def _fresh(self, ticket: Ticket) -> Ticket:
        async with self.wiring.database.reading() as session:
            return await tickets.get(session, TENANT, ticket.id)

    async def _judged(
        self, journey: Journey, scenario: Scenario, value: str, ticket: Ticket, seconds: float
    ) -> FaultRow:
        async with self.wiring.database.reading() as session:
            rows = await journal.of_ticket(session, ticket.id)
        stats = self.service.stats()
        seen = Seen(journey, value, ticket, rows, stats, seconds)
        served = journey.base in scenario.served and journey.name not in scenario.not_served
        return FaultRow(
            journey=journey.name,
            scenario=scenario.name,
            outcome=f"{ticket.outcome}{f' ({ticket.reason})' if ticket.reason else ''}",
            attempts=seen.attempts,
            reached=int(stats["calls"].get(journey.operation, 0)),
            effects=len(seen.effects),
            seconds=seconds,
            cost_micros=sum(row.cost_micros for row in rows if row.kind == "call"),
            wrong=tuple(seen.wrong(served=served)),
        )

    async def _open_office(self, journey: Journey, value: str) -> None:
        """Anew for each ticket: a breaker that another fault opened would hide this one."""
        desk = self.desks.get(journey.via)
        if desk is None:
            made = await asyncio.to_thread(desk_for, self.service.base_url, journey.via)
            desk = self.desks[journey.via] = made
        await self._greet(desk)
        gateway = _gateway(self.wiring, desk, self.service.base_url)
        minds = minds_for(journey, value)
        self.wiring.runtimes.put(TenantRuntime(desk, build(desk.limits), minds, gateway, 0.6))

    async def _greet(self, desk: Desk) -> None:
        """Let a session that the last fault has left behind come to itself, or to its end."""
        service = desk.services[SERVICE]
        if service.mcp is None:
            return
        client = self.wiring.mcp.of(TENANT, SERVICE, service.mcp, "")
        for _ in range(GREETINGS):
            with suppress(ToolFault):
                async with asyncio.timeout(GREETING_SECONDS):
                    await client.operations(anew=True)
                    return
            await asyncio.sleep(GREETING_SECONDS / GREETINGS)


@asynccontextmanager
async def opened(
    home: Path, service: FaultyService, ledger: Path | None = None
) -> AsyncIterator[Bench]:
    """A tenant over a fresh ledger in `home`; see `wired`."""
    async with wired(home, ledger) as wiring:
        yield Bench(wiring, service)


@asynccontextmanager
async def wired(home: Path, ledger: Path | None = None) -> AsyncIterator[Wiring]:
    """The parts of a worker without tenants, over a fresh ledger in `home`.

    It is a copy of `ledger` where one is given: two migrations at once, in threads of one
    process, break each other.
    """
    settings = Settings(home=home, minds="scripted", _env_file=None)
    if ledger is None:
        await asyncio.to_thread(migrate, settings.ledger_url)
    else:
        shutil.copy(ledger, home / ledger.name)
    database, index, encoder = Database(settings.ledger_url), MemoryIndex(), HashEncoder()
    wiring = Wiring(
        settings=settings,
        database=database,
        queue=Queue(settings.ledger_url),
        checkpoints=open_checkpoints(database),
        encoder=encoder,
        index=index,
        search=HybridSearch(database, index, encoder),
        recall=Recall(database, index, encoder),
        client=open_client(),
    )
    try:
        yield wiring
    finally:
        await wiring.close()


def _gateway(wiring: Wiring, desk: Desk, base_url: str) -> ToolGateway:
    endpoint = Endpoint(base_url, "", wiring.client)
    post = HttpPost(endpoint, "/replies")
    service = desk.services[SERVICE]
    tools: list[Tool] = [
        HttpTool(spec, base_url, "", wiring.client)
        if service.mcp is None
        else McpTool(spec, wiring.mcp.of(TENANT, SERVICE, service.mcp, ""))
        for spec in desk.tools
    ]
    system = (
        SearchKnowledge(RemoteKnowledge(endpoint), TENANT),
        DeliverReply(post),
        Notify(post),
    )
    for tool in system:
        # As production has them, but in less time.
        tool.spec = tool.spec.model_copy(update={"timeout_seconds": SECONDS, "retry": RETRY})
        tools.append(tool)
    return ToolGateway(
        Catalog({tool.spec.name: tool for tool in tools}, TENANT),
        permissions=Permissions(desk.tools_of),
        guards=Guards(),
        budget=LedgerBudget(wiring.database, turn=Ceiling(tool_calls=desk.limits.tool_calls)),
        ledger=EffectLedger(wiring.database),
        log=JournalledCalls(wiring.database),
    )
