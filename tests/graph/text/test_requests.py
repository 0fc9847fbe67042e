"""What a sentence wants."""

from __future__ import annotations

import pytest

from graph.text.requests import asks_a_way


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Can I get that invoice again with another address?", True),
        ("How do I return order A1?", True),
        ("Is there a way to split A1 in two parcels?", True),
        ("Where is A1?", False),
        ("How can I see whether A1 is paid?", False),
        ("How do I track A1?", False),
        ("Has A1 been paid?", False),
        ("status of A1", False),
    ],
)
def test_a_way_is_not_a_state(text: str, wanted: bool) -> None:
    """A record tells how a thing stands, and not what can be done about it."""
    assert asks_a_way(text) is wanted
