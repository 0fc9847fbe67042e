"""Each question that a support lead asks, answered on a prepared ticket in these very words."""

from typing import get_args

import pytest

from api.explain.aggregate import GroupBy, grouped
from api.explain.answers import About, answer
from api.explain.durations import parts
from memory.journal import codec
from memory.journal.journal import UsualCost
from tests.api.explain.journals import Journal, dear, four_calls, handed_off


def test_why_four_calls_to_the_pricing_tool_for_a_request_that_needed_one() -> None:
    """Planned, retried, planned again, lost in a crash; and the model repeated itself."""
    assert answer(four_calls().records, "tool", tool="lookup_price").sentences == [
        (
            "lookup_price was called 4 times for a request that needed 1: 1 planned for the ask a1;"
            " 1 retry, since it gave no answer in time (no answer within 5 s); 1 planned again,"
            " because 0.41 is under 0.62; 1 asked again after a crash, since the answer before it"
            " was lost."
        ),
        ("Besides, 1 left out, since the same call had been made and its result was used again."),
        "The desk lets the intent pricing use it.",
    ]


def test_why_this_tool() -> None:
    """For which ask, and who allows it."""
    journal = Journal().accepted().drive().planned("lookup_order", fingerprint="o")
    journal.attempt("lookup_order", fingerprint="o").call("lookup_order", fingerprint="o")
    assert answer(journal.records, "tool", tool="lookup_order").sentences == [
        "lookup_order was called once: planned for the ask a1.",
        "The desk lets the intent pricing use it.",
    ]
    assert answer(journal.records, "tool", tool="refund").sentences == [
        "refund was not called; the calls were to: lookup_order."
    ]


def test_why_a_retry() -> None:
    """After which error, how long it waited, and what a crash repeated."""
    assert answer(four_calls().records, "retries").sentences == [
        (
            "lookup_price was asked 3 times more: 1 retry, since it gave no answer in time (no"
            " answer within 5 s); 1 planned again, because 0.41 is under 0.62; 1 asked again after"
            " a crash, since the answer before it was lost; and 1 left out, since the same call"
            " had been made and its result was used again."
        ),
        "Between attempts it waited 400 ms in all.",
        "A step of the plan ran in a new drive, since the one before did not finish it.",
        "1 run was taken over, since the worker died or hung.",
    ]
    assert answer(Journal().accepted().records, "retries").sentences == ["Nothing was done twice."]


def test_why_did_cost_spike() -> None:
    """By model and step, with shares; what repetitions took; against what is usual."""
    assert answer(dear().records, "cost", usual=UsualCost(5_000, 200)).sentences == [
        "It cost 0.0350 in all, with 5 calls and 10,920 tokens.",
        (
            "By model and tool: openai:small 0.0310 (89 %, 4 calls, 10,920 tokens); lookup_price"
            " 0.0040 (11 %, 1 call)."
        ),
        (
            "By step: writing the reply 0.0300 (86 %, 3 calls, 10,500 tokens); a step of the plan"
            " 0.0040 (11 %, 1 call); reading the message 0.0010 (3 %, 1 call, 420 tokens)."
        ),
        (
            "0.0200 of it (57 %) went into repetitions: The model (writing the reply): 1 repair,"
            " since the answer was not valid JSON; 1 new draft, since the check had objected."
        ),
        (
            "A usual ticket of this desk costs 0.0050 (median of the last 200): this one cost 7.0"
            " times as much."
        ),
    ]
    assert answer(Journal().call("search").records, "cost").sentences == [
        "It cost nothing: none of its 1 call has a price."
    ]


def test_where_did_the_latency_come_from() -> None:
    """Queue, tool, a dead worker, our own steps; each moment once."""
    rows = four_calls().records
    assert answer(rows, "time").sentences == [
        (
            "It took 21.2 s: 12.2 s (58 %) without a worker, until another one took over, 5.8 s"
            " (27 %) in the tool lookup_price, 2.0 s (9 %) waiting in the queue, 1.2 s (6 %) in our"
            " own steps."
        ),
        (
            "Of lookup_price's time 5.0 s went into 1 attempt that failed, since it gave no answer"
            " in time (no answer within 5 s), and 400 ms into waiting between attempts."
        ),
    ]
    whole = (rows[-1].at - rows[0].at).total_seconds()
    assert sum(parts(rows).values()) == pytest.approx(whole)


def test_where_did_the_time_go_with_people() -> None:
    """Waiting for a person and for the customer are told apart, and a model from our own steps."""
    journal = Journal().accepted().at(1).drive()
    journal.at(5).model("write", duration_ms=3_000).step("draft", duration_ms=3_500)
    journal.handed_off("check_failed").at(65).row("decision", "person", "approve", "decided")
    journal.at(66).drive("decision").at(67).row("ticket", "settle", "planned", "answered_by_person")
    journal.at(167).row("ticket", "message", "customer", "settled")
    journal.turn = 2
    journal.at(168).drive("message").at(170).step("triage")
    assert parts(journal.records) == pytest.approx(
        {"queue": 3, "steps": 4, "model openai:small": 3, "person": 60, "customer": 100}
    )


def test_why_was_it_handed_off_and_what_would_have_changed_it() -> None:
    """The numbers, and the threshold at which it would have been answered, from what."""
    assert answer(handed_off().records, "route").sentences == [
        "The intent is pricing: 0.81 is above 0.35.",
        (
            "The ask a1 is not answered well enough: 0.41 is under 0.62; the best there is: prices,"
            " plans."
        ),
        (
            "It was handed to a person, since the evidence does not answer it well enough"
            " (Confidence 0.41 is under 0.62)."
        ),
        (
            "With the threshold at 0.41 instead of 0.62 it would have been answered from the article"
            " prices, had the draft passed its checks."
        ),
    ]


def test_an_answer_says_what_would_have_kept_it_back() -> None:
    """The other way round: at which threshold a person would have it."""
    journal = Journal().accepted().drive().weighed(0.71, "prices")
    journal.row("ticket", "settle", "planned", "delivered")
    assert answer(journal.records, "route").sentences == [
        "The ask a1 is answered by prices: 0.71 is above 0.62.",
        "It ended so: the agent's checked reply was delivered.",
        "With the threshold at 0.72 instead of 0.62 a person would have it.",
    ]


def test_an_answer_that_a_person_gave_before_says_so() -> None:
    """Why the agent is sure of what it was in doubt about the week before."""
    journal = Journal().accepted().drive().weighed(0.9, "prices", "plans", approved=True)
    assert answer(journal.records, "route").sentences[0] == (
        "The ask a1 is answered by prices, plans: 0.90 is above 0.62, and a person has sent prices"
        " in answer to a question like it."
    )


def test_a_fallback_a_repair_and_a_refusal_have_their_reasons() -> None:
    """Whatever stood in says for what, and what was held back says why."""
    journal = Journal().accepted().drive()
    journal.attempt("orders", error="unreachable: no answer came", fingerprint="o")
    journal.call("orders", error="unreachable: no answer came", fingerprint="o")
    journal.attempt("orders_copy", cause="fallback", fingerprint="c")
    journal.call("orders_copy", cause="fallback", fingerprint="c")
    journal.call(
        "refund", error="needs_approval: a person must approve", outcome="refused", attempts=0
    )
    assert answer(journal.records, "tool").sentences == [
        "orders was called once: planned.",
        "In the end it brought nothing after 100 ms: it could not be reached (no answer came).",
        (
            "orders_copy was called once: in place of orders, since it could not be reached (no"
            " answer came)."
        ),
        "refund was not called after all.",
        (
            "Besides, 1 not let through, since a person must approve it first (a person must"
            " approve)."
        ),
        (
            "In the end it brought nothing after 100 ms: a person must approve it first (a person"
            " must approve)."
        ),
    ]


@pytest.mark.parametrize("about", get_args(About))
def test_an_empty_journal_has_an_answer(about: About) -> None:
    """A ticket whose journal was forgotten breaks nothing."""
    assert answer([], about).sentences


def test_many_tickets_are_grouped() -> None:
    """By cause, tool, reason and intent, the most frequent first, each with its tickets."""
    journal = [*four_calls().rows, *Journal("tkt_2", handed_off().rows).rows]
    for row in journal[len(four_calls().rows) :]:
        row.ticket_id = "tkt_2"
    rows = codec.records(journal)
    causes = {group.key: group.number for group in grouped(rows, "cause").groups}
    assert causes == {"planned": 1, "retry": 1, "replan": 1, "resume": 1, "suppressed": 1}
    assert [group.key for group in grouped(rows, "reason").groups] == ["low_confidence"]
    assert [(group.key, group.failed) for group in grouped(rows, "intent").groups] == [
        ("pricing", 1)
    ]
    assert grouped(rows, "tool").groups[0].cost_micros == 3_000
    for by in get_args(GroupBy):
        assert grouped(rows, by).sentence.endswith(".")
        assert grouped([], by).groups == []


def test_our_own_limits_are_named_where_they_held_a_tool_back() -> None:
    """A rate limit or a full set of slots is no latency of the service."""
    journal = Journal().accepted().at(1).drive().at(4)
    journal.attempt("lookup_order", seconds=3, numbers={"held_seconds": 1.8})
    journal.call("lookup_order", seconds=3)
    assert answer(journal.records, "time").sentences == [
        "It took 4.0 s: 3.0 s (75 %) in the tool lookup_order, 1.0 s (25 %) waiting in the queue.",
        "lookup_order was held back for 1.8 s by our own limits for it.",
    ]


def test_a_question_back_says_what_would_have_spared_it() -> None:
    """Who the sender is, or a threshold at which the evidence would have done."""
    journal = Journal().accepted().drive()
    error = "not_verified: nobody has shown yet that the record is the sender's"
    journal.call("lookup_order", error=error, outcome="refused", attempts=1)
    journal.row("decision", "assess", "planned", "clarify")
    assert answer(journal.records, "route").sentences == [
        "Had the sender shown that the record is theirs, it would have been answered."
    ]
    vague = Journal().accepted().drive().weighed(0.5, "prices")
    vague.row("decision", "assess", "planned", "clarify")
    assert answer(vague.records, "route").sentences[-1] == (
        "With the threshold at 0.50 instead of 0.62 it would have been answered from the article"
        " prices, had the draft passed its checks."
    )
