"""A person decides: the decision is carried out once, wherever the run stands."""

from typing import Any

import pytest
from typing_extensions import override

from evals.stack.journal_gaps import gaps
from graph.minds.contract import WriteRequest
from graph.minds.scripted import ScriptedWriter
from graph.state import Drafted
from memory.fingerprints import fingerprint
from memory.handoffs import ActionsUndecided, AlreadyDecided, NothingSuggested, ReturnsExhausted
from memory.journal.codes import Reason
from memory.tables import Outcome, TicketStatus
from tests.bench import Bench, Opened
from tests.graph.minded import REFUND, Knows, Plans, search, step
from tests.people import HANDED
from tools.adapters.fakes import ScriptedTool
from tools.faults import Rejected, ServiceError, ToolFault


async def proposing(bench: Bench) -> Any:
    """A ticket that waits with a refund proposed."""
    plans = Plans([[step("refund", "action", {"order_id": "A1"}), search("refunds")]])
    bench.think(classifier=Knows(), planner=plans)
    return await bench.answer("I want my money back", customer_email="ann@example.com")


def refund_tool(*faults: Exception) -> ScriptedTool:
    """A refund that fails in the given ways first."""
    left = list(faults)

    def pay(arguments: dict[str, Any]) -> dict[str, Any]:
        if left:
            raise left.pop(0)
        return {**arguments, "refund_id": "R1"}

    return ScriptedTool(REFUND, pay)


async def test_approving_sends_the_suggested_reply(bench: Bench) -> None:
    """As it stands, in the person's name, with its sources."""
    ticket = await bench.answer(HANDED)
    suggested = (await bench.handoff(ticket)).story["suggestion"]["text"]
    ticket = await bench.settled_by(ticket, "approve")
    assert ticket.outcome == Outcome.ANSWERED_BY_PERSON
    last = (await bench.messages(ticket))[-1]
    assert (last.text, last.role, last.author) == (suggested, "person", "Ann")
    assert last.citations
    assert gaps(await bench.rows(ticket)) == []


async def test_a_persons_own_words_are_sent_as_they_are(bench: Bench) -> None:
    """And remembered as a person's."""
    ticket = await bench.settled_by(await bench.answer(HANDED), "reply", text="Press it twice.")
    assert (await bench.messages(ticket))[-1].text == "Press it twice."
    assert bench.sent == ["notice", "reply"]
    [memory] = await bench.wiring.recall.similar("acme", HANDED, 3)
    assert (memory["origin"], memory["answer"]) == ("person", "Press it twice.")


async def test_closing_sends_nothing(bench: Bench) -> None:
    """The ticket ends without a reply."""
    ticket = await bench.settled_by(await bench.answer(HANDED), "close")
    assert (ticket.outcome, bench.sent) == (Outcome.CLOSED_BY_PERSON, ["notice"])
    assert gaps(await bench.rows(ticket)) == []


async def test_a_returned_ticket_is_planned_anew_with_the_guidance(bench: Bench) -> None:
    """Its counters begin anew, and what ran is not run again."""
    ticket = await bench.answer(HANDED)
    ticket = await bench.settled_by(ticket, "return", guidance="look under sign in")
    assert bench.knowledge.queries == [HANDED, f"look under sign in {HANDED}"]
    assert ticket.status == TicketStatus.WAITING
    assert [one.status for one in await bench.handoffs(ticket)] == ["closed", "open"]
    assert bench.sent == ["notice"]
    assert gaps(await bench.rows(ticket)) == []


async def test_the_writer_of_the_next_draft_is_told_what_the_person_wants(bench: Bench) -> None:
    """Of it, and of no other draft."""
    wishes: list[str] = []

    class Noting(ScriptedWriter):
        @override
        async def write(self, request: WriteRequest) -> Drafted:
            wishes.append(request.wish)
            return await super().write(request)

    bench.think(writer=Noting())
    ticket = await bench.answer(HANDED)
    await bench.settled_by(ticket, "return", guidance="shorter, please")
    assert set(wishes) == {"", "shorter, please"}
    assert wishes == sorted(wishes)


async def test_returns_are_bounded(bench: Bench) -> None:
    """After the second the person must answer or close."""
    ticket = await bench.answer(HANDED)
    for guidance in ("once", "twice"):
        ticket = await bench.settled_by(ticket, "return", guidance=guidance)
    with pytest.raises(ReturnsExhausted):
        await bench.decide(ticket, "return", guidance="again")


async def test_an_approved_action_runs_once_and_the_reply_follows(open_bench: Opened) -> None:
    """Bound to the digest of what was proposed."""
    async with open_bench(tools=[refund_tool()]) as bench:
        ticket = await proposing(bench)
        assert ticket.reason == Reason.NEEDS_APPROVAL
        digest = fingerprint("refund", {"order_id": "A1"})
        words = "It is on its way back to you."
        ticket = await bench.settled_by(ticket, "reply", text=words, actions=(digest,))
        assert ticket.outcome == Outcome.ANSWERED_BY_PERSON
        assert bench.tools["refund"].calls == [{"order_id": "A1"}]
        assert bench.sent == ["notice", "reply"]
        assert gaps(await bench.rows(ticket)) == []


@pytest.mark.parametrize(("tell", "first"), [(True, "Paid back as R1."), (False, "All done.")])
async def test_what_an_action_came_to_is_told_with_ones_own_words(
    open_bench: Opened, tell: bool, first: str
) -> None:
    """Where the person wishes so; else their words leave as they are."""
    tool = refund_tool()
    tool.spec = tool.spec.model_copy(update={"answer": "Paid back as {refund_id}."})
    async with open_bench(tools=[tool]) as bench:
        ticket = await proposing(bench)
        digest = fingerprint("refund", {"order_id": "A1"})
        words = "All done.\n\nAnn"
        await bench.settled_by(ticket, "reply", text=words, actions=(digest,), tell_results=tell)
        sent = (await bench.messages(ticket))[-1].text
        assert (sent.partition("\n\n")[0], sent.endswith(words)) == (first, True)


async def test_what_was_not_proposed_cannot_be_approved(open_bench: Opened) -> None:
    """Other arguments are another action."""
    async with open_bench(tools=[refund_tool()]) as bench:
        ticket = await proposing(bench)
        other = fingerprint("refund", {"order_id": "A2"})
        with pytest.raises(NothingSuggested):
            await bench.decide(ticket, "reply", text="Done, it is paid back.", actions=(other,))


async def test_an_action_that_was_not_approved_does_not_run(open_bench: Opened) -> None:
    """The reply alone goes out."""
    async with open_bench(tools=[refund_tool()]) as bench:
        ticket = await proposing(bench)
        with pytest.raises(ActionsUndecided, match="approve or refuse: refund"):
            await bench.decide(ticket, "reply", text="We cannot do that.")
        digest = fingerprint("refund", {"order_id": "A1"})
        ticket = await bench.settled_by(
            ticket, "reply", text="We cannot do that.", refused=(digest,)
        )
        assert (bench.tools["refund"].calls, bench.sent) == ([], ["notice", "reply"])
        assert ticket.outcome == Outcome.ANSWERED_BY_PERSON


async def test_a_failed_action_holds_the_reply_back(open_bench: Opened) -> None:
    """A person looks again, and may approve it again."""
    faults = [ServiceError("down") for _ in range(3)]
    async with open_bench(tools=[refund_tool(*faults)]) as bench:
        ticket = await proposing(bench)
        digest = fingerprint("refund", {"order_id": "A1"})
        ticket = await bench.settled_by(ticket, "reply", text="Paid back.", actions=(digest,))
        assert (ticket.reason, bench.sent) == (Reason.ACTION_FAILED, ["notice"])
        ticket = await bench.settled_by(ticket, "reply", text="Paid back.", actions=(digest,))
        assert ticket.outcome == Outcome.ANSWERED_BY_PERSON
        assert list(bench.tools["refund"].effects.values()) == [
            {"order_id": "A1", "refund_id": "R1"}
        ]
        assert gaps(await bench.rows(ticket)) == []


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (ServiceError("down"), "In doubt, so look there whether it was done: refund."),
        (Rejected("no such order"), "Certainly not done: refund."),
    ],
    ids=["in doubt", "refused"],
)
async def test_a_person_is_told_whether_a_failed_action_may_have_happened(
    open_bench: Opened, fault: ToolFault, words: str
) -> None:
    """Who pays by hand what is in doubt pays twice."""
    async with open_bench(tools=[refund_tool(*[fault] * 3)]) as bench:
        ticket, digest = await proposing(bench), fingerprint("refund", {"order_id": "A1"})
        ticket = await bench.settled_by(ticket, "reply", text="Paid back.", actions=(digest,))
        assert (await bench.handoff(ticket)).explanation.endswith(words)


async def test_after_a_return_an_old_failure_is_not_the_reason(open_bench: Opened) -> None:
    """The reason is that of the newest stretch."""
    faults = [ServiceError("down") for _ in range(9)]
    async with open_bench(tools=[refund_tool(*faults)]) as bench:
        ticket = await proposing(bench)
        digest = fingerprint("refund", {"order_id": "A1"})
        ticket = await bench.settled_by(ticket, "reply", text="Paid back.", actions=(digest,))
        ticket = await bench.settled_by(ticket, "return", guidance="propose it again")
        assert ticket.reason == Reason.NEEDS_APPROVAL


async def test_the_first_decision_wins(bench: Bench) -> None:
    """The second learns who was faster."""
    ticket = await bench.answer(HANDED)
    await bench.decide(ticket, "close")
    with pytest.raises(AlreadyDecided, match="Ann decided"):
        await bench.decide(ticket, "reply", text="Too late for this one.")


async def test_settling_twice_does_not_undo_a_decision(bench: Bench) -> None:
    """A worker that died after its settle leaves it to be done again, perhaps much later."""
    ticket = await bench.accept(HANDED)
    rested = await bench.driver.drive(ticket.id, 1)
    assert rested is not None
    await bench.driver.settle(ticket.id, rested)
    await bench.decide(ticket, "reply", text="Press it twice.")
    await bench.driver.settle(ticket.id, rested)
    assert (await bench.ticket(ticket)).status == TicketStatus.QUEUED
    assert (await bench.run(ticket)).outcome == Outcome.ANSWERED_BY_PERSON


async def test_settling_twice_does_not_end_a_turn_that_has_begun(bench: Bench) -> None:
    """Nor does it lose what the customer wrote in between."""
    ticket = await bench.accept("How do I reset it?")
    rested = await bench.driver.drive(ticket.id, 1)
    assert rested is not None
    await bench.driver.settle(ticket.id, rested)
    bench.find()
    await bench.write(ticket, "And the other one?")
    await bench.driver.settle(ticket.id, rested)
    assert ((await bench.run(ticket)).turn, bench.sent) == (2, ["reply", "reply"])
