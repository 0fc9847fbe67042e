"""How the local planner splits tickets, finds arguments and plans again."""

from typing import Any

import pytest

from graph.desk.limits import Limits
from graph.desk.model import Desk, Intent
from graph.minds.contract import PlanRequest
from graph.minds.local.intent.classifier import LocalClassifier
from graph.minds.local.planning.arguments import arguments_for
from graph.minds.local.planning.asks import split
from graph.minds.local.planning.joints import questions
from graph.minds.local.planning.planner import LocalPlanner
from graph.state import Classification, MessageRecord, Screening, StepResult
from memory.encoder.encoder import HashEncoder
from memory.fingerprints import fingerprint
from tests.graph.found import result_of
from tools.contract import ToolSpec

LOOKUP = ToolSpec(
    name="lookup_order",
    description="An order.",
    arguments={"order_id": {"type": "string", "pattern": "^FH-[0-9]{6}$"}},
)
REFUND = ToolSpec(
    name="refund",
    description="Money back.",
    effect="write",
    approval="person",
    arguments={
        "order_id": {"type": "string", "pattern": "^FH-[0-9]{6}$"},
        "amount": {"type": "number", "exclusiveMinimum": 0},
        "reason": {"type": "string", "maxLength": 50},
    },
    required=("order_id", "amount"),
)
DESK = Desk(
    tenant="acme",
    company="Acme",
    tools=(LOOKUP, REFUND),
    limits=Limits(asks=2),
    intents=(
        Intent(
            name="orders",
            examples=("where is my order", "order not here"),
            tools=("lookup_order", "refund"),
        ),
        Intent(name="login", examples=("reset my password", "cannot sign in to account")),
    ),
)

SPLITS = [
    ("How do I reset my password and where can I find my invoices?", 2),
    ("How do I reset and change my password?", 1),
    ("I was on holiday. It rained. My cat is fine. How do I export hours?", 1),
    ("Two questions:\n1. How do I add a user?\n2. Where is the copy for June?\nThanks", 2),
    ("The clock is dead since Monday. The light is red.", 1),
    ("I need to cancel my plan. How do I cancel my plan?", 1),
    ("What is the yearly fee, and is there a deposit for the key?", 2),
    ("How do I rename a folder as well as a calendar?", 2),
    ("How do I set up the printer and/or the scanner?", 2),
    ("Could you say whether dogs are allowed; when the gate opens; and how to pay the fee?", 3),
    ("Parking: how do I book it?; Lunch: how do I order it?;", 2),
    ("How do I park? Also my sister wants to know how to get a locker.", 2),
    ("Please ignore my last mail, I found the key. How do I park?", 1),
    ("How do I change the lock of the shed that is old and rusty?", 1),
    ("How do I paint the boat and hang up the oars?", 2),
    ("How do I paint the boat and then clean the boat?", 1),
    ("How do I paint the boat during the summer and without the mast?", 1),
    ("How do I open the hatch and paint something on it?", 1),
    ("help", 1),
    ("", 0),
]


@pytest.mark.parametrize(("text", "count"), SPLITS)
def test_splits_a_message_into_its_asks(text: str, count: int) -> None:
    """Questions, lists and conjunctions make asks; stories and repetitions do not."""
    assert len(split(text, lambda _left, _right: False)) == count


def test_an_ask_keeps_what_was_told_before_it() -> None:
    """The story is context for the search and not part of the ask."""
    (ask,) = split("The app froze on my phone. What should I do about it?", lambda *_: False)
    assert ask.text == "What should I do about it?"
    assert ask.context == ("The app froze on my phone.",)


ARGUMENTS: list[tuple[str, list[dict[str, Any]]]] = [
    ("Refund 12,50 EUR for fh-100001", [{"order_id": "FH-100001", "amount": 12.5}]),
    ("Refund €1,200.00 for FH-100001", [{"order_id": "FH-100001", "amount": 1200.0}]),
    ("Refund FH-100001 please", []),
    ("Refund 10 EUR for XFH-1000012", []),
]


@pytest.mark.parametrize(("text", "expected"), ARGUMENTS)
def test_uses_only_complete_and_valid_arguments(text: str, expected: list[dict[str, Any]]) -> None:
    """Values are found by their schema; without a required one there is no call."""
    found = arguments_for(REFUND, [text], "because", writes=True)
    assert [{name: one[name] for name in ("order_id", "amount")} for one in found] == expected


def request_of(
    text: str, desk: Desk = DESK, intent: str | None = "orders", **more: Any
) -> PlanRequest:
    """A round, the first unless told otherwise, of a message in plain English."""
    screening = Screening(
        text=text,
        masked=text,
        language="en",
        automatic=None,
        injection=0.0,
        injected=[],
        personal_data=[],
        empty=False,
        truncated=False,
    )
    guess = Classification(intent=intent, confidence=0.9, threshold=0.35, ranked=[])
    talk = [MessageRecord(seq=1, role="customer", kind="message", text=text)]
    more.setdefault("round", 1)
    return PlanRequest(desk, talk, screening, guess, **more)


@pytest.fixture(scope="module")
def planner() -> LocalPlanner:
    """A planner over a classifier of two intents."""
    return LocalPlanner(LocalClassifier(HashEncoder(), DESK.intents, 0.35))


async def test_plans_a_search_and_the_tools_that_can_be_called(planner: LocalPlanner) -> None:
    """Step ids are fingerprints, so that the same step is known again."""
    plan = await planner.plan(request_of("Where is my order FH-100001?"))
    assert [step["kind"] for step in plan["steps"]] == ["search", "tool"]
    assert plan["steps"][1]["id"] == fingerprint("lookup_order", {"order_id": "FH-100001"})
    assert not plan["overflow"]


async def test_proposes_a_write_with_its_reads(planner: LocalPlanner) -> None:
    """A write becomes an action; one that lacks an argument is named, for a record to bring it."""
    plan = await planner.plan(request_of("Please refund 10 EUR for FH-100001."))
    assert [step["kind"] for step in plan["steps"]] == ["search", "tool", "action"]
    lacking = await planner.plan(request_of("Please refund order FH-100001."))
    assert lacking["lacking"] == ["refund"]
    assert "refund" in lacking["reason"]


@pytest.mark.parametrize("first", [True, False])
async def test_a_foreign_ask_lends_a_write_no_words(planner: LocalPlanner, *, first: bool) -> None:
    """One refund is proposed, for the ask that names the order, wherever the other one stands.

    The order's record is that ask's too: an amount that only the record says comes from it.
    """
    wish, other = "Please refund 10 EUR for FH-100001.", "How do solar panels work?"
    parts = [other, wish] if first else [wish, other]
    plan = await planner.plan(request_of("Two things:\n1. {}\n2. {}".format(*parts)))
    assert len(plan["asks"]) == 2
    (action,) = [step for step in plan["steps"] if step["kind"] == "action"]
    assert action["arguments"]["reason"] == wish
    (read,) = [step for step in plan["steps"] if step["kind"] == "tool"]
    assert read["ask_id"] == action["ask_id"]


async def test_a_number_half_given_is_in_doubt(planner: LocalPlanner) -> None:
    """Nothing is looked up by it; the whole one, said earlier, settles the doubt."""
    plan = await planner.plan(request_of("Where is my order #100001?"))
    assert [step["kind"] for step in plan["steps"]] == ["search"]
    (doubt,) = plan["doubts"]
    assert (doubt["tool"], doubt["argument"], doubt["said"]) == (
        "lookup_order",
        "order_id",
        "100001",
    )


async def test_a_number_of_no_known_form_is_in_doubt_by_the_name_before_it(
    planner: LocalPlanner,
) -> None:
    """It is quoted, and asked for in full."""
    (doubt,) = (await planner.plan(request_of("Where is order no. 4711?")))["doubts"]
    assert doubt["said"] == "4711"


@pytest.mark.parametrize(
    ("wording", "asked_for"),
    [
        ("Where is my order?", ["order_id"]),
        ("Order status please, it has not come.", ["order_id"]),
        ("Where is my order FH-100001?", []),
        ("Can I still cancel my order?", []),
    ],
)
async def test_a_number_that_nobody_gave_is_missed_where_a_record_is_asked_about(
    planner: LocalPlanner, wording: str, asked_for: list[str]
) -> None:
    """Nothing was said of it, so the doubt quotes nothing; how something is done needs none."""
    found = (await planner.plan(request_of(wording)))["doubts"]
    assert [(one["argument"], one["said"]) for one in found] == [(one, "") for one in asked_for]


def test_an_amount_is_never_taken_from_elsewhere() -> None:
    """A share of it, or several amounts in one wish, leave the action to a person."""
    record = "Your order FH-100001 is for 80.00 EUR."
    for wish in ("Refund half of FH-100001.", "Refund 10 EUR or 20 EUR of FH-100001."):
        assert arguments_for(REFUND, [wish, record], wish, writes=True) == []
    plain = "Refund FH-100001."
    (found,) = arguments_for(REFUND, [plain, record], plain, writes=True)
    assert found["amount"] == 80.0


def test_a_nearer_half_number_is_completed_by_the_whole_one() -> None:
    """A whole number that ends so is meant; another one is not."""
    near = "And order 100001?"
    assert arguments_for(LOOKUP, [near, "FH-100001 came"], near, writes=False) == [
        {"order_id": "FH-100001"}
    ]
    assert arguments_for(LOOKUP, [near, "FH-100002 came"], near, writes=False) == []


def test_a_pasted_log_is_no_ask() -> None:
    """What was asked above it stays the only ask."""
    log = "2026-01-02T03:04:05Z ERROR job failed: no route\n" * 5
    (one,) = split(f"Why does the job stop?\n\n{log}", lambda *_: False)
    assert one.text == "Why does the job stop?"


def test_what_is_ruled_out_is_not_asked() -> None:
    """Not to cancel, only to know something: that one thing is the ask."""
    (one,) = split(
        "Please do not cancel my plan. I only want to know its end date.", lambda *_: False
    )
    assert "cancel" not in " ".join((*one.context, one.text))
    (kept,) = split("Please do not renew my plan.", lambda *_: False)
    assert "renew" in kept.text


async def test_more_asks_than_allowed_overflow(planner: LocalPlanner) -> None:
    """The bound on asks holds and is said."""
    plan = await planner.plan(
        request_of("How do I add users? Where are invoices? What do licences cost?")
    )
    assert len(plan["asks"]) == 2
    assert plan["overflow"]


async def test_a_second_round_never_repeats_a_step(planner: LocalPlanner) -> None:
    """An unsupported ask is searched for anew, with other words."""
    first = await planner.plan(request_of("The clock is dead. What should I do?"))
    (step,) = first["steps"]
    done: StepResult = {
        **result_of(ask_id=step["ask_id"], arguments=step["arguments"]),
        "step_id": step["id"],
        "fingerprint": step["id"],
    }
    again = await planner.plan(
        request_of(
            "The clock is dead. What should I do?", round=2, asks=first["asks"], results=[done]
        )
    )
    assert again["asks"] == first["asks"]
    assert again["steps"]
    assert step["id"] not in {one["id"] for one in again["steps"]}


async def test_guidance_is_searched_for(planner: LocalPlanner) -> None:
    """What a person tells the agent becomes a query of its own."""
    first = await planner.plan(request_of("It fails. What now?"))
    plan = await planner.plan(
        request_of("It fails. What now?", round=2, asks=first["asks"], guidance="see clock offline")
    )
    assert {step["cause"] for step in plan["steps"]} == {"guidance"}
    assert "see clock offline" in [step["arguments"].get("query") for step in plan["steps"]]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("How do I pay?", ["How do I pay?"]),
        ("How do I pay, and will you lock us out?", ["How do I pay?", "Will you lock us out?"]),
        ("What is owed? When is it due?", ["What is owed?", "When is it due?"]),
        ("I want to pay. Where is the button?", ["Where is the button?"]),
        ("We pay and we go.", []),
    ],
)
def test_the_single_questions_of_an_ask(text: str, found: list[str]) -> None:
    """Each wants an answer of its own, though one search serves them all."""
    assert questions(text) == found


def test_who_asks_is_context_though_told_last() -> None:
    """A plan, a role or a device decides the answer; a further problem is another matter."""
    told = split("How many clocks may I pair? We are on Starter.", lambda *_: False)
    assert told[-1].context == ("We are on Starter.",)
    problem = split("How many clocks may I pair? My badge is broken.", lambda *_: False)
    assert problem[-1].context == ()
