"""Which of several records is meant, and what is wanted of it."""

from typing import cast

import pytest

from graph.desk.model import Desk, Intent
from graph.minds.contract import PlanRequest
from graph.minds.local.planning.arguments import arguments_for
from graph.minds.local.planning.candidates import Candidate
from graph.minds.local.planning.choices import left_open
from graph.minds.local.planning.intents import intent_of
from graph.state import Classification, IntentGuess, Screening
from graph.text.asking_back import which_one
from tools.contract import ToolSpec

REFUND = ToolSpec(
    name="refund",
    description="Money back.",
    effect="write",
    approval="person",
    arguments={"order_id": {"type": "string", "pattern": "^FH-[0-9]{6}$"}},
)
TWO = "We have FH-100001 and FH-100002."


@pytest.mark.parametrize(
    ("wish", "is_open"),
    [
        ("Pay one of them back.", True),
        ("Please pay it back.", True),
        ("Pay the second one back.", True),
        ("Pay FH-100001 or, either way, FH-100002 back.", True),
        ("Pay both back.", False),
        ("Pay back those orders.", False),
        ("Pay FH-100001 back.", False),
        ("Pay FH-100001 back, it is a copy of FH-100002.", False),
        ("Pay FH-100001 and FH-100002 back.", False),
    ],
)
def test_one_wish_is_for_one_record(wish: str, is_open: bool) -> None:
    """Where one is wished for and not named it is open which; several are wished for in words."""
    found = left_open(REFUND, [wish, TWO], wish)
    assert found == (["FH-100001", "FH-100002"] if is_open else [])


def test_a_single_record_is_never_open() -> None:
    """It, or one of what was bought: there is only one."""
    assert left_open(REFUND, ["Pay it back.", "I got FH-100001."], "Pay it back.") == []


def test_the_question_names_them_all() -> None:
    """A person, or the customer, can choose."""
    assert which_one(["A-1", "A-2", "A-3"]) == "Which one do you mean: A-1, A-2 or A-3?"


def _money(text: str) -> Classification:
    """Takes a number for a question about orders, and "back" for a wish for money."""
    named = "orders" if "FH-" in text else "money" if "back" in text else None
    sure = [IntentGuess(name=named, confidence=0.9)] if named else []
    return Classification(intent=named, confidence=0.9, threshold=0.4, ranked=sure)


@pytest.mark.parametrize(("tools", "wanted"), [((REFUND,), "money"), ((), "orders")])
def test_a_number_does_not_hide_what_is_wanted(tools: tuple[ToolSpec, ...], wanted: str) -> None:
    """It says which record is meant; another intent counts only if it can do something with it."""
    ask = Candidate("My money for FH-100001 back, please.", (), 2)
    assert intent_of(_request(tools), ask, _money, alone=False) == wanted


def _of_prices(text: str) -> Classification:
    """Takes "open" for a question about prices, and has orders second."""
    ranked = [IntentGuess(name=name, confidence=0.4) for name in ("prices", "orders", "money")]
    return Classification(intent="prices", confidence=0.6, threshold=0.4, ranked=ranked)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Is FH-100001 still open?", "money"),
        ("How do I open FH-100001?", "prices"),
        ("Is it still open?", "prices"),
    ],
)
def test_how_a_record_stands_is_asked_of_who_can_read_it(text: str, wanted: str) -> None:
    """Whatever else the question sounds like; a way is another question."""
    ask = Candidate(text, (), 3)
    reading = REFUND.model_copy(update={"effect": "read"})
    assert intent_of(_request((reading,)), ask, _of_prices, alone=False) == wanted
    assert intent_of(_request((REFUND,)), ask, _of_prices, alone=False) == "prices"


def test_a_wish_that_points_back_is_for_the_record_told_before() -> None:
    """What it wants comes first of all, if not surely; a question wants nothing done."""
    told = ("I got FH-100001.",)
    request = _request((REFUND,), None)
    wish = Candidate("I want that back.", told, 2)
    assert intent_of(request, wish, _unsure, alone=True) == "money"
    asked = Candidate("Is that back?", told, 3)
    assert intent_of(request, asked, _unsure, alone=True) is None


def _unsure(text: str) -> Classification:
    return {**_money(text), "intent": None}


def _request(tools: tuple[ToolSpec, ...], whole: str | None = "orders") -> PlanRequest:
    names = tuple(one.name for one in tools)
    desk = Desk(
        tenant="acme",
        company="Acme",
        tools=tools or (REFUND,),
        intents=(
            Intent(name="orders", examples=("where is it", "still not here")),
            Intent(name="money", examples=("money back", "pay back"), tools=names),
        ),
    )
    guess = Classification(intent=whole, confidence=0.9, threshold=0.4, ranked=[])
    return PlanRequest(desk, [], cast("Screening", {}), guess, round=1)


@pytest.mark.parametrize(
    ("wish", "order"),
    [
        ("Please send me a copy of invoice FH-100001 by 5 May.", "FH-100001"),
        ("I would like the same as order FH-100001 again.", "FH-100001"),
        ("Cancel FH-100002, it is a copy of FH-100001.", "FH-100002"),
    ],
)
def test_a_number_of_which_a_copy_is_wanted_is_the_one_that_is_meant(wish: str, order: str) -> None:
    """Unless another one is, and though an earlier message named another."""
    found = arguments_for(REFUND, [wish, "Where is FH-100003?"], wish, writes=True)
    assert found == [{"order_id": order}]


def test_a_number_that_is_only_compared_with_is_not_acted_on() -> None:
    """Nor is what the whole comes to, in brackets, the sum that is wanted of it."""
    amount = {"amount": {"type": "number", "description": "Euro."}}
    tool = REFUND.model_copy(update={"arguments": REFUND.arguments | amount})
    wish = "Pay 40 euros of FH-100001 (90.00 EUR) back rather than order FH-100002."
    assert arguments_for(tool, [wish], wish, writes=True) == [
        {"order_id": "FH-100001", "amount": 40.0}
    ]
