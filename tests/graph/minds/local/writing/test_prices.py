"""Prices that stand in a table are told to who asks for a price, and the right row of them."""

import pytest

from graph.minds.local.writing.parts import Selection, whole_rows
from graph.minds.local.writing.value_blocks import tells_each, tells_of_it
from graph.text.passages import blocks
from tests.graph.minds.local.writing.test_settling import _selected

SKATES = """You have an hour on the ice.

| Skates | Price of a hire |
|---|---|
| Leather | £3 |
| Plastic | £2 |

Before you hire:

- Bring the size of your hire with you.
- Wear socks for the hire.
- After the hour we charge £1 for five minutes."""


def test_a_list_of_prices_answers_what_something_costs() -> None:
    """Though no row is named, and a list below it has more words of the question, and a sum for something else."""
    for asked in ("What does a hire cost?", "How much is a hire with socks?"):
        told = _selected(asked, SKATES)
        assert told[0].units == (
            "Leather – Price of a hire: £3.",
            "Plastic – Price of a hire: £2.",
        )


def test_a_sum_that_tells_of_the_very_thing_comes_before_the_list() -> None:
    """The table prices something else then."""
    text = f"{SKATES}\n\nA lesson costs £20."
    assert _selected("How much is a lesson?", text)[0].units == ("A lesson costs £20.",)


def test_who_asks_for_a_way_and_its_price_gets_both() -> None:
    """The steps first; the one heading above both is told once."""
    text = "## Hire skates\n\n1. Go to the counter.\n2. Say your size.\n\n| Skates | Price |\n|---|---|\n| Leather | £3 |\n| Plastic | £2 |"
    told = _selected("What do I do to hire skates, and what is that going to cost?", text)
    assert [one.kind for one in told] == ["steps", "table"]
    assert [one.lead for one in told] == ["Hire skates:", ""]


def test_only_a_table_that_is_told_whole_is_a_list_of_prices() -> None:
    """A long one would have to be told in part, and one with few sums prices nothing."""
    rows = [f"| Boat {at} | £{at} |" for at in range(1, 9)]
    long = "\n".join(["| Boat | Price |", "|---|---|", *rows])
    asked = "What does it cost?"
    assert [tells_each(one, asked) for one in (*blocks(long), blocks(SKATES)[1])] == [False, True]
    assert tells_of_it(blocks("It costs £3 an hour.")[0], "What does it cost?")
    assert not tells_of_it(blocks("A lesson costs £3.")[0], "What does a hire cost?")


@pytest.mark.parametrize(
    ("asked", "told"), [("Gold", "£5"), ("Gold Plus", "£8"), ("Gold Lite", "£3")]
)
def test_a_row_is_named_by_its_whole_key(asked: str, told: str) -> None:
    """Where each other key says more than it: "Gold" beside "Gold Plus"."""
    text = "| Pass | Price | Guests |\n|---|---|---|\n| Gold Lite | £3 | 0 |\n| Gold | £5 | 1 |\n| Gold Plus | £8 | 2 |"
    [first, *_] = _selected(f"What's the price of {asked}?", text)
    (row,) = first.units
    assert row.startswith(f"{asked} – Price: {told};")


def test_a_sum_in_a_cell_is_told_by_its_name() -> None:
    """A row is led in by what its bare figure counts."""
    text = "The fine for late skates is waived once a year.\n\n| Days late | What happens |\n|---|---|\n| 1 | a letter comes |\n| 7 | a fine for late skates of £15 |\n| 30 | we call |\n| 60 | the end |"
    [first, *_] = _selected("How much is the fine for late skates?", text)
    assert first.units == ("Days late 7 – What happens: a fine for late skates of £15.",)


FERRIES = """| Vehicle | One way | Return | Longest |
|---|---|---|---|
| Motorcycle | £12 | £20 | 3 m |
| Van | £40 | £70 | 7 m |"""


def test_a_row_that_is_asked_for_twice_is_told_once_with_all_of_its_cells() -> None:
    """Not one of its cells, and below it the same row with all of them."""
    asked = "What is it for a van one way? And where would a van have to stop?"
    units = [unit for one in _selected(asked, FERRIES) for unit in one.units]
    assert units == ["Van – One way: £40; Return: £70; Longest: 7 m."]


def test_cells_are_compared_whole_and_within_one_source() -> None:
    """A 5 is no part of a 50, and a row of another article is not quoted as this one's."""
    five, fifty = (_row("a", f"Van – Metres: {one}.") for one in ("5", "50; Doors: 2"))
    elsewhere = _row("b", "Van – Metres: 5; Doors: 4.")
    assert whole_rows([five], [five, fifty, elsewhere]) == [five]
    fuller = _row("a", "Van – Metres: 5; Doors: 4.")
    assert whole_rows([five], [five, fuller]) == [fuller]


def _row(evidence: str, unit: str) -> Selection:
    return Selection("table", evidence, "", (unit,))
