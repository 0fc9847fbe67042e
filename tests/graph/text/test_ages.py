"""An age in an ask, and the sentences that hold for it."""

import pytest

from graph.text.ages import ages, holds_for


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("I'm 68, do I get it cheaper?", [68]),
        ("Two kids aged 4 and 9 and a 15-year-old", [4, 9, 15]),
        ("My nephew (11) wants to come", [11]),
        ("We are 12 people for 3 nights at 20 euros", []),
        ("The deposit is 20 euros", []),
    ],
)
def test_ages_are_those_of_people(text: str, found: list[int]) -> None:
    """Counts of people, sums and nights are none."""
    assert ages(text) == found


@pytest.mark.parametrize(
    ("sentence", "age", "holds"),
    [
        ("Children under 6 travel free.", 5, True),
        ("Children under 6 travel free.", 6, False),
        ("People over 60 pay half.", 71, True),
        ("Guests from 6 to 14 pay half.", 9, True),
        ("Adults of 18 and over need a pass.", 30, True),
        ("People may stay for over 60 days.", 71, False),
        ("It is sold for under 6 pounds.", 5, False),
        ("Under 12s", 11, True),
        ("Over 65s", 30, False),
    ],
)
def test_a_sentence_holds_for_some_ages(sentence: str, age: int, holds: bool) -> None:
    """A bound of days or of money bounds nobody's age."""
    assert holds_for(sentence, age) is holds
