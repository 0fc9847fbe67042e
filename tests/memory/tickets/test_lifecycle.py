"""The transitions of a ticket: what each says when it is refused, and what a run is told."""

from pathlib import Path

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from evals.upkeep import ARCHITECTURE, BLOCKS, with_block
from memory import handoffs
from memory.handoffs import Decision
from memory.journal.codes import RunCause
from memory.storage.errors import Fenced
from memory.storage.queue import workflow_id
from memory.tables import DecisionKind, Handoff, Outcome, Ticket
from memory.tickets import lifecycle, messages
from memory.tickets.lifecycle import Begun, Held, Moved, TicketMoved
from memory.tickets.tickets import TicketUnknown
from memory.tickets.transitions import TRANSITIONS, Transition, mermaid
from tests import desks
from tests.memory.ledgers import TENANT, Ledger
from tests.memory.tickets.writers import writers_in

ROOMS = ("memory", "tools", "graph", "api", "evals")
OWNERS = {Path("memory/tickets/lifecycle.py"), Path("memory/tickets/driving.py")}
"""Both move by the same table; the second in the plain SQL of what every drive does."""
FILLER = Path("evals/bench/queue.py")
"""Fills a scratch ledger with a hundred thousand tickets that nothing ever drives."""


async def begun(ledger: Ledger, ticket: Ticket, run: int = 1) -> Begun | Held:
    """A drive of the ticket's run."""
    async with ledger.database.transaction() as session:
        return await lifecycle.begin(session, ticket.id, run=run)


async def settled(ledger: Ledger, ticket: Ticket, epoch: int) -> Moved | Held:
    """The end of a drive."""
    async with ledger.database.transaction() as session:
        return await lifecycle.settle(
            session, ticket.id, epoch=epoch, outcome=Outcome.DELIVERED, intent="refund"
        )


async def cause_of(ledger: Ledger, ticket_id: str, run: int) -> str:
    """What the queue entry of a run says."""
    name = workflow_id(ticket_id, run)
    [entry] = await ledger.queue.client.list_workflows_async(workflow_ids=[name])
    assert entry.input is not None
    return str(entry.input["args"][2])


async def test_a_drive_is_told_that_it_recovers(ledger: Ledger) -> None:
    """The first one knows since when the run was queued; the second takes it over."""
    ticket = await ledger.accept()
    first, second = await begun(ledger, ticket), await begun(ledger, ticket)
    assert isinstance(first, Begun)
    assert isinstance(second, Begun)
    assert (first.recovered, first.queued_since) == (False, ticket.updated_at)
    assert (second.recovered, second.queued_since, second.ticket.epoch) == (True, None, 2)
    assert first.cause("accepted") is RunCause.ACCEPTED
    assert first.cause(None) is RunCause.UNSTATED
    assert second.cause("accepted") is RunCause.RECOVERED


async def test_a_refusal_says_what_differs(ledger: Ledger) -> None:
    """The epoch before the run before the status, and how the ticket stands."""
    ticket = await ledger.accept()
    old_run = await begun(ledger, ticket, run=2)
    not_begun = await settled(ledger, ticket, epoch=0)
    await begun(ledger, ticket)
    old_drive = await settled(ledger, ticket, epoch=0)
    assert isinstance(old_run, Held)
    assert isinstance(not_begun, Held)
    assert isinstance(old_drive, Held)
    assert [one.because for one in (old_run, not_begun, old_drive)] == ["run", "status", "epoch"]
    assert str(old_drive) == (
        f"no settle of ticket {ticket.id}: another epoch (running, run 1, epoch 1)"
    )
    with pytest.raises(TicketMoved, match="no settle of ticket"):
        lifecycle.made(old_drive)


async def test_a_transition_keeps_what_it_was_given(ledger: Ledger) -> None:
    """And forgets what belonged to the state before."""
    ticket = await ledger.accept()
    await begun(ledger, ticket)
    done = lifecycle.made(await settled(ledger, ticket, epoch=1))
    assert (done.status, done.outcome, done.intent) == ("settled", "delivered", "refund")
    assert done.ended_at is not None
    async with ledger.database.transaction() as session:
        again = lifecycle.made(await lifecycle.next_turn(session, ledger.queue, ticket.id))
    assert (again.status, again.turn, again.run) == ("queued", 2, 2)
    assert (again.outcome, again.ended_at) == (None, None)


async def test_what_nobody_accepted_cannot_move(ledger: Ledger) -> None:
    """It is unknown, as is what another tenant has; and a zombie holds nothing."""
    ticket = await ledger.accept()
    async with ledger.database.transaction() as session:
        with pytest.raises(TicketUnknown):
            await lifecycle.next_turn(session, ledger.queue, "tkt_none")
        with pytest.raises(TicketUnknown):
            await lifecycle.hold(session, ticket.id, tenant="other")
        with pytest.raises(Fenced):
            await lifecycle.hold(session, ticket.id, epoch=7)


async def waiting(session: AsyncSession, ticket: Ticket) -> Handoff:
    """The ticket is with a person."""
    made = Handoff(
        id="hnd_1",
        ticket_id=ticket.id,
        tenant=TENANT,
        turn=1,
        reason="r",
        explanation="",
        story={"suggestion": {"text": "Here it is."}},
    )
    await handoffs.open_once(session, made)
    await desks.at_rest(session, ticket, made)
    return made


@pytest.mark.parametrize(
    ("kind", "cause"), [(DecisionKind.APPROVE, "decision"), (DecisionKind.RETURN, "guidance")]
)
async def test_a_decided_run_says_so(ledger: Ledger, kind: DecisionKind, cause: str) -> None:
    """A decision that ends the turn, or one that gives the ticket back."""
    ticket = await ledger.accept()
    async with ledger.database.transaction() as session:
        await waiting(session, ticket)
    async with ledger.database.transaction() as session:
        await handoffs.decide(
            session,
            ledger.queue,
            tenant=TENANT,
            handoff_id="hnd_1",
            who="Ann",
            decision=Decision(kind),
        )
    assert await cause_of(ledger, ticket.id, 1) == "accepted"
    assert await cause_of(ledger, ticket.id, 2) == cause


async def test_the_next_message_and_a_lost_run_say_so(ledger: Ledger) -> None:
    """In the entry of the run that they bring."""
    ticket = await ledger.accept()
    await begun(ledger, ticket)
    await settled(ledger, ticket, epoch=1)
    await ledger.write(ticket.id, "?")
    async with ledger.database.transaction() as session:
        seen = await lifecycle.hold(session, ticket.id)
        lifecycle.made(await lifecycle.redrive(session, ledger.queue, seen))
    assert await cause_of(ledger, ticket.id, 2) == "message"
    assert await cause_of(ledger, ticket.id, 3) == "redrive"


async def test_a_turn_needs_a_settled_ticket(ledger: Ledger) -> None:
    """Whoever begins one elsewhere is told where the ticket stands."""
    ticket = await ledger.accept()
    async with ledger.database.transaction() as session:
        with pytest.raises(TicketMoved, match=r"queued, run 1, epoch 0"):
            await messages.next_turn(session, ledger.queue, ticket.id)


def test_every_state_is_reached_and_left() -> None:
    """No ticket can stay anywhere for ever by the table alone."""
    reached = {rule.target for rule in TRANSITIONS.values()}
    left = {source for rule in TRANSITIONS.values() for source in rule.sources}
    assert reached == left
    assert set(TRANSITIONS) == set(Transition)


def test_the_document_shows_the_table() -> None:
    """The diagram of states is drawn from it."""
    text = ARCHITECTURE.read_text(encoding="utf-8")
    drawn = BLOCKS["states"]()
    assert mermaid() in drawn
    assert with_block(text, "states", drawn) == text
    assert with_block(text.replace("settled --> queued", "a --> b"), "states", drawn) == text


def test_nobody_else_writes_status_run_or_epoch() -> None:
    """Neither by assignment, nor by an update, nor as a new row that stands elsewhere."""
    found = [
        f"{path}:{line}: {what}"
        for room in ROOMS
        for path in sorted(Path(room).rglob("*.py"))
        if path not in OWNERS | {FILLER}
        for line, what in writers_in(path.read_text(encoding="utf-8"))
    ]
    assert found == []


WRITES: dict[str, str] = {
    "assigned": "ticket.epoch = 3",
    "raised": "found.run += 1",
    "in a tuple": "ticket.status, ticket.outcome = TicketStatus.WAITING, None",
    "from a name": "row.status = wanted",
    "annotated": "row.epoch: int = 2",
    "by name": "setattr(ticket, 'status', wanted)",
    "updated": "update(Ticket).where(Ticket.id == one).values(status='settled')",
    "updated from a mapping": "update(Ticket).values(**changes)",
    "changed where it stands": "changed(session, Ticket, Ticket.id == one, status='settled')",
    "updated by the table": "update(Ticket.__table__).values({'epoch': 2})",
    "inserted": "insert(Ticket).values(id='t')",
    "made": "Ticket(id='t', tenant='a', subject='', status='settled')",
    "in SQL": "text('UPDATE tickets SET run = 2')",
    "counted and more": "text('UPDATE tickets SET counted = NULL, run = 2')",
}
READS: dict[str, str] = {
    "counted": "text('UPDATE tickets SET counted = NULL WHERE id = ?')",
    "a handoff's own": "handoff.status = HandoffStatus.OPEN",
    "another class's own": "self.status = status",
    "another table's": "update(Handoff).values(status=HandoffStatus.CLOSED)",
    "a new ticket": "Ticket(id='t', tenant='a', subject='')",
    "a column of it": "update(Ticket).values(handled=3)",
}


@pytest.mark.parametrize("code", WRITES.values(), ids=WRITES)
def test_the_check_finds_a_writer(code: str) -> None:
    """However it writes."""
    assert [line for line, _ in writers_in(code)] == [1]


@pytest.mark.parametrize("code", READS.values(), ids=READS)
def test_the_check_lets_others_be(code: str) -> None:
    """What writes something else."""
    assert writers_in(code) == []
