"""Several people, the agent, the customer and the clock act on one ticket in any order.

Never two owners, never two answers, nothing stuck: whatever they do, and wherever the run stands
when they do it.
"""

import asyncio
import os
import tempfile
from datetime import timedelta
from functools import cache
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule
from typing_extensions import override

from api.http.handoffs.takeover import explained
from memory import handoffs
from memory.faults import MemoryFault
from memory.handoffs import Decision, Taken
from memory.tables import (
    DecisionKind,
    TicketStatus,
    now,
)
from tests import desks
from tests.bench import TENANT, opened
from tests.properties.held import Gate, HeldWriter
from tests.properties.one_ticket import OneTicket

PEOPLE = ("Ann", "Bob", "Cy")
PLAIN, HANDED = "How do I reset it?", "How do I reset it? #person"
people = st.sampled_from(PEOPLE)


@cache
def template() -> Path:
    """A migrated ledger, made once."""
    return desks.migrated(Path(tempfile.mkdtemp(prefix="people-")))


class PeopleAtOnce(OneTicket):
    """One ticket and everybody who may act on it."""

    @initialize(text=st.sampled_from([PLAIN, HANDED, HANDED]), handed=st.booleans())
    def begin(self, text: str, *, handed: bool) -> None:
        """A ticket comes in, and in half of the cases has come to people already."""
        home = Path(self.folder.name) / "home"
        context = opened(home, template(), post=self.post)
        self.bench = self.do(self.stack.enter_async_context(context))
        self.bench.think(writer=HeldWriter(self.bench.runtime.minds.writer, self.writer_gate))
        self.ticket = self.do(self.bench.accept(text, customer_email="cy@example.com"))
        if handed:
            self.do(self.bench.run(self.ticket))

    # --- what people do -------------------------------------------------------------------

    @rule(who=people)
    def claim(self, who: str) -> None:
        """Somebody takes it."""
        self.act(who, lambda s, one: handoffs.claim(s, TENANT, one, who))

    @rule(who=people)
    def release(self, who: str) -> None:
        """Somebody gives it up."""
        self.act(who, lambda s, one: handoffs.release(s, TENANT, one, who))

    @rule(who=people, to=people)
    def transfer(self, who: str, to: str) -> None:
        """Somebody hands it on."""
        self.act(who, lambda s, one: handoffs.transfer(s, TENANT, one, who, to=to, note="yours"))

    @rule(who=people, to=people)
    def assign(self, who: str, to: str) -> None:
        """A lead gives it to somebody, whoever has it."""
        self.act(None, lambda s, one: handoffs.assign(s, TENANT, one, who, to=to, lead=True))

    @rule(who=people)
    def snooze(self, who: str) -> None:
        """Somebody puts it aside."""
        until = now() + timedelta(hours=1)
        self.act(who, lambda s, one: handoffs.snooze(s, TENANT, one, who, until=until))

    @rule(who=people)
    def wake(self, who: str) -> None:
        """Somebody brings it back."""
        self.act(who, lambda s, one: handoffs.wake(s, TENANT, one, who), holds=False)

    @rule(who=people, number=st.integers(0, 3))
    def ask(self, who: str, number: int) -> None:
        """Somebody asks the customer."""
        queue, text = self.bench.wiring.queue, f"Which one do you mean ({number})?"
        self.act(
            who,
            lambda s, one: handoffs.ask(
                s, queue, tenant=TENANT, handoff_id=one, who=who, text=text
            ),
        )

    @rule(who=people, kind=st.sampled_from(["approve", "reply", "return", "close"]))
    def decide(self, who: str, kind: str) -> None:
        """Somebody decides."""
        text = "A person's own words." if kind == "reply" else ""
        decision = Decision(
            DecisionKind(kind), text=text, guidance="look again" if kind == "return" else ""
        )
        queue = self.bench.wiring.queue
        done = self.act(
            who,
            lambda s, one: handoffs.decide(
                s, queue, tenant=TENANT, handoff_id=one, who=who, decision=decision
            ),
        )
        if done and kind == "approve":
            self.approved.add(self.all()[-1].turn)

    @rule(who=people)
    def take_over(self, who: str) -> None:
        """Somebody takes the ticket from the agent."""
        before = self.do(self.bench.ticket(self.ticket))
        owner = self.owner()
        try:
            taken = self.do(self._take_over(who))
        except MemoryFault:
            return
        assert owner in {None, who}, f"{who} took over what {owner} has"
        if before.status in {TicketStatus.QUEUED, TicketStatus.RUNNING}:
            self.taken[before.turn] = taken.answer
        assert self.owner() == who

    async def _take_over(self, who: str) -> Taken:
        async with self.bench.wiring.database.transaction() as session:
            step = await handoffs.last_step(session, TENANT, self.ticket.id)
            return await handoffs.take_over(
                session,
                self.bench.wiring.queue,
                tenant=TENANT,
                ticket_id=self.ticket.id,
                who=who,
                lease=timedelta(minutes=10),
                explanation=explained(step),
            )

    # --- what the customer, the agent and the clock do ------------------------------------

    @rule()
    def customer_writes(self) -> None:
        """The customer writes on."""
        self.do(self.bench.write(self.ticket, "And another thing."))

    @precondition(lambda self: self.running is None)
    @rule(where=st.sampled_from(["writer", "post", "nowhere"]))
    def agent_begins(self, where: str) -> None:
        """A worker takes the ticket's run up, and is held in the middle of it."""
        gate = {"writer": self.writer_gate, "post": self.post_gate}.get(where)
        if gate is not None:
            gate.close()
        self.do(self._begin(gate))

    async def _begin(self, gate: Gate | None) -> None:
        task = asyncio.create_task(self.bench.run(self.ticket))
        reached = asyncio.create_task((gate or Gate()).reached.wait())
        await asyncio.wait([task, reached], return_when=asyncio.FIRST_COMPLETED)
        reached.cancel()
        await asyncio.wait([reached])
        if task.done():
            (gate or Gate()).let_go()
            await task
        else:
            self.running = task

    @precondition(lambda self: self.running is not None)
    @rule()
    def agent_goes_on(self) -> None:
        """The held run goes on to its rest."""
        self.do(self._go_on())

    @rule()
    def leases_end(self) -> None:
        """Browsers die and moments pass; the clock goes round."""
        self.do(self._end_leases())

    @precondition(lambda self: not self.post_gate.closed)
    @rule()
    def letters_go_out(self) -> None:
        """Workers do their errands."""
        self.do(self._errands())

    # --- what must hold ------------------------------------------------------------------

    @invariant()
    def one_handoff_waits_at_most(self) -> None:
        """Never two open stories of one ticket."""
        if hasattr(self, "ticket"):
            waiting = [one for one in self.all() if one.status not in {"decided", "closed"}]
            assert len(waiting) <= 1

    @invariant()
    def one_answer_a_turn(self) -> None:
        """The agent answers once at most, and not at all after a takeover that found nothing."""
        if not hasattr(self, "ticket"):
            return
        for turn in {message["turn"] for _, message in self.post.calls}:
            agents, persons = self.answers(turn, "agent"), self.answers(turn, "person")
            allowed = 2 if self.taken.get(turn) == "maybe_sent" else 1
            assert agents <= 1
            assert agents + persons <= allowed
            if self.taken.get(turn) == "none":
                assert agents == 0 or turn in self.approved

    @override
    def teardown(self) -> None:
        """Whatever was done, the ticket can be brought to its end."""
        if hasattr(self, "ticket"):
            self.do(self._finish())
        self.do(self.stack.aclose())
        self.loop.close()
        self.folder.cleanup()


PeopleAtOnce.TestCase.settings = settings(
    max_examples=int(os.environ.get("DESKHAND_TEST_EXAMPLES", "10")),
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestPeopleAtOnce = PeopleAtOnce.TestCase
TestPeopleAtOnce.__doc__ = "Never two owners, never two answers, nothing stuck."
