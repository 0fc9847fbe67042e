"""One ticket on a bench, in the words of those who act on it: what was done, who has it, what is left."""

import asyncio
import tempfile
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any, TypeVar

from hypothesis.stateful import RuleBasedStateMachine
from sqlmodel import select

from api.worker import assembly
from evals.stack.journal_gaps import gaps
from memory import handoffs
from memory.faults import MemoryFault
from memory.handoffs import Decision
from memory.tables import (
    DecisionKind,
    Handoff,
    HandoffStatus,
    Letter,
    OutboxStatus,
    Ticket,
    TicketStatus,
    now,
)
from tests.bench import TENANT, Bench
from tests.properties.held import Gate, HeldPost

T = TypeVar("T")


class OneTicket(RuleBasedStateMachine):
    """A machine around one ticket; it has no rules of its own."""

    bench: Bench
    ticket: Ticket

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.stack = AsyncExitStack()
        self.writer_gate, self.post_gate = Gate(), Gate()
        self.post = HeldPost(gate=self.post_gate)
        self.running: asyncio.Task[Any] | None = None
        self.taken: dict[int, str] = {}
        """By turn: what a takeover said of the agent's answer."""
        self.approved: set[int] = set()
        """Turns in which a person sent the agent's suggestion."""
        self.folder = tempfile.TemporaryDirectory(prefix="people-")

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """The result of some work on this machine's loop."""
        return self.loop.run_until_complete(work)

    def act(self, who: str | None, change: Any, *, holds: bool = True) -> bool:
        """Do it to the newest handoff; whoever is not its owner must have been refused."""
        found = self.all()
        if not found:
            return False
        owner, one = self.owner(), found[-1]

        async def work() -> None:
            async with self.bench.wiring.database.transaction() as session:
                await change(session, one.id)

        try:
            self.do(work())
        except MemoryFault:
            return False
        if who is not None and holds and one.status in handoffs.UNDECIDED and one.status != "open":
            assert owner in {None, who}, f"{who} changed what {owner} has"
        return True

    def owner(self) -> str | None:
        """Who has the ticket now: by a living lease, or as who put it aside or asked."""
        for one in self.all():
            alive = one.lease_expires_at is not None and one.lease_expires_at > now()
            if (one.status == "claimed" and alive) or one.status in {"snoozed", "waiting_customer"}:
                return one.claimed_by
        return None

    def answers(self, turn: int, by: str) -> int:
        """How many different replies reached the customer in a turn."""
        own = "A person's own words."
        texts = [
            m["text"] for _, m in self.post.calls if m["turn"] == turn and m["kind"] == "reply"
        ]
        return sum((text == own) == (by == "person") for text in texts)

    def all(self) -> list[Handoff]:
        """Every handoff of the ticket, oldest first."""
        return self.do(self._all())

    async def _all(self) -> list[Handoff]:
        return await self.bench.handoffs(self.ticket)

    async def _end_leases(self) -> None:
        past = now() - timedelta(seconds=1)
        async with self.bench.wiring.database.transaction() as session:
            for one in (await session.exec(select(Handoff))).all():
                one.lease_expires_at = past if one.lease_expires_at else None
                one.snoozed_until = past if one.snoozed_until else None
                session.add(one)
        await assembly.deadlines(self.bench.wiring).tick()

    async def _errands(self) -> None:
        async with self.bench.wiring.database.reading() as session:
            wanted = (
                await session.exec(select(Letter).where(Letter.status == OutboxStatus.WANTED))
            ).all()
            told = (await session.exec(select(Handoff.id))).all()
        outbox_worker = assembly.outbox_worker(self.bench.wiring)
        for letter in wanted:
            await outbox_worker.send(letter.id)
        for one in told:
            await outbox_worker.tell_story(one)

    async def _go_on(self) -> None:
        self.writer_gate.let_go()
        self.post_gate.let_go()
        if self.running is not None:
            await self.running
        self.running = None

    async def _close(self) -> None:
        await self._end_leases()
        [waiting] = [one for one in await self._all() if one.status in handoffs.UNDECIDED]
        async with self.bench.wiring.database.transaction() as session:
            await handoffs.assign(session, TENANT, waiting.id, "Lead", to="Lead", lead=True)
            await handoffs.decide(
                session,
                self.bench.wiring.queue,
                tenant=TENANT,
                handoff_id=waiting.id,
                who="Lead",
                decision=Decision(DecisionKind.CLOSE),
            )

    async def _finish(self) -> None:
        await self._go_on()
        for _ in range(12):
            await self._errands()
            ticket = await self.bench.ticket(self.ticket)
            if ticket.status == TicketStatus.SETTLED:
                break
            if ticket.status == TicketStatus.WAITING:
                await self._close()
            await self.bench.run(self.ticket)
        else:
            raise AssertionError(f"the ticket is stuck: {ticket.status}")
        assert [one for one in await self._all() if one.status != HandoffStatus.CLOSED] == []
        async with self.bench.wiring.database.reading() as session:
            left = select(Letter).where(Letter.status == OutboxStatus.WANTED)
            assert (await session.exec(left)).all() == []
        assert gaps(await self.bench.rows(self.ticket)) == []
