"""The form of an answer is the one that was asked for."""

from __future__ import annotations

import numpy as np
import pytest

from graph.minds.local.writing.asked import form_of, instructs, opening
from graph.minds.local.writing.narrowing import narrowed, whole_thought
from graph.minds.local.writing.selection import Passage, Selector
from graph.state import Ask
from graph.text.passages import blocks
from memory.encoder.encoder import HashEncoder

FEES = """| Size | Price | Term |
| --- | --- | --- |
| Small locker | 4 euros | 12 days |
| Large locker | 15 euros | 3 days |
| Bike box | 9 euros | 30 days |"""
EXCLUDED = """## What we do not replace

- Batteries that are worn out;
- Cases with scratches;
- Cables."""


@pytest.mark.parametrize(
    ("asked", "form"),
    [
        ("How do I rent a locker?", "how"),
        ("Where can I see what I paid?", "how"),
        ("How long does it take?", "value"),
        ("What does a large locker cost?", "value"),
        ("Can I bring my dog?", "yes_no"),
        ("My locker smells.", "open"),
    ],
)
def test_the_form_of_an_ask(asked: str, form: str) -> None:
    """A way, a value, a yes or no, or anything else."""
    assert form_of(asked) == form


@pytest.mark.parametrize(
    ("asked", "sentence", "said"),
    [
        ("Can I exchange a voucher for money?", "A voucher cannot be exchanged for money.", "No."),
        ("Can I pass on my voucher?", "You can pass on a voucher to anybody.", "Yes."),
        ("Can I pass on my voucher?", "You can pass on a voucher only within a week.", ""),
        ("Can I pass on my voucher?", "Vouchers are valid for two years.", ""),
        ("How do I pass on my voucher?", "You can pass on a voucher to anybody.", ""),
        ("Can I not pass on a voucher?", "A voucher cannot be passed on.", ""),
    ],
)
def test_yes_and_no_are_said_where_the_sentence_alone_settles_it(
    asked: str, sentence: str, said: str
) -> None:
    """A condition, another matter or a question that is turned round is left to the sentence."""
    assert opening(asked, sentence) == said


def test_the_named_row_is_told_with_key_and_header() -> None:
    """And no other; a column that was named as well is told alone."""
    [table] = blocks(FEES, "Lockers")
    scores = np.zeros(3)
    row = narrowed(table, scores, "What about a large one?", "value")
    assert row.units == ("Large locker – Price: 15 euros; Term: 3 days.",)


def test_the_row_with_the_code_that_was_asked_about_is_told_alone() -> None:
    """Its neighbours are nearer in meaning than in fact."""
    rows = "\n".join(f"| F-0{n} | part {n} is loose | turn screw {n} |" for n in range(11, 17))
    [table] = blocks(f"| Code | Meaning | Do |\n| --- | --- | --- |\n{rows}", "Codes")
    found = narrowed(table, np.arange(6, 0, -1), "It shows f-014, what now?", "value")
    assert found.units == ("F-014 – Meaning: part 14 is loose; Do: turn screw 14.",)


def test_one_item_of_an_exclusion_list_keeps_its_heading() -> None:
    """Its "not" is never left behind."""
    [listed] = blocks(EXCLUDED, "Warranty")
    found = narrowed(listed, np.array([0.2, 0.7, 0.1]), "Do you replace scratches?", "yes_no")
    assert (found.lead, found.units) == ("What we do not replace:", ("Cases with scratches.",))
    whole = narrowed(listed, np.array([0.2, 0.7, 0.1]), "How do I get it replaced?", "how")
    assert len(whole.units) == len(listed.units)


def test_a_sentence_that_points_back_brings_the_one_before() -> None:
    """The subject is not lost."""
    assert whole_thought(("It ends at noon.",), "The sale begins on Monday.") == (
        "The sale begins on Monday.",
        "It ends at noon.",
    )
    assert whole_thought(("The sale ends.",), "We are open.") == ("The sale ends.",)


def test_an_instruction_in_prose_is_a_way() -> None:
    """Not every way is a list."""
    assert instructs("Go to Lockers and press Rent.")
    assert instructs("At Settings > Lockers choose one.")
    assert not instructs("A locker is a box.")


PLANS = """| Plan | Phone | First reply |
|---|---|---|
| Small | no | two days |
| Large | yes | two hours |
"""


def _selected(ask: str, query: str, text: str) -> list[tuple[str, ...]]:
    asked = Ask(id="a", text=ask, query=query, intent=None)
    passage = Passage("p", "Help", text, source="help")
    return [one.units for one in Selector(HashEncoder()).select(asked, [passage], set())]


def test_what_was_told_names_the_row_where_the_ask_does_not() -> None:
    """The other plans' rows would be no answer to who is on this one."""
    (units,) = _selected("Is there a phone?", "We are on Large. Is there a phone?", PLANS)
    assert units == ("Large – Phone: yes; First reply: two hours.",)


def test_each_question_of_an_ask_is_answered() -> None:
    """One search serves both; the second question's paragraph is not left out as too far away."""
    text = (
        "Pay the open invoice under Billing with another card.\n\n"
        "Coffee is served on the first floor, and cakes are baked there every single morning.\n\n"
        "Accounts stay unlocked for 21 days while money is owed."
    )
    ask = "How do I pay the open invoice with another card? Are accounts unlocked meanwhile?"
    said = " ".join(unit for units in _selected(ask, ask, text) for unit in units)
    assert "another card" in said
    assert "21 days" in said
