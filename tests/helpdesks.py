"""A helpdesk of our own with everything that Deskhand has for it, in one process."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx2
from sqlmodel import col, select

from api.channels.contract import RateLimits
from api.channels.dispatch import Dispatch
from api.channels.helpdesk.mirror import Mirror
from api.channels.helpdesk.setup import open_helpdesk, rules_of
from api.channels.helpdesk.source import LOOK_SECONDS, HelpdeskSource
from api.channels.intake import Intake
from evals.stack.helpdesks.chatwoot import ChatwootServer
from evals.stack.helpdesks.faulty import FaultyTransport
from evals.stack.helpdesks.world import SECRET, TOKEN, HelpdeskServer, Said, Talk
from evals.stack.helpdesks.zammad import ZammadServer
from evals.stack.helpdesks.zendesk import ZendeskServer
from graph.desk.channels import Channels
from graph.desk.helpdesks import HelpdeskChannel
from memory import handoffs
from memory.channels import outgoing, pokes
from memory.channels.door import OutgoingLedger
from memory.tables import ChannelOutgoing, Handoff, HandoffStatus, Ticket, now
from memory.tickets import driving, lifecycle, tickets
from tests import desks
from tests.memory.ledgers import TENANT, Ledger
from tools.adapters.channels import ChannelPost
from tools.adapters.delivery import Outbox
from tools.adapters.helpdesk.chatwoot import Chatwoot
from tools.adapters.helpdesk.sender import HelpdeskSender
from tools.adapters.helpdesk.zammad import Zammad
from tools.adapters.helpdesk.zendesk import Zendesk

SERVERS: dict[str, type[Any]] = {
    "chatwoot": ChatwootServer,
    "zammad": ZammadServer,
    "zendesk": ZendeskServer,
}
HOST = "help.example"
URL = f"https://{HOST}"
LIMITS = RateLimits(sends_per_minute=100_000, answers_per_hour=1_000, attempts=30)


async def lookup(host: str, port: int) -> list[str]:
    """Every name leads to this machine."""
    return ["127.0.0.1"]


def channel_of(server: HelpdeskServer, **more: Any) -> HelpdeskChannel:
    """Its part of a desk, as desk.yaml brings it."""
    said = {**server.settings(URL), "token": TOKEN, "webhook_secret": SECRET, **more}
    return Channels.model_validate({server.name: said}).helpdesks[server.name]


ALIKE = 3
"""Rounds in which nothing moves before what is left is taken to wait for something else."""


@dataclass
class Floor:
    """One tenant's channel with a helpdesk, and the ledger behind it."""

    ledger: Ledger
    server: HelpdeskServer
    channel: HelpdeskChannel
    transport: FaultyTransport
    http: httpx2.AsyncClient
    clock: float = 0.0
    source: HelpdeskSource = field(init=False)
    mirror: Mirror = field(init=False)
    dispatch: Dispatch = field(init=False)

    def __post_init__(self) -> None:
        """Begin anew, as a process that was just started would."""
        self.restart()

    def restart(self) -> None:
        """What a process held is gone; the ledger and the helpdesk are as they were."""
        name, database, queue = self.server.name, self.ledger.database, self.ledger.queue
        desk = open_helpdesk(self.channel, self.http, {HOST})
        assert isinstance(desk, Chatwoot | Zammad | Zendesk)
        client = desk.client
        client.lookup, client.now = lookup, lambda: self.clock
        intake = Intake(
            database, queue, lambda: b"0123456789abcdef", TENANT, name, LIMITS, drops_drafts=True
        )
        groups = frozenset(str(one) for one in self.channel.groups)
        self.source = HelpdeskSource(
            database, TENANT, name, desk, intake, groups, 3_600, clock=lambda: self.clock
        )
        self.mirror = Mirror(database, TENANT, name, self.channel, "desk.example")
        sender = HelpdeskSender(desk, in_flight_seconds=0.0, file_seconds=0.0)
        self.dispatch = Dispatch(database, queue, TENANT, name, sender, LIMITS, self.mirror.step_of)

    async def hook(self, talk: Talk, said: Said | None = None) -> None:
        """The helpdesk tells of something; what the API does with it."""
        sent = self.server.hook(talk, said, at=time.time())
        rules = rules_of(self.channel)
        headers = httpx2.Headers(sent.headers)
        assert rules.genuine(headers, sent.body, SECRET, time.time())
        ref = rules.ref(httpx2.Response(200, content=sent.body).json())
        async with self.ledger.database.transaction() as session:
            await pokes.note(session, TENANT, self.server.name, ref)

    async def until_quiet(self) -> None:
        """Everything that is due happens, however long one would wait; what waits for a run stays."""
        before: list[tuple[Any, ...]] = []
        alike = 0
        for _ in range(60):
            self.clock += 10_000
            calm = await self.source.step() == LOOK_SECONDS and not await self.mirror.round()
            is_due = col(ChannelOutgoing.status).in_(("wanted", "intended"))
            async with self.ledger.database.transaction() as session:
                waits = list(await session.exec(select(ChannelOutgoing).where(is_due)))
                for row in waits:
                    row.not_before = now()
                    session.add(row)
            standing = [(row.id, row.status, row.attempts) for row in waits]
            alike = alike + 1 if standing == before else 0
            before = standing
            sent = await self.dispatch.round()
            if calm and (not sent or alike >= ALIKE):
                return

    async def tickets(self) -> list[Ticket]:
        """All tickets, the oldest first."""
        async with self.ledger.database.reading() as session:
            return list(await session.exec(select(Ticket).order_by(col(Ticket.created_at))))

    async def said(self) -> list[tuple[str, str]]:
        """Who said what on the only ticket."""
        (ticket,) = await self.tickets()
        async with self.ledger.database.reading() as session:
            told = await tickets.messages(session, ticket.id)
        return [(one.role, one.text) for one in told]

    async def statuses(self) -> list[tuple[str, str]]:
        """What was wanted on the only ticket, and how far it has come."""
        (ticket,) = await self.tickets()
        async with self.ledger.database.reading() as session:
            return [(one.kind, one.status) for one in await outgoing.of_ticket(session, ticket.id)]

    async def drive(self, answer: str, kind: str = "reply", *, settle: bool = True) -> Ticket:
        """The only ticket's turn: the conversation is read, and this is the agent's answer."""
        ticket = await self.begin()
        await self.deliver(answer, kind)
        if settle:
            await self.settle("clarifying" if kind == "clarification" else "delivered")
        return ticket

    async def begin(self) -> Ticket:
        """The only ticket's turn begins: its conversation is read."""
        (ticket,) = await self.tickets()
        async with self.ledger.database.transaction() as session:
            begun = lifecycle.made(await lifecycle.begin(session, ticket.id, run=ticket.run))
        await self.ledger.database.units.write(lambda do: driving.conversation_in(do, begun))
        return ticket

    async def deliver(self, answer: str, kind: str = "reply", **more: Any) -> None:
        """What the graph's `deliver` does."""
        (ticket,) = await self.tickets()
        ledger = OutgoingLedger(self.ledger.database, TENANT)
        post = ChannelPost(ledger, lambda: "desk.example", Outbox())
        message = {"ticket_id": ticket.id, "turn": ticket.turn, "kind": kind, "text": answer}
        message |= more
        await post.send(message, f"key {ticket.id} {ticket.turn} {answer}")

    async def settle(self, outcome: Any = "delivered") -> None:
        """The turn ends."""
        (ticket,) = await self.tickets()
        async with self.ledger.database.transaction() as session:
            lifecycle.made(
                await lifecycle.settle(session, ticket.id, epoch=ticket.epoch, outcome=outcome)
            )

    async def hand_off(self, **more: Any) -> Handoff:
        """The agent gives the only ticket to a person."""
        (ticket,) = await self.tickets()
        story = {"summary": "asks for a refund", "suggestion": {"text": "Here it is."}}
        handoff = Handoff(
            id=f"hnd_{ticket.turn}",
            ticket_id=ticket.id,
            tenant=TENANT,
            turn=ticket.turn,
            status=HandoffStatus.OPENING,
            reason="node_failed",
            explanation="The agent is not sure.",
            story=story,
            **more,
        )
        async with self.ledger.database.transaction() as session:
            await handoffs.open_once(session, handoff)
        async with self.ledger.database.transaction() as session:
            await desks.at_rest(session, ticket, handoff)
        return handoff


@asynccontextmanager
async def floor_of(
    ledger: Ledger, name: str, *, behind: timedelta = timedelta(), **settings: Any
) -> AsyncIterator[Floor]:
    """A helpdesk of our own, connected a moment ago."""
    server: HelpdeskServer = SERVERS[name]()
    server.world.behind = behind
    transport = FaultyTransport(httpx2.ASGITransport(server.app), clock=server.world.now)
    async with httpx2.AsyncClient(transport=transport) as http:
        floor = Floor(ledger, server, channel_of(server, **settings), transport, http)
        await floor.source.step()
        yield floor
