"""Every branch of the journey, over the real ledger, journal and checkpoints."""

from typing import Any

import pytest

from graph.desk.limits import Limits
from graph.text.mail.program_headers import LISTED
from graph.text.notices import NOTICES
from graph.text.speech.afterwards import DEFERS
from memory.journal.codes import Reason
from memory.tables import Outcome, TicketStatus
from tests.bench import HIT, PASSAGE, Bench, Opened
from tests.graph.minded import ORDER, Knows, Plans, Reads, search, step
from tests.graph.whole import whole
from tools.adapters.fakes import ScriptedTool
from tools.faults import ServiceError


def order_tool(status: str = "shipped", email: str = "ann@example.com") -> ScriptedTool:
    """A service that knows one order."""
    return ScriptedTool(ORDER, lambda _: {"order_id": "A1", "status": status, "email": email})


async def test_an_answered_ticket_is_delivered_once(bench: Bench) -> None:
    """From acceptance to memory, each step once, each with its row."""
    ticket = await bench.answer("How do I reset it?", customer_email="ann@example.com")
    assert (ticket.status, ticket.outcome) == (TicketStatus.SETTLED, Outcome.DELIVERED)
    assert await bench.steps(ticket) == [
        *("triage", "plan", "gather", "assess", "draft", "check", "deliver", "remember")
    ]
    assert bench.sent == ["reply"]
    assert PASSAGE in (await bench.messages(ticket))[-1].text
    assert (await bench.messages(ticket))[-1].citations[0]["source"] == "reset"
    await whole(bench, ticket)


async def test_a_vague_ticket_gets_one_question_and_then_a_person(bench: Bench) -> None:
    """The question is an ending of its turn; a second one is never asked."""
    ticket = await bench.answer("It is broken #unsure")
    assert (ticket.outcome, bench.sent) == (Outcome.CLARIFYING, ["clarification"])
    assert await bench.write(ticket, "I said it is broken #unsure")
    ticket = await bench.run(ticket)
    assert (ticket.status, ticket.turn) == (TicketStatus.WAITING, 2)
    assert ticket.reason == Reason.LOW_CONFIDENCE
    await whole(bench, ticket)


async def test_what_answers_our_question_is_no_putting_off(bench: Bench) -> None:
    """Its mere meaning is near to "later"; behind an answer that ends the turn."""
    said = "On my phone, the old one"
    bench.think(screener=Reads({"acts": {said: DEFERS}}))
    ticket = await bench.answer("It is broken #unsure")
    assert await bench.write(ticket, said)
    ticket = await bench.run(ticket)
    assert ticket.outcome != Outcome.NOTHING_ASKED
    await whole(bench, ticket)


async def test_a_replan_searches_again_only_for_something_new(open_bench: Opened) -> None:
    """The second plan's repeated step is dropped, its new one runs."""
    planner = Plans([[search("reset #person")], [search("reset #person"), search("sign in")]])
    async with open_bench() as bench:
        bench.think(planner=planner)
        ticket = await bench.answer("reset #person")
        assert ticket.reason == Reason.LOW_CONFIDENCE
        steps = await bench.steps(ticket)
        assert steps.count("plan") == 2
        assert bench.knowledge.queries == ["reset #person", "sign in"]
        await whole(bench, ticket)


async def test_parallel_steps_merge_and_none_is_lost(open_bench: Opened) -> None:
    """Each branch adds its own result."""
    queries = [f"question {n}" for n in range(5)]
    async with open_bench() as bench:
        bench.think(planner=Plans([[search(query) for query in queries]]))
        ticket = await bench.answer("five things")
        assert ticket.outcome == Outcome.DELIVERED
        assert sorted(bench.knowledge.queries) == queries
        await whole(bench, ticket)


async def test_a_draft_is_revised_until_the_limit_and_then_a_person_sees_it(
    open_bench: Opened,
) -> None:
    """Three drafts at most; the person gets the last one as a suggestion."""
    passage = HIT.__class__("c1", "reset", "Reset", "", f"{PASSAGE} #ungrounded", None, 0.03)
    async with open_bench(hits=[passage]) as bench:
        ticket = await bench.answer("How do I reset it?")
        assert ticket.reason == Reason.CHECK_FAILED
        assert (await bench.steps(ticket)).count("draft") == 3
        handoff = await bench.handoff(ticket)
        assert handoff.story["suggestion"]["text"]
        assert handoff.story["findings"][0]["check"] == "grounding"
        assert bench.sent == ["notice"]
        await whole(bench, ticket)


async def test_a_ticket_in_another_language_comes_with_the_nearest_articles(bench: Bench) -> None:
    """The person sees what the help centre has; the customer is told in that language."""
    bench.think(screener=Reads({"language": "fi"}))
    ticket = await bench.answer("Kuinka vaihdan salasanan?")
    story = (await bench.handoff(ticket)).story
    assert [one["text"] for one in story["asks"]] == ["Kuinka vaihdan salasanan?"]
    assert story["tried"][0]["arguments"]["language"] == "fi"
    assert [item["id"] for item in story["tried"][0]["evidence"]] == ["c1"]
    assert story["assessments"][0]["evidence"] == ["c1"]
    told = [message["text"] for message in bench.post.messages.values()]
    assert told == [NOTICES["fi"]]
    await whole(bench, ticket)


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"automatic": "auto-replied"}, Reason.AUTOMATIC_MAIL),
        ({"automatic": LISTED, "acts": {"Hello": "spam"}}, Reason.SPAM),
        ({"injection": 0.95}, Reason.INJECTION),
        ({"injection": 0.95, "acts": {"Hello": "spam"}}, Reason.INJECTION),
        ({"language": "fi"}, Reason.LANGUAGE),
    ],
)
async def test_what_the_screening_stops_goes_straight_to_a_person(
    bench: Bench, parts: dict[str, Any], reason: str
) -> None:
    """No plan, no search; automatic mail gets no notice, which could start a loop."""
    bench.think(screener=Reads(parts))
    ticket = await bench.answer("Hello")
    assert (ticket.reason, await bench.steps(ticket)) == (reason, ["triage", "hand_off"])
    silent = reason in {Reason.AUTOMATIC_MAIL, Reason.SPAM}
    assert bench.sent == ([] if silent else ["notice"])
    await whole(bench, ticket)


async def test_what_is_surely_the_desks_business_is_no_advertisement(bench: Bench) -> None:
    """A formal letter may read as one; a known intent tells that it is none."""
    bench.think(screener=Reads({"acts": {"Hello": "spam"}}), classifier=Knows())
    assert (await bench.answer("Hello")).outcome == Outcome.DELIVERED


async def test_an_intent_for_people_goes_to_a_person(open_bench: Opened) -> None:
    """The desk's policy decides, however sure the agent is."""
    async with open_bench() as bench:
        intent = bench.runtime.desk.intents[0].model_copy(update={"handling": "person"})
        desk = bench.runtime.desk.model_copy(update={"intents": (intent,)})
        bench.change(desk=desk)
        bench.think(classifier=Knows())
        ticket = await bench.answer("my lawyer will write")
        assert (ticket.reason, ticket.intent) == (Reason.ALWAYS_PERSON, "orders")


async def test_more_than_a_turn_may_hold_goes_to_a_person(bench: Bench) -> None:
    """The overflow is a reason of its own, not a half answer."""
    bench.think(planner=Plans([[search("a")]], overflow=True))
    assert (await bench.answer("twenty questions")).reason == Reason.TOO_MUCH


async def test_steps_beyond_the_limit_are_not_run(open_bench: Opened) -> None:
    """A planner that wants too much is cut off at the limit and a person told."""
    async with open_bench(limits=Limits(steps=2)) as bench:
        bench.think(planner=Plans([[search(str(n)) for n in range(9)]]))
        ticket = await bench.answer("nine searches")
        assert (ticket.reason, len(bench.knowledge.queries)) == (Reason.TOO_MUCH, 2)


async def test_nothing_asked_goes_to_a_person(bench: Bench) -> None:
    """An empty plan is no answer."""
    bench.think(planner=Plans([[]], asks=0))
    ticket = await bench.answer("...")
    assert ticket.reason == Reason.LOW_CONFIDENCE
    await whole(bench, ticket)


async def test_a_record_of_the_sender_is_answered_from_the_tool(open_bench: Opened) -> None:
    """The tool's words are the evidence."""
    async with open_bench(tools=[order_tool()]) as bench:
        plans = Plans([[step("lookup_order", "tool", {"order_id": "A1"})]])
        bench.think(classifier=Knows(), planner=plans)
        ticket = await bench.answer("where is A1?", customer_email="ann@example.com")
        assert ticket.outcome == Outcome.DELIVERED
        assert "left our house" in (await bench.messages(ticket))[-1].text


async def test_a_record_of_somebody_else_is_not_shown(open_bench: Opened) -> None:
    """Not to the customer, and the person is told why."""
    async with open_bench(tools=[order_tool(email="bob@example.com")]) as bench:
        plans = Plans([[step("lookup_order", "tool", {"order_id": "A1"})]])
        bench.think(classifier=Knows(), planner=plans)
        ticket = await bench.answer("where is A1?", customer_email="ann@example.com")
        assert ticket.reason == Reason.NOT_YOUR_RECORD
        assert "bob@" not in str((await bench.handoff(ticket)).story)


async def test_a_failing_tool_is_evidence_not_an_exception(open_bench: Opened) -> None:
    """Three attempts, then a person with the reason."""

    def down(_: dict[str, Any]) -> dict[str, Any]:
        raise ServiceError("it answers 500")

    async with open_bench(tools=[ScriptedTool(ORDER, down)]) as bench:
        plans = Plans([[step("lookup_order", "tool", {"order_id": "A1"})]])
        bench.think(classifier=Knows(), planner=plans)
        ticket = await bench.answer("where is A1?", customer_email="ann@example.com")
        assert ticket.reason == Reason.TOOL_FAILED
        assert len(bench.tools["lookup_order"].calls) == 3
        await whole(bench, ticket)


async def test_a_record_does_not_answer_what_can_be_done(open_bench: Opened) -> None:
    """Its state was not asked for: only an article could say how, and there is none."""
    async with open_bench(tools=[order_tool()]) as bench:
        plans = Plans([[step("lookup_order", "tool", {"order_id": "A1"})]])
        bench.think(classifier=Knows(), planner=plans)
        ticket = await bench.answer("How do I split A1?", customer_email="ann@example.com")
        assert ticket.reason == Reason.LOW_CONFIDENCE
