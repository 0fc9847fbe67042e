"""A worker without an engine: the real graph, ledger, journal and checkpoints, in this process.

`Bench.run` does what the workflow does: drive, then settle. Each part can be replaced.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from api.runtimes import TenantRuntime, verification_of
from api.wiring import Wiring
from api.worker import assembly
from api.worker.ticket_driver import TicketDriver
from graph.desk.limits import Limits
from graph.desk.model import Desk, Intent
from graph.minds.contract import Minds
from graph.minds.scripted import scripted_minds
from memory import handoffs
from memory.effects import of_ticket
from memory.handoffs import Decision
from memory.journal import journal
from memory.knowledge.contract import Hit
from memory.storage.queue import workflow_id
from memory.tables import DecisionKind, Effect, Handoff, JournalRow, Message, Ticket
from memory.tickets import intake, tickets
from memory.tickets.intake import NewTicket
from memory.verification.answers import add_message
from tests.broken import Broken
from tests.desks import settings_in
from tests.wired import gateway_of, graph_of, wiring_of
from tools.adapters.fakes import ListedKnowledge, ListedPost, ScriptedTool
from tools.contract import ToolSpec

TENANT = "acme"
PASSAGE = "Open the settings and press Reset; a link is sent to your address."
HIT = Hit("c1", "reset", "Reset your password", "Sign in", PASSAGE, None, 0.03)


def desk_of(specs: Sequence[ToolSpec] = (), limits: Limits | None = None, **parts: Any) -> Desk:
    """A desk with one intent that may use every given tool."""
    names = tuple(spec.name for spec in specs)
    orders = Intent(name="orders", examples=("where is it", "my order"), tools=names)
    return Desk(
        tenant=TENANT,
        company="Acme",
        tools=tuple(specs),
        intents=(orders,),
        limits=limits or Limits(),
        **parts,
    )


@dataclass
class Bench:
    """One tenant's office, with everything it wrote within reach."""

    wiring: Wiring
    post: ListedPost
    knowledge: ListedKnowledge
    tools: dict[str, ScriptedTool]

    @property
    def driver(self) -> TicketDriver:
        """The engine's work, without the engine."""
        return assembly.ticket_driver(self.wiring)

    @property
    def runtime(self) -> TenantRuntime:
        """What the tenant's tickets are worked with."""
        return self.wiring.runtimes[TENANT]

    def change(self, **parts: Any) -> None:
        """Replace parts of the office, as a restart with other settings would."""
        self.wiring.runtimes.put(replace(self.runtime, **parts))

    def think(self, **minds: Any) -> None:
        """Replace some of the minds."""
        self.change(minds=replace(self.runtime.minds, **minds))

    def find(self, text: str = "The other one is under Settings, beside the first one.") -> None:
        """From now on the search finds this alone: what was sent is not sent twice."""
        self.knowledge.hits = [replace(HIT, chunk_id=f"c-{text}", text=text)]

    async def accept(self, text: str, *, subject: str = "", **new: Any) -> Ticket:
        """A new ticket, as the intake stores it; its sender is vouched for unless said otherwise."""
        if new.get("customer_email") is not None:
            new = {"vouched_by": "the shop", **new}
        async with self.wiring.database.transaction() as session:
            accepted = await intake.accept(
                session,
                self.wiring.queue,
                tenant=TENANT,
                new=NewTicket(subject, text, **new),
                key=None,
                digest="",
            )
        return accepted.ticket

    async def write(self, ticket: Ticket, text: str) -> bool:
        """The customer's next message; whether it started a turn."""
        async with self.wiring.database.transaction() as session:
            added = await add_message(
                session,
                self.wiring.queue,
                self.wiring.settings.hmac_key,
                tenant=TENANT,
                ticket_id=ticket.id,
                text=text,
                key=None,
                digest="",
            )
            await handoffs.customer_wrote(session, added)
        return added.started

    async def run(self, ticket: Ticket) -> Ticket:
        """Drive the ticket's present run to rest and settle it."""
        now = await self.ticket(ticket)
        rested = await self.driver.drive(ticket.id, now.run, await self.cause(now))
        if rested is not None:
            await self.driver.settle(ticket.id, rested)
        return await self.ticket(ticket)

    async def cause(self, ticket: Ticket) -> str | None:
        """What the queue entry of the ticket's run says, None where the engine has lost it."""
        name = workflow_id(ticket.id, ticket.run)
        found = await self.wiring.queue.client.list_workflows_async(workflow_ids=[name])
        given = [one.input["args"] for one in found if one.input is not None]
        return str(given[0][2]) if given else None

    async def die(self, ticket: Ticket, at: Broken) -> None:
        """Begin to run the ticket, and stop for good in the middle of that mind's work."""
        task = asyncio.create_task(self.run(ticket))
        await at.called.wait()
        task.cancel()
        await asyncio.wait([task])

    async def answer(self, text: str, **new: Any) -> Ticket:
        """Accept and run."""
        return await self.run(await self.accept(text, **new))

    async def decide(
        self, ticket: Ticket, kind: str, *, version: int | None = None, **parts: Any
    ) -> Handoff:
        """A person decides the handoff that waits, by the version they saw where one is given."""
        handoff = await self.handoff(ticket)
        async with self.wiring.database.transaction() as session:
            return await handoffs.decide(
                session,
                self.wiring.queue,
                tenant=TENANT,
                handoff_id=handoff.id,
                who="Ann",
                decision=Decision(DecisionKind(kind), **parts),
                version=version,
            )

    async def settled_by(self, ticket: Ticket, kind: str, **parts: Any) -> Ticket:
        """Decide and run."""
        await self.decide(ticket, kind, **parts)
        return await self.run(ticket)

    async def vanish(self) -> None:
        """Let the engine lose all runs."""
        async with self.wiring.database.transaction() as session:
            await session.execute(text("DELETE FROM workflow_status"))

    async def lose(self, ticket: Ticket) -> Ticket:
        """Let the ticket's run vanish from the engine, and the sweeper find out."""
        await self.vanish()
        await assembly.sweeper(self.wiring, quiet=timedelta(0)).sweep()
        return await self.ticket(ticket)

    async def ticket(self, ticket: Ticket | str) -> Ticket:
        """The present row of a ticket, or of the one with that id."""
        name = ticket if isinstance(ticket, str) else ticket.id
        async with self.wiring.database.reading() as session:
            return await tickets.get(session, TENANT, name)

    async def handoff(self, ticket: Ticket) -> Handoff:
        """The newest handoff."""
        return (await self.handoffs(ticket))[-1]

    async def handoffs(self, ticket: Ticket) -> list[Handoff]:
        """All of them, oldest first."""
        async with self.wiring.database.reading() as session:
            query = select(Handoff).where(Handoff.ticket_id == ticket.id)
            return list((await session.exec(query.order_by(col(Handoff.created_at)))).all())

    async def rows(self, ticket: Ticket) -> list[JournalRow]:
        """The journal."""
        async with self.wiring.database.reading() as session:
            return await journal.of_ticket(session, ticket.id)

    async def steps(self, ticket: Ticket) -> list[str]:
        """Names of the steps in order."""
        return [row.name for row in await self.rows(ticket) if row.kind == "step"]

    async def messages(self, ticket: Ticket) -> list[Message]:
        """The conversation."""
        async with self.wiring.database.reading() as session:
            return await tickets.messages(session, ticket.id)

    async def said(self, ticket: Ticket) -> list[str]:
        """`kind by role` of what was sent."""
        found = await self.messages(ticket)
        return [f"{one.kind} by {one.role}" for one in found if one.role != "customer"]

    async def effects(self, ticket: Ticket) -> list[Effect]:
        """The effect ledger."""
        async with self.wiring.database.reading() as session:
            return await of_ticket(session, ticket.id)

    @property
    def sent(self) -> list[str]:
        """Kinds of the messages that arrived at the customer."""
        return [message["kind"] for message in self.post.messages.values()]


@asynccontextmanager
async def opened(
    home: Path,
    template: Path,
    *,
    limits: Limits | None = None,
    minds: Minds | None = None,
    tools: Sequence[ScriptedTool] = (),
    post: ListedPost | None = None,
    hits: Sequence[Hit] = (HIT,),
    desk: Mapping[str, Any] | None = None,
) -> AsyncIterator[Bench]:
    """A bench over a fresh ledger in `home`."""
    settings = settings_in(home, template, minds="scripted")
    policy = desk_of([tool.spec for tool in tools], limits, **(desk or {}))
    post, knowledge = post or ListedPost(), ListedKnowledge(list(hits))
    wiring = wiring_of(settings)
    identity = verification_of(policy, wiring.database, lambda: settings.hmac_key)
    gateway = gateway_of(wiring, policy, post, knowledge, tools, identity)
    runtime = TenantRuntime(
        policy, graph_of(policy.limits), minds or scripted_minds(), gateway, 0.6, identity
    )
    wiring.runtimes.put(runtime)
    try:
        yield Bench(wiring, post, knowledge, {tool.spec.name: tool for tool in tools})
    finally:
        await wiring.close()


Opened = Callable[..., AbstractAsyncContextManager[Bench]]


@pytest.fixture
def open_bench(tmp_path: Path, template: Path) -> Opened:
    """Opens a bench with parts of one's own."""
    return partial(opened, tmp_path / "home", template)


@pytest.fixture
async def bench(tmp_path: Path, template: Path) -> AsyncIterator[Bench]:
    """Scripted minds, one passage, no tools."""
    async with opened(tmp_path / "home", template) as found:
        yield found
