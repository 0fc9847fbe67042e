"""Every branch of the journey, over the real ledger, journal and checkpoints."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any

import pytest

from evals.stack.journal_gaps import gaps
from graph.desk.limits import Limits
from graph.minds.contract import MindFault
from graph.minds.scripted import ScriptedWriter
from graph.text.notices import NOTICES
from memory.journal.codes import Reason
from memory.tables import HandoffStatus, Outcome, TicketStatus
from tests.bench import HIT, PASSAGE, Bench, Broken
from tests.graph.minded import ORDER, Knows, Plans, Reads, search, step
from tools.adapters.fakes import ListedPost, ScriptedTool
from tools.contract import ServiceError, Unreachable

Opened = Callable[..., AbstractAsyncContextManager[Bench]]


def order_tool(status: str = "shipped", email: str = "ann@example.com") -> ScriptedTool:
    """A service that knows one order."""
    return ScriptedTool(ORDER, lambda _: {"order_id": "A1", "status": status, "email": email})


async def whole(bench: Bench, ticket: Any) -> None:
    """The journal holds no gap."""
    assert gaps(await bench.rows(ticket)) == []


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
        ({"injection": 0.95}, Reason.INJECTION),
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
    assert bench.sent == ([] if reason == Reason.AUTOMATIC_MAIL else ["notice"])
    await whole(bench, ticket)


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
        msg = "it answers 500"
        raise ServiceError(msg)

    async with open_bench(tools=[ScriptedTool(ORDER, down)]) as bench:
        plans = Plans([[step("lookup_order", "tool", {"order_id": "A1"})]])
        bench.think(classifier=Knows(), planner=plans)
        ticket = await bench.answer("where is A1?", customer_email="ann@example.com")
        assert ticket.reason == Reason.TOOL_FAILED
        assert len(bench.tools["lookup_order"].calls) == 3
        await whole(bench, ticket)


@dataclass
class DeadPost(ListedPost):
    """A post that takes nothing, until it is told to."""

    dead: bool = True

    async def send(self, message: dict[str, Any], key: str) -> dict[str, Any]:
        """See `Post.send`."""
        if self.dead:
            msg = "the address does not answer"
            raise Unreachable(msg)
        return await super().send(message, key)


async def test_a_reply_that_cannot_be_delivered_goes_to_a_person(open_bench: Opened) -> None:
    """And the person's own answer is sent once the service is back."""
    post = DeadPost()
    async with open_bench(post=post) as bench:
        ticket = await bench.answer("How do I reset it?")
        assert (ticket.reason, bench.sent) == (Reason.DELIVERY_FAILED, [])
        post.dead = False
        ticket = await bench.settled_by(ticket, "reply", text="Press the Reset button, please.")
        assert ticket.outcome == Outcome.ANSWERED_BY_PERSON
        assert (await bench.said(ticket)) == ["reply by person"]
        await whole(bench, ticket)


async def test_a_node_out_of_retries_goes_to_a_person(bench: Bench) -> None:
    """As many attempts as the limit, each with its row."""
    mind = Broken(bench.runtime.minds.planner, MindFault("busy", retryable=True))
    bench.think(planner=mind)
    ticket = await bench.answer("hello")
    assert (ticket.reason, mind.calls) == (Reason.NODE_FAILED, 3)
    causes = [row.cause for row in await bench.rows(ticket) if row.name == "plan"]
    assert causes == ["planned", "retry", "retry"]
    await whole(bench, ticket)


async def test_a_node_that_fails_once_goes_on(bench: Bench) -> None:
    """A passing fault costs an attempt, nothing else."""
    mind = Broken(bench.runtime.minds.planner, MindFault("busy", retryable=True), times=1)
    bench.think(planner=mind)
    ticket = await bench.answer("hello")
    assert ticket.outcome == Outcome.DELIVERED
    await whole(bench, ticket)


async def test_a_fault_that_will_not_pass_is_not_retried(bench: Bench) -> None:
    """One attempt; and the error's own text, which may hold customer text, stays out."""
    mind = Broken(bench.runtime.minds.planner, ValueError("ann@example.com"))
    bench.think(planner=mind)
    ticket = await bench.answer("hello")
    assert (ticket.reason, mind.calls) == (Reason.NODE_FAILED, 1)
    assert not [row for row in await bench.rows(ticket) if "ann@" in str(row)]


async def test_a_node_that_hangs_is_stopped(open_bench: Opened) -> None:
    """After the node's time a person takes over."""
    async with open_bench(limits=Limits(node_seconds=1.5)) as bench:
        bench.think(planner=Broken(bench.runtime.minds.planner, seconds=30))
        ticket = await bench.answer("hello")
        assert ticket.reason == Reason.NODE_FAILED
        await whole(bench, ticket)


async def test_a_run_that_takes_too_long_is_stopped(open_bench: Opened) -> None:
    """The whole run has a bound too, and what was gathered stays for the person."""
    async with open_bench(limits=Limits(run_seconds=1.0)) as bench:
        bench.think(writer=Broken(bench.runtime.minds.writer, seconds=30, times=1))
        ticket = await bench.answer("hello")
        assert ticket.reason == Reason.LIMIT_REACHED
        assert (await bench.handoff(ticket)).story["tried"]
        assert "give_up" in [row.name for row in await bench.rows(ticket)]
        await whole(bench, ticket)


async def test_a_broken_writer_does_not_hold_the_handoff_up(bench: Bench) -> None:
    """The suggestion is optional: what could not be made is named, the handoff is opened."""
    bench.think(writer=Broken(ScriptedWriter(), ValueError("bug")))
    ticket = await bench.answer("hello")
    assert (ticket.status, ticket.reason) == (TicketStatus.WAITING, Reason.NODE_FAILED)
    handoff = await bench.handoff(ticket)
    assert handoff.status == HandoffStatus.OPEN
    assert handoff.story["missing"] == ["suggestion: ValueError"]


async def test_a_hanging_writer_does_not_hold_the_handoff_up(open_bench: Opened) -> None:
    """Nor does one that never answers."""
    async with open_bench(limits=Limits(node_seconds=2.0)) as bench:
        bench.think(writer=Broken(ScriptedWriter(), seconds=30))
        ticket = await bench.answer("hello")
        assert (ticket.status, ticket.reason) == (TicketStatus.WAITING, Reason.NODE_FAILED)


@dataclass
class HangingPost(ListedPost):
    """A post that never answers."""

    async def send(self, message: dict[str, Any], key: str) -> dict[str, Any]:
        """See `Post.send`."""
        await Broken(self, seconds=30).sent(key)
        return {}


async def test_a_hanging_post_does_not_hold_the_handoff_up(open_bench: Opened) -> None:
    """The notice is optional: the handoff is open, and the effect is known to be in doubt."""
    async with open_bench(limits=Limits(node_seconds=2.0), post=HangingPost()) as bench:
        ticket = await bench.answer("hello #person")
        assert ticket.status == TicketStatus.WAITING
        assert (await bench.handoff(ticket)).status == HandoffStatus.OPEN
        assert [effect.status for effect in await bench.effects(ticket)] == ["unknown"]


async def test_what_fails_after_the_delivery_is_no_second_ending(bench: Bench) -> None:
    """The customer has the answer: no handoff, no notice that a person is taking over."""

    async def remember(_memory: Any) -> None:
        msg = "the index is gone"
        raise RuntimeError(msg)

    bench.wiring.recall.remember = remember  # type: ignore[method-assign]
    ticket = await bench.answer("hello")
    assert (ticket.status, ticket.outcome) == (TicketStatus.SETTLED, Outcome.DELIVERED)
    assert (bench.sent, await bench.handoffs(ticket)) == (["reply"], [])
    assert "forgo" in [row.name for row in await bench.rows(ticket)]
    await whole(bench, ticket)


async def test_a_run_out_of_time_after_the_delivery_is_delivered(open_bench: Opened) -> None:
    """Nor is a run that is stopped while it remembers."""
    async with open_bench(limits=Limits(run_seconds=2.0)) as bench:
        inner = bench.wiring.recall
        bench.wiring.recall = Broken(inner, seconds=30)  # type: ignore[assignment]
        ticket = await bench.answer("hello")
        assert (ticket.outcome, bench.sent) == (Outcome.DELIVERED, ["reply"])
        await whole(bench, ticket)


async def test_a_record_does_not_answer_what_can_be_done(open_bench: Opened) -> None:
    """Its state was not asked for: only an article could say how, and there is none."""
    async with open_bench(tools=[order_tool()]) as bench:
        plans = Plans([[step("lookup_order", "tool", {"order_id": "A1"})]])
        bench.think(classifier=Knows(), planner=plans)
        ticket = await bench.answer("How do I split A1?", customer_email="ann@example.com")
        assert ticket.reason == Reason.LOW_CONFIDENCE
