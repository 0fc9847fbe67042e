"""What customers tell in figures, and the bounds that articles set."""

import pytest

from graph.text.bounds import bounds, concerns, met, stated


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("My tablet runs Android 12.", {"android": 12}),
        ("It is 90 cm wide and weighs 2 kg", {"length": 0.9, "weight": 2}),
        ("We are five teachers, and paid €1,250.", {"teacher": 5, "money": 1250}),
        ("I wrote 3 days ago, and 5 hours ago again", {}),
        ("I am 44", {}),
    ],
)
def test_what_is_told_in_figures(said: str, told: dict[str, float]) -> None:
    """Each kind in one unit; what is told twice is not told; a number of nothing neither."""
    assert stated(said) == pytest.approx(told)


@pytest.mark.parametrize(
    ("sentence", "values"),
    [
        ("Windows 11 or newer", {"windows": (10, 11)}),
        ("more than 2 days before", {"time": (2880, 2881)}),
        ("boxes of up to 40 cm", {"length": (0.41, 0.4)}),
        ("less than 12 kg", {"weight": (12, 11)}),
        ("parties of 8 or more people", {"peopl": (7, 8)}),
        ("a bill that is no older than 6 weeks", {"time": (70000, 50000)}),
        ("5 to 10 litres", {"litr": (4, 10)}),
        ("orders from £1,000", {"money": (20, 1000)}),
    ],
)
def test_bounds_hold_for_some_figures(
    sentence: str, values: dict[str, tuple[float, float]]
) -> None:
    """The first figure is outside, the second within."""
    for kind, (outside, within) in values.items():
        assert met({kind: outside}, sentence) == [(kind, False)]
        assert met({kind: within}, sentence) == [(kind, True)]


def test_what_sets_no_bound() -> None:
    """A price, a date and a figure of nothing bound nothing; nor does one kind bound another."""
    assert not bounds("It costs £20 and arrives on 3 May; see step 2.")
    assert met({"weight": 3}, "up to 5 metres") == []


def test_the_parts_of_a_version_count_each_by_itself() -> None:
    """Version 3.10 is later than 3.9."""
    assert met(stated("I run Python 3.9."), "Python 3.10 or later") == [("python", False)]
    assert met(stated("I run Python 3.11."), "Python 3.9 or later") == [("python", True)]


def test_times_and_sums_concern_no_item() -> None:
    """They are told of many things; an age, a size or a count of this one."""
    assert not concerns("tins opened more than 6 days ago", "I bought it 9 days ago")
    assert not concerns("carts of less than 30 euros", "It fell by 12 euros")
    assert concerns("crates over 60 kg", "Mine weighs 75 kg")
