"""How far the agent goes by itself, and the switch that stops all sending, over the real graph."""

import asyncio
from collections.abc import Sequence

import pytest
from typing_extensions import override

from api.worker import assembly
from api.worker.autonomy import declare
from graph.desk.autonomy import AutonomyPolicy
from graph.minds.contract import Assessor, Confidence
from graph.state import Ask, StepResult
from memory import autonomy, handoffs, sending
from memory.journal.codes import Reason
from memory.people import audit
from memory.sending import SendingStopped
from memory.tables import AutonomyLevel, EffectStatus, Outcome, TicketStatus
from tests.bench import PASSAGE, TENANT, Bench, Opened
from tests.broken import Broken
from tests.graph.minded import Knows
from tests.people import ask

SUGGEST, OFF, AUTO = AutonomyLevel.SUGGEST, AutonomyLevel.OFF, AutonomyLevel.AUTO


class Sure(Assessor):
    """Is certain of the first passage, whatever is asked."""

    @override
    async def confidence(self, ask: Ask, results: Sequence[StepResult]) -> Confidence:
        found = [item["id"] for result in results for item in result["evidence"]]
        return Confidence(0.95, found[:1], None)


def allowing(**levels: dict[str, AutonomyLevel]) -> dict[str, AutonomyPolicy]:
    """A desk's part."""
    return {"autonomy": AutonomyPolicy(**levels)}


async def stop(bench: Bench) -> None:
    """Pull the switch."""
    async with bench.wiring.database.transaction() as session:
        await sending.stop(session, TENANT, by="Ann")


async def test_a_new_channel_only_suggests_and_says_nothing_by_itself(bench: Bench) -> None:
    """The checked draft waits for a person; the customer hears nothing before."""
    ticket = await bench.answer("How do I reset it?", channel="mail")
    assert (ticket.status, ticket.reason) == (TicketStatus.WAITING, Reason.SUGGEST_ONLY)
    assert PASSAGE in (await bench.handoff(ticket)).story["suggestion"]["text"]
    assert bench.sent == []
    ticket = await bench.settled_by(ticket, "approve")
    assert ticket.outcome == Outcome.ANSWERED_BY_PERSON
    assert bench.sent == ["reply"]
    assert (await bench.messages(ticket))[-1].citations[0]["source"] == "reset"


async def test_a_question_waits_for_a_person_as_well(bench: Bench) -> None:
    """It leaves as a question, so that the next message is its answer."""
    ticket = await bench.answer("It is broken #unsure", channel="mail")
    assert ticket.reason == Reason.SUGGEST_ONLY
    await bench.settled_by(ticket, "approve")
    assert bench.sent == ["clarification"]


@pytest.mark.parametrize(("redraft", "sent"), [(True, ["notice"]), (False, ["notice", "reply"])])
async def test_a_draft_that_was_asked_for_comes_back_to_who_asked(
    bench: Bench, redraft: bool, sent: list[str]
) -> None:
    """However sure the agent has become, nothing leaves; a ticket that was given back may be answered."""
    ticket = await bench.answer("How do I reset it? #person")
    bench.think(assessor=Sure())
    ticket = await bench.settled_by(ticket, "return", guidance="mention the link", redraft=redraft)
    assert bench.sent == sent
    if redraft:
        assert ticket.reason == Reason.SUGGEST_ONLY
        assert PASSAGE in (await bench.handoff(ticket)).story["suggestion"]["text"]


async def test_a_handoff_of_a_suggesting_channel_brings_no_notice(bench: Bench) -> None:
    """Nobody promised the customer anything."""
    ticket = await bench.answer("reset #person", channel="mail")
    assert ticket.reason == Reason.LOW_CONFIDENCE
    assert bench.sent == []


@pytest.mark.parametrize(
    ("level", "text", "reason"),
    [
        (SUGGEST, "How do I reset it?", Reason.SUGGEST_ONLY),
        (OFF, "How do I reset it?", Reason.AGENT_OFF),
        (OFF, "reset #person", Reason.LOW_CONFIDENCE),
    ],
)
async def test_a_level_that_is_lowered_in_mid_turn_holds_for_that_turn(
    bench: Bench, level: AutonomyLevel, text: str, reason: Reason
) -> None:
    """Nothing leaves by itself under an older one, not even the notice; the draft waits for a person."""
    held = Broken(bench.runtime.minds.planner, go_on=asyncio.Event())
    bench.think(planner=held)
    running = asyncio.create_task(bench.answer(text))
    await held.called.wait()
    async with bench.wiring.database.transaction() as session:
        await autonomy.choose(session, TENANT, "channel", "api", level, by="Ann")
    assert held.go_on is not None
    held.go_on.set()
    ticket = await running
    assert (ticket.status, ticket.reason, bench.sent) == (TicketStatus.WAITING, reason, [])
    ticket = await bench.settled_by(ticket, "reply", text="Press the button.")
    assert (ticket.outcome, bench.sent) == (Outcome.ANSWERED_BY_PERSON, ["reply"])


@pytest.mark.parametrize(
    ("levels", "reason"),
    [
        ({"channels": {"mail": AUTO}}, None),
        ({"channels": {"mail": OFF}}, Reason.AGENT_OFF),
        ({"channels": {"mail": AUTO}, "intents": {"orders": SUGGEST}}, Reason.SUGGEST_ONLY),
        ({"channels": {"mail": SUGGEST}, "intents": {"orders": AUTO}}, Reason.SUGGEST_ONLY),
        ({"channels": {"mail": AUTO}, "intents": {"orders": OFF}}, Reason.AGENT_OFF),
    ],
)
async def test_the_lower_level_of_channel_and_intent_counts(
    open_bench: Opened, levels: dict[str, dict[str, AutonomyLevel]], reason: Reason | None
) -> None:
    """Neither can raise the other."""
    async with open_bench(desk=allowing(**levels)) as bench:
        bench.think(classifier=Knows())
        ticket = await bench.answer("where is it", channel="mail")
        assert ticket.reason == reason
        assert bench.sent == (["reply"] if reason is None else [])


async def test_what_a_person_chose_comes_before_the_file(bench: Bench) -> None:
    """From the next run on, until it is taken back."""
    async with bench.wiring.database.transaction() as session:
        changed = await autonomy.choose(session, TENANT, "channel", "api", SUGGEST, by="Ann")
        assert str(changed) == "autonomy channel api: nothing before, now suggest"
        assert await autonomy.choose(session, TENANT, "channel", "api", SUGGEST, by="Ann") is None
    assert (await bench.answer("How do I reset it?")).reason == Reason.SUGGEST_ONLY
    async with bench.wiring.database.transaction() as session:
        await autonomy.choose(session, TENANT, "channel", "api", None, by="Ann")
    assert (await bench.answer("How do I reset it?")).outcome == Outcome.DELIVERED


async def test_what_the_file_says_otherwise_is_audited_once(open_bench: Opened) -> None:
    """A worker notes it when it begins."""
    async with open_bench(desk=allowing(channels={"mail": AUTO})) as bench:
        database = bench.wiring.database
        for policy in (AutonomyPolicy(channels={"mail": AUTO}), AutonomyPolicy()):
            desk = bench.runtime.desk.model_copy(update={"autonomy": policy})
            await declare(database, [desk])
            await declare(database, [desk])
        async with database.reading() as session:
            found = [(row.who, row.action) for row in await audit.listed(session, TENANT)]
        assert found == [
            ("desk.yaml", "autonomy channel mail: auto before, now nothing"),
            ("desk.yaml", "autonomy channel mail: nothing before, now auto"),
        ]


async def test_while_sending_is_stopped_the_reply_waits_as_a_draft(bench: Bench) -> None:
    """Nothing leaves, not even the notice, and no effect is left in doubt."""
    await stop(bench)
    ticket = await bench.answer("How do I reset it?")
    assert (ticket.status, ticket.reason) == (TicketStatus.WAITING, Reason.SENDING_STOPPED)
    assert (bench.sent, await bench.effects(ticket)) == ([], [])
    assert PASSAGE in (await bench.handoff(ticket)).story["suggestion"]["text"]
    with pytest.raises(SendingStopped, match="deskhand sending start"):
        await bench.decide(ticket, "approve")
    async with bench.wiring.database.transaction() as session:
        assert await sending.start(session, TENANT)
    ticket = await bench.settled_by(ticket, "approve")
    assert (ticket.outcome, bench.sent) == (Outcome.ANSWERED_BY_PERSON, ["reply"])


async def test_a_persons_words_are_not_lost_where_the_switch_came_between(bench: Bench) -> None:
    """They come back as the suggestion."""
    ticket = await bench.answer("reset #person")
    await bench.decide(ticket, "reply", text="Come to the shop.")
    await stop(bench)
    ticket = await bench.run(ticket)
    assert ticket.reason == Reason.SENDING_STOPPED
    assert (await bench.handoff(ticket)).story["suggestion"]["text"] == "Come to the shop."
    assert bench.sent == ["notice"]


async def test_a_letter_that_was_wanted_before_the_stop_is_not_sent(bench: Bench) -> None:
    """The person is told that it did not leave."""
    ticket = await bench.answer("reset #person")
    await ask(bench, ticket)
    await stop(bench)
    async with bench.wiring.database.reading() as session:
        (letter,) = await handoffs.outbox.of_ticket(session, ticket.id)
    assert await assembly.outbox_worker(bench.wiring).send(letter.id) == "failed"
    assert bench.sent == ["notice"]


async def test_what_had_left_before_the_stop_stays_known(bench: Bench) -> None:
    """A run that goes on after the stop takes over what the ledger has."""
    ticket = await bench.accept("How do I reset it?")
    ticket = await bench.run(ticket)
    await stop(bench)
    (effect,) = [one for one in await bench.effects(ticket) if one.tool == "deliver_reply"]
    assert (effect.status, ticket.outcome) == (EffectStatus.DONE, Outcome.DELIVERED)
