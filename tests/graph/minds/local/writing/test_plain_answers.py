"""A value, a row or a no that is told by itself, without what stands around it."""

import numpy as np
import pytest

from graph.minds.local.writing.asked import form_of
from graph.minds.local.writing.narrowing import narrowed
from graph.minds.local.writing.parts import Selection
from graph.minds.local.writing.scored import Passage
from graph.minds.local.writing.selection import Selector
from graph.state import Ask
from graph.text.passages import blocks
from memory.encoder.encoder import HashEncoder

PITCHES = """| Pitch | People | A night | Electricity |
|---|---|---|---|
| Meadow 2 | 2 | €14 | no |
| Terrace 2 | 2 | €19 | yes |
| Meadow 6 | 6 | €31 | no |
| Terrace 6 | 6 | €38 | yes |
"""
POST = """| Sack | In town | Abroad |
|---|---|---|
| up to 2 kg | €3 | €9 |
| up to 10 kg | €6 | €17 |
| up to 25 kg | €11 | €29 |
"""
VAN = "Van over 6 metres, for each metre more"
TENTS = f"""| What | A night |
|---|---|
| {VAN} | €4 |
| Awning | €5 |
| Boat | €6 |
"""


@pytest.mark.parametrize(
    ("table", "asked", "keys"),
    [
        (PITCHES, "How much is a pitch for 6 people with electricity?", ["Terrace 6"]),
        (
            PITCHES,
            "How much is a pitch for 6 people without electricity?",
            ["Meadow 6", "Terrace 6"],
        ),
        (POST, "What does a sack of 7 kg cost?", ["up to 10 kg"]),
        (TENTS, "How much is an awning of 3.5 metres?", ["Awning"]),
        (TENTS, "We are 3 with an awning, what does a metre more cost?", [VAN, "Awning"]),
    ],
)
def test_the_row_that_is_meant_is_told_with_its_price(
    table: str, asked: str, keys: list[str]
) -> None:
    """A yes or no is the customer's condition, a figure the least bound above it, a unit no name of a row."""
    [block] = blocks(table, "Prices")
    found = narrowed(block, np.full(len(block.rows), 0.5), asked, "value")
    assert [row.key for row in found.rows] == keys
    assert all("€" in unit for unit in found.units)


def test_whether_there_is_something_is_still_told_by_its_column() -> None:
    """Who asks for no price gets the one cell."""
    [block] = blocks(PITCHES, "Prices")
    found = narrowed(block, np.full(4, 0.5), "Is there electricity on Terrace 6?", "yes_no")
    assert found.units == ("Terrace 6 – Electricity: yes.",)


def test_a_no_stands_before_nouns_alone() -> None:
    """A column that is named by what somebody does keeps its no behind it."""
    [block] = blocks(
        "| Post | Runs the boat | Cabin |\n|---|---|---|\n| Mate | yes | yes |\n| Cook | no | no |\n"
    )
    assert block.units[1] == "Cook – Runs the boat: no; no cabin."


def test_the_one_matter_of_a_heading_that_is_asked_about_is_told() -> None:
    """A heading that lists what its items are about says nothing against the one that was named."""
    text = (
        "## Parrots, prams and gas\n\n- Parrots travel in a cage.\n- A pram is folded at the door.\n"
        "- Full bottles of gas stay outside."
    )
    [told, *_] = _selected("Can I bring a parrot with me?", text)
    assert told.units == ("Parrots travel in a cage.",)
    [told, *_] = _selected("Can I bring a parrot in a pram?", text)
    assert len(told.units) == text.count("- ")


def test_a_price_that_is_asked_for_in_one_word_is_one() -> None:
    """What is told before it, "I want to ...", asks for no steps."""
    assert form_of("I want to post a sack to my sister, price?") == "value"
    assert form_of("I want to post a sack to my sister at your price.") == "how"


def test_a_no_comes_first() -> None:
    """Sentences about something else before the one that says so are left out, but not what it leans on."""
    other = "Bells are rung at noon. Wear a hat."
    [told, *_] = _selected(
        "Can I climb the tower?", f"{other} You may not climb the tower when it storms, nor at all."
    )
    assert told.units[0].startswith("Bells")  # it says only when not
    [told, *_] = _selected("Can I climb the tower?", f"{other} You may not climb the tower.")
    assert (told.opening, told.units) == ("No.", ("You may not climb the tower.",))
    leaning = f"{other} This is why you may not climb the tower."
    assert _selected("Can I climb the tower?", leaning)[0].units[0].startswith("Bells")
    bounded = "Guests climb the tower with a guide only. You may not climb the tower alone."
    assert _selected("Can I climb the tower?", bounded)[0].units[0].startswith("Guests")


@pytest.mark.parametrize(
    "asked", ["Can children swim in the pool?", "May children swim in the pool with an adult?"]
)
def test_a_no_in_another_case_settles_nothing(asked: str) -> None:
    """Who may not without an adult may with one, and what is forbidden at night is not by day."""
    for case in ("without an adult", "overnight", "on holidays"):
        text = f"Towels are lent. Children may not swim in the pool {case}."
        [told, *_] = _selected(asked, text)
        assert (told.opening, told.units[0]) == ("", "Towels are lent.")


def test_what_is_as_near_as_the_answer_is_told_with_it() -> None:
    """Though it adds no word of the question: it may be what was meant."""
    text = (
        "Guests with a ticket climb the tower.\n\n"
        "Guests with a ticket climb the tower twice.\n\nWorkers climb trees."
    )
    told = _selected("Can guests with a ticket climb the tower?", text)
    assert [one.units[0][:17] for one in told] == ["Guests with a tic", "Guests with a tic"]


def _selected(asked: str, text: str) -> list[Selection]:
    ask: Ask = {"id": "1", "text": asked, "query": asked, "intent": None}
    return Selector(HashEncoder()).select(ask, [Passage("a", "Towers", text, "", "a")], set())


def test_the_title_of_a_note_that_forbids_is_told_with_it() -> None:
    """Below "Never use vinegar" nothing says again that it is not to be used."""
    (block,) = blocks("> [!WARNING] Never use vinegar\n> It eats the seals.")
    assert block.units == ("Never use vinegar.", "It eats the seals.")
    (other,) = blocks("> [!TIP] Hard water\n> Do it twice.")
    assert other.units == ("Do it twice.",)
