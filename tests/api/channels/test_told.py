"""An answer that waits to leave is told so wherever the ticket is shown, and not as delivered."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest
from typing_extensions import override

from api.cli.ticket import _state
from api.client.desk import Ticket as DeskTicket
from api.console.parts import words
from api.explain import journal as explain
from api.explain.reading import read_answer, read_records
from api.http.handoffs import views as handoff_views
from api.http.tickets import views
from api.http.tickets.events import Watch
from memory import webhooks
from memory.erasure import rows as erased_rows
from memory.handoffs import opening
from memory.journal import journal
from memory.journal.events import TurnSettled
from memory.storage.database import Database
from memory.tables import Handoff, HookStatus, Outcome, Ticket, arrived
from memory.tickets import lifecycle
from tests.api.channels.test_dispatch import deliver, dispatch_of, rows, ticket, until_quiet
from tests.channels import OtherSide, intake_of, said, wrote
from tests.memory.ledgers import TENANT, Ledger
from tools.adapters.channels import Left, Outgoing
from tools.faults import Rejected

READY = "It ended so: the agent's checked reply was ready."
DONE = "It ended so: the agent's checked reply was delivered."


async def answered(ledger: Ledger) -> str:
    """A ticket whose turn ended with an answer that waits to leave; an address is told of it."""
    async with ledger.database.transaction() as session:
        await webhooks.add(session, TENANT, "https://told.example", by="ann")
    one = await ticket(ledger)
    await deliver(ledger, one, "Tomorrow.")
    async with ledger.database.transaction() as session:
        begun = lifecycle.made(await lifecycle.begin(session, one, run=1))
        done = await lifecycle.settle(session, one, epoch=begun.epoch, outcome=Outcome.DELIVERED)
        ended = TurnSettled(outcome=Outcome.DELIVERED)
        await journal.append(session, lifecycle.made(done), ended)
    return one


async def told_of_end(database: Database) -> list[tuple[str | None, str | None]]:
    """What the webhook's address hears of the turn's end: outcome and delivery."""
    async with database.reading() as session:
        found = await webhooks.listed(session, TENANT, status=HookStatus.WANTED)
    ends = [one.body["data"] for one in reversed(found) if one.type == webhooks.SETTLED]
    return [(one["outcome"], one["delivery"]) for one in ends]


async def told(database: Database, ticket_id: str) -> tuple[str | None, str, list[str], list[str]]:
    """What the API, the console and the two ways of `why` say of it."""
    async with database.reading() as session:
        shown = await views.whole_ticket(session, TENANT, ticket_id)
        row = await session.get_one(Ticket, ticket_id)
        route = await read_answer(session, row, "route")
        story = explain.story(await read_records(session, row))
    state, _ = words.standing(shown.model_dump())
    return shown.delivery, state, route.sentences, [one.text for one in story]


@pytest.mark.parametrize(
    ("side", "delivery", "state", "end"),
    [
        (None, "wanted", "not sent yet", [READY, "The answer has not been sent yet."]),
        (OtherSide(), "sent", "delivered", [DONE]),
        (
            OtherSide(before=[Rejected("no")]),
            None,
            "queued",
            [READY, "The answer could not be delivered."],
        ),
    ],
    ids=["waits", "left", "refused"],
)
async def test_it_stands_the_same_everywhere(
    ledger: Ledger, side: OtherSide | None, delivery: str | None, state: str, end: list[str]
) -> None:
    """There is no outcome before the answer has left, and how far it has come is said beside it, by all.

    What was refused for good begins another turn, in which a person is told.
    """
    one = await answered(ledger)
    if side is not None:
        await dispatch_of(ledger, side).round()
    got, shown, route, story = await told(ledger.database, one)
    assert (got, shown) == (delivery, state)
    assert [one for one in route if one in end] == end
    assert ("The turn ended: the agent's checked reply was delivered." in story) is (
        delivery == "sent"
    )
    left = [("delivered", "sent")] if delivery == "sent" else []
    assert await told_of_end(ledger.database) == [(None, "wanted"), *left]


@pytest.mark.parametrize("leaves", [False, True])
async def test_programs_read_no_outcome_before_the_answer_has_left(
    ledger: Ledger, leaves: bool
) -> None:
    """The view, the typed client that the MCP server uses, the command line and the event stream agree."""
    one = await answered(ledger)
    if leaves:
        await dispatch_of(ledger, OtherSide()).round()
    async with ledger.database.reading() as session:
        shown = (await views.whole_ticket(session, TENANT, one)).model_dump(mode="json")
    read = DeskTicket.model_validate(shown)
    context: Any = SimpleNamespace(database=ledger.database)
    events, ended = await Watch(TENANT, one, 0).look(context)
    outcome, delivery, line = (
        ("delivered", "sent", "settled: answered by the agent")
        if leaves
        else (None, "wanted", "settled: the answer has not been sent yet")
    )
    assert (shown["outcome"], shown["delivery"]) == (outcome, delivery)
    assert (read.outcome, read.delivery) == (outcome, delivery)
    assert (events[-1].data["outcome"], events[-1].data["delivery"]) == (outcome, delivery)
    assert (ended, _state(shown), _state(events[-1].data)) == (True, line, line)


async def test_a_customers_earlier_ticket_is_told_so_beside_the_next_one(ledger: Ledger) -> None:
    """Whoever has the next one sees that the answer to the first has not left."""
    one, two = await answered(ledger), await ticket(ledger, 2)
    new = Handoff(
        id="hnd_2", ticket_id=two, tenant=TENANT, turn=1, reason="low_confidence", explanation=""
    )
    async with ledger.database.transaction() as session:
        handoff = await opening.open_once(session, new)
        [past] = (await handoff_views.whole(session, handoff)).history
    assert (past.id, past.outcome, past.delivery) == (one, None, "wanted")
    assert words.standing(past.model_dump())[0] == "not sent yet"


@pytest.mark.parametrize(
    ("outcome", "delivery", "told"),
    [
        ("delivered", None, "delivered"),
        ("with_person", "withdrawn", "with_person"),
        ("answered_by_person", "withdrawn", "answered_by_person"),
        ("answered_by_person", "wanted", None),
        ("clarifying", "bounced", None),
    ],
)
def test_what_may_be_told(outcome: str, delivery: str | None, told: str | None) -> None:
    """Of an answer by no channel all; a colleague's in the helpdesk stands there without the draft."""
    assert arrived(outcome, delivery) == told


async def test_an_answer_that_left_before_its_turn_ended_is_told_once(ledger: Ledger) -> None:
    """Whoever ends the turn knows it by then, and whoever sent it saw a turn that went on."""
    async with ledger.database.transaction() as session:
        await webhooks.add(session, TENANT, "https://told.example", by="ann")
    one = await ticket(ledger)
    await deliver(ledger, one, "Tomorrow.")
    await dispatch_of(ledger, OtherSide()).round()
    async with ledger.database.transaction() as session:
        begun = lifecycle.made(await lifecycle.begin(session, one, run=1))
        done = await lifecycle.settle(session, one, epoch=begun.epoch, outcome=Outcome.DELIVERED)
        await journal.append(session, lifecycle.made(done), TurnSettled(outcome=Outcome.DELIVERED))
    assert await told_of_end(ledger.database) == [("delivered", "sent")]


async def test_an_outcome_is_told_where_the_customer_wrote_on_before_the_answer_left(
    ledger: Ledger,
) -> None:
    """By then another turn has begun, and the ticket has no outcome any more: its journal has."""
    one = await answered(ledger)
    await intake_of(ledger).receive(wrote("m2", "And the other one?", ticket_id=one))
    await dispatch_of(ledger, OtherSide()).round()
    assert await told_of_end(ledger.database) == [(None, "wanted"), ("delivered", "sent")]


async def test_what_was_erased_while_it_was_on_its_way_stops_nobody(ledger: Ledger) -> None:
    """Its row has gone; the others of the channel leave."""

    @dataclass
    class Erasing(OtherSide):
        @override
        async def send(self, message: Outgoing) -> Left:
            async with ledger.database.transaction() as session:
                await erased_rows.remove(session, message.ticket_id)
            return await super().send(message)

    await answered(ledger)
    side = Erasing()
    await until_quiet(ledger, dispatch_of(ledger, side))
    assert side.texts == ["Tomorrow."]


async def test_a_report_that_names_the_ticket_alone_is_about_its_last_mail(ledger: Ledger) -> None:
    """Some systems quote our tag and no more: a person is told all the same."""
    side, one = OtherSide(), await ticket(ledger)
    await deliver(ledger, one, "First.")
    await deliver(ledger, one, "Second.")
    await until_quiet(ledger, dispatch_of(ledger, side))
    report = {"kind": "bounce", "ticket_id": one, "note": "550 no such mailbox"}
    await intake_of(ledger).receive(wrote("b1", "", **report))
    assert [status for status, _ in await rows(ledger, one)] == ["sent", "bounced"]
    assert "550 no such mailbox" in [message.text for message in await said(ledger, one)]
