"""Which columns of a row are told, and how they are worded."""

import numpy as np
import pytest

from graph.minds.local.writing.narrowing import narrowed
from graph.minds.local.writing.parts import Selection
from graph.minds.local.writing.scored import Passage
from graph.minds.local.writing.selection import Selector
from graph.state import Ask
from graph.text.passages import blocks
from memory.encoder.encoder import HashEncoder

CLUBS = """| Club | Visit by day | Visit by night | Locker | Leaving fee |
|---|---|---|---|---|
| Oak 12 | 4.90 euros | 6.20 euros | 2 euros | none |
| Oak 24 | 5.30 euros | 6.80 euros | 2 euros | 75 euros |
| Elm | 3.10 euros | – | 3 euros | 20 euros |
"""
SACKS = """| Soil | For | Sizes | Price |
|---|---|---|---|
| Loam | beds | 20 l / 60 l | £4 / £9 |
| Bark | paths | 50 l / 80 l | £6 / £8 |
| Sand | lawns | 25 kg | £3 |
"""
CARDS = """| Card | Price a month | Worn for |
|---|---|---|
| Fern | 9 euros | a day |
| Fern Plus | 12 euros | a day |
| Moss Monthly | 4 euros | 30 days |
"""


def _rows(table: str, asked: str, form: str = "value") -> tuple[str, ...]:
    [block] = blocks(table, "Prices")
    return narrowed(block, np.full(len(block.rows), 0.5), asked, form).units  # type: ignore[arg-type]


def test_a_column_that_is_named_wins_over_one_by_another_name() -> None:
    """Of "how much is a visit" no fee is meant; of "how much is it" a single column of money is."""
    [told] = _rows(CLUBS, "how much is a visit with Oak 24?")
    assert "Visit by day: 5.30 euros" in told
    assert _rows(CLUBS, "how much is it to leave with Oak 24?") == (
        "Oak 24 – Leaving fee: 75 euros.",
    )


def test_values_that_another_cell_names_are_told_with_it() -> None:
    """Two prices of two sizes say nothing without the sizes."""
    assert _rows(SACKS, "What's the price of loam?") == (
        "Loam – For: beds; Sizes: 20 l / 60 l; Price: £4 / £9.",
    )
    assert _rows(SACKS, "What's the price of sand?") == ("Sand – Price: £3.",)


def test_a_rate_that_a_column_has_names_no_row() -> None:
    """The monthly price of a card is no card's that is called monthly; that one is named by its name."""
    assert _rows(CARDS, "monthly price of fern plus?") == (
        "Fern Plus – Price a month: 12 euros; Worn for: a day.",
    )
    [told] = _rows(CARDS, "price of moss monthly?")
    assert told.startswith("Moss Monthly")


MOVES = """| From | To | When | Fee |
|---|---|---|---|
| Fern | Moss or Oak | at once | none |
| Moss | Oak | at once | none |
| Oak | Moss | in May | 10 euros |
| Moss or Oak | Fern | in May | 12 euros |
"""


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("What does it cost to go from Oak to Moss?", ["Oak"]),
        ("What does it cost to go from Moss to Fern?", ["Moss or Oak"]),
        ("I am on Oak and want Fern. What is the fee?", ["Fern", "Moss or Oak"]),
    ],
)
def test_a_row_that_is_named_by_two_cells_is_told(asked: str, told: list[str]) -> None:
    """Its key and another cell stand in the ask; behind its column's name, as "to Moss" is, a cell is meant so."""
    [block] = blocks(MOVES, "Moves")
    found = narrowed(block, np.full(len(block.rows), 0.5), asked, "value")
    assert [row.key for row in found.rows] == told


def _opening(asked: str, query: str, article: str) -> Selection:
    ask = Ask(id="a1", text=asked, query=query, intent=None)
    passage = Passage("c1", "Orders", article, source="orders")
    return Selector(HashEncoder()).select(ask, [passage], set())[0]


def test_the_column_that_was_told_beside_a_yes_or_no_is_meant() -> None:
    """What the order says names the column; where nothing names one, the whole row is told."""
    table = (
        "| | Open | In work | Packed |\n|---|---|---|---|\n| Colour | yes | yes | no |\n"
        "| Way of sending | yes | no | no |\n"
    )
    asked = "can I still change the colour?"
    told = _opening(asked, f"{asked} The order says packed", table)
    assert (told.opening, told.units) == ("No.", ("Colour – Packed: no.",))
    [whole] = _opening(asked, asked, table).units
    assert whole == "Colour – Open: yes; In work: yes; Packed: no."


@pytest.mark.parametrize(
    ("header", "cells", "told"),
    [
        (
            "Light | What it means | What to do",
            "Red | The tank is empty | Fill it up",
            "Red – The tank is empty. Fill it up.",
        ),
        (
            "Word | What they mean | What you bring",
            "Dry | No tank is needed | A few answers",
            "Dry – No tank is needed. What you bring: A few answers.",
        ),
        (
            "Light | What it means | What to do",
            "Red | empty | Fill it up",
            "Red – What it means: empty; Fill it up.",
        ),
        ("Plan | You rent as well", "Bare | no", "Bare – You rent as well: no."),
    ],
)
def test_a_cell_that_is_a_sentence_needs_no_name(header: str, cells: str, told: str) -> None:
    """What it means and what to do are told as sentences; "no" stands before no clause."""
    rows = f"| {header} |\n|{'---|' * len(header.split('|'))}\n| {cells} |\n"
    [block] = blocks(rows + ("| Wet | yes |\n" if "rent" in header else ""), "Lights")
    assert block.units[0] == told
