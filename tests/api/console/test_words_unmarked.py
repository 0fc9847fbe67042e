"""Markdown shown as plain text."""

import pytest

from api.console.parts.words import unmarked

MARKED = [
    ("Press **Save** and *wait*", "Press Save and wait"),
    ("run `make` twice", "run make twice"),
    ("## Plans\n__Team__", "Plans\nTeam"),
    ("2*3*4", "2*3*4"),
    ("a__b__c", "a__b__c"),
    ("* one\n* two", "* one\n* two"),
    ("**open", "**open"),
]


@pytest.mark.parametrize(("text", "expected"), MARKED)
def test_marks_are_left_out_and_nothing_else(text: str, expected: str) -> None:
    """Characters within a word, points of a list and open marks stay."""
    assert unmarked(text) == expected
