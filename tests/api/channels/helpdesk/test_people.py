"""Nobody is talked over: drafts that are late are dropped, and a colleague's answer is a takeover."""

from datetime import UTC, datetime, timedelta
from functools import partial

from sqlmodel import col, select

from api.http.tickets import views
from memory import handoffs
from memory.insight import figures, sums
from memory.insight.sums import Window
from memory.tables import JournalRow, now
from memory.tickets import lifecycle
from tests.helpdesks import Floor
from tests.memory.ledgers import TENANT

WHOLE = Window.of(datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))


async def test_a_draft_is_dropped_if_the_customer_wrote_on_unheard(floor: Floor) -> None:
    """The newest message there is looked at just before it would leave, and answered instead."""
    world = floor.server.world
    talk = world.opens("one")
    await floor.source.catch_up()
    await floor.drive("An answer to one.")
    world.writes(talk, "two")
    await floor.dispatch.round()
    await floor.until_quiet()
    assert talk.texts() == []
    (ticket,) = await floor.tickets()
    assert (ticket.turn, ticket.status) == (2, "queued")
    await floor.drive("An answer to both.")
    await floor.until_quiet()
    assert talk.texts() == ["An answer to both."]


async def test_a_draft_is_dropped_if_the_customer_wrote_on_heard(floor: Floor) -> None:
    """Before it was wanted, and while it waited."""
    world = floor.server.world
    talk = world.opens("one")
    await floor.source.catch_up()
    await floor.drive("An answer to one.")
    world.writes(talk, "two")
    await floor.source.catch_up()
    assert ("reply", "withdrawn") in await floor.statuses()
    await floor.drive("An answer to two.", settle=False)
    world.writes(talk, "three")
    await floor.source.catch_up()
    assert [one for one in await floor.statuses() if one[0] == "reply"] == [
        ("reply", "withdrawn"),
        ("reply", "withdrawn"),
    ]
    await floor.deliver("Too late for three.")
    await floor.until_quiet()
    assert talk.texts() == []


async def test_a_colleagues_answer_there_is_a_takeover_here(floor: Floor) -> None:
    """What the agent wanted does not leave, and what the customer writes next is the colleague's."""
    world = floor.server.world
    talk = world.opens("one")
    await floor.source.catch_up()
    await floor.hand_off()
    await floor.hook(talk, world.writes(talk, "I look into it.", "person"))
    await floor.source.round()
    (ticket,) = await floor.tickets()
    assert (ticket.status, (await floor.said())[-1]) == ("waiting", ("person", "I look into it."))
    talk.stands = "settled"
    world.touch(talk)
    await floor.until_quiet()
    await end_of_run(floor)
    world.writes(talk, "And now?")
    await floor.until_quiet()
    (ticket,) = await floor.tickets()
    assert (ticket.status, ticket.turn) == ("queued", 2)


async def test_a_colleague_who_was_quicker_keeps_the_conversation(floor: Floor) -> None:
    """The agent's answer does not leave, and what is under way there is not settled under them."""
    world = floor.server.world
    talk = world.opens("one")
    await floor.source.catch_up()
    await floor.drive("An answer to one.")
    await floor.hook(talk, world.writes(talk, "I look into it.", "person"))
    await floor.source.round()
    await floor.until_quiet()
    assert ("reply", "withdrawn") in await floor.statuses()
    assert (talk.texts(), talk.stands) == ([], "open")
    (ticket,) = await floor.tickets()
    assert (ticket.status, ticket.outcome) == ("settled", "answered_by_person")
    assert await happened(floor) == ["undelivered: withdrawn", "settle: answered_by_person"]
    async with floor.ledger.database.reading() as session:
        said = (await views.whole_ticket(session, TENANT, ticket.id)).messages
    assert [one.delivery for one in said] == [None, None]
    sums_of = partial(sums.read_in, tenant=TENANT, window=WHOLE, at=now(), quiet=timedelta(hours=1))
    found, _ = await floor.ledger.database.units.read(sums_of)
    assert figures.outcomes(found).wrong.n == 0  # of the agent's own answers


async def test_an_answer_to_a_conversation_that_was_removed_there_is_not_delivered(
    floor: Floor,
) -> None:
    """It is refused for good: the journal says so, and a person gets the ticket."""
    world = floor.server.world
    talk = world.opens("one")
    await floor.source.catch_up()
    await floor.drive("An answer to one.")
    del world.talks[talk.id]
    await floor.until_quiet()
    (ticket,) = await floor.tickets()
    assert (ticket.status, ticket.turn) == ("queued", 2)
    assert await happened(floor) == ["undelivered: failed", "message: settled"]
    assert (await floor.said())[-1] == (
        "customer",
        "It could not be sent: the conversation is gone",
    )


async def happened(floor: Floor) -> list[str]:
    """What the journal of the only ticket tells of its end, and after it."""
    (ticket,) = await floor.tickets()
    async with floor.ledger.database.reading() as session:
        query = select(JournalRow).where(JournalRow.ticket_id == ticket.id)
        found = list(await session.exec(query.order_by(col(JournalRow.seq))))
    told = [f"{one.name}: {one.outcome}" for one in found if one.kind == "ticket"]
    return told[1:]


async def end_of_run(floor: Floor) -> None:
    """A person's decision is carried out."""
    (ticket,) = await floor.tickets()
    assert ticket.status == "queued"
    async with floor.ledger.database.transaction() as session:
        lifecycle.made(await lifecycle.begin(session, ticket.id, run=ticket.run))
    await floor.settle("closed_by_person")


async def test_the_agent_stays_out_of_a_colleagues_conversation(floor: Floor) -> None:
    """After the agent's answer a colleague went on: the customer's next message is theirs."""
    world = floor.server.world
    talk = world.opens("one")
    await floor.source.catch_up()
    await floor.drive("An answer.")
    await floor.until_quiet()
    world.writes(talk, "I add something.", "person")
    world.writes(talk, "Thanks, but why?")
    await floor.until_quiet()
    (ticket,) = await floor.tickets()
    assert (ticket.status, ticket.reason) == ("waiting", "taken_over")
    assert talk.texts() == ["An answer."]


async def test_a_handoff_is_a_note_and_an_assignment_there(floor: Floor) -> None:
    """With the story and the suggestion; the customer sees nothing of it."""
    floor.channel = floor.channel.model_copy(update={"assign_to": 5, "teams": {"billing": 6}})
    floor.restart()
    talk = floor.server.world.opens("Refund?")
    await floor.source.catch_up()
    await floor.hand_off(team="billing")
    await floor.until_quiet()
    (note,) = talk.texts(public=False)
    assert "The agent is not sure." in note
    assert "Suggested answer:\nHere it is." in note
    assert talk.texts() == []
    assert (talk.team, talk.stands) == (6, "open")
    await floor.until_quiet()
    assert len(talk.texts(public=False)) == 1


async def test_where_people_work_here_nothing_is_noted_there(floor: Floor) -> None:
    """The conversation stays open; the console has the handoff, and sends the person's words."""
    floor.channel = floor.channel.model_copy(update={"people_work": "here", "assign_to": 5})
    floor.restart()
    talk = floor.server.world.opens("Refund?")
    await floor.source.catch_up()
    await floor.hand_off()
    await floor.until_quiet()
    assert (talk.texts(public=False), talk.team, talk.stands) == ([], None, "open")


async def test_closing_there_takes_nothing_from_somebody_here(floor: Floor) -> None:
    """Whoever works on it in the console keeps it; what nobody has is done."""
    world = floor.server.world
    talk = world.opens("Refund?")
    await floor.source.catch_up()
    handoff = await floor.hand_off()
    async with floor.ledger.database.transaction() as session:
        await handoffs.claim(session, TENANT, handoff.id, "Ann of the desk")
    talk.stands = "settled"
    world.touch(talk)
    await floor.hook(talk)
    await floor.source.round()
    (ticket,) = await floor.tickets()
    assert ticket.status == "waiting"


async def test_what_was_deleted_before_it_was_read_is_not_answered(floor: Floor) -> None:
    """Nor is the note that stands in its place."""
    world = floor.server.world
    talk = world.opens("one")
    world.deletes(talk, world.writes(talk, "oh no"))
    world.writes(talk, "two")
    await floor.source.catch_up()
    assert [text for _, text in await floor.said()] == ["one", "two"]


async def test_a_merged_conversation_is_its_merger_s_and_nothing_is_answered_twice(
    floor: Floor,
) -> None:
    """Messages that were answered elsewhere come with it: a colleague has them, not the agent."""
    world = floor.server.world
    first = world.opens("How do I reset it?")
    await floor.source.catch_up()
    await floor.drive("Under Settings.")
    await floor.until_quiet()
    second = world.opens("And where is my order?", name=first.name)
    await floor.source.catch_up()
    world.merges(first, second)
    await floor.source.catch_up()
    waits = [one for one in await floor.tickets() if one.status == "waiting"]
    assert [(one.turn, one.outcome) for one in waits] == [(1, "with_person")]
    await floor.until_quiet()
    assert second.texts() == ["Under Settings."]
