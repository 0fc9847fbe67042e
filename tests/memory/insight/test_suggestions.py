"""What became of drafts that waited for a person's leave."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from memory.insight.cells import Cells, Facts, counted
from memory.insight.figures import Suggestions, Sums, suggestions
from memory.insight.lives import Life
from memory.insight.suggestions import End, Suggested


def one(kind: str | None, *, reason: str = "suggest_only", **more: Any) -> Suggested:
    """A handoff of a mail about orders."""
    decision = None if kind is None else {"kind": kind, **more}
    return Suggested("mail", "orders", reason, decision)


def by_part(found: Sequence[Suggested]) -> list[Suggestions]:
    """What is told of these, each of a ticket of its own."""
    cells: Cells = Counter()
    for one in found:
        life = Life("t", None, datetime(2026, 1, 5, tzinfo=UTC), ())
        cells.update(counted(Facts(life, suggested=[one])))
    return suggestions(Sums(cells, {}, None))


@pytest.mark.parametrize(
    ("found", "end"),
    [
        (one(None), End.WAITING),
        (one("merge"), End.WAITING),
        (one("approve"), End.AS_IS),
        (one("reply", difference={"likeness": 1.0}), End.AS_IS),
        (one("reply", difference={"likeness": 0.7}), End.EDITED),
        (one("reply", difference={"likeness": 0.2}), End.THROWN_AWAY),
        (one("reply", difference={"likeness": None}), End.THROWN_AWAY),
        (one("reply"), End.THROWN_AWAY),
        (one("close"), End.THROWN_AWAY),
        (one("return"), End.THROWN_AWAY),
    ],
)
def test_each_decision_says_what_became_of_the_draft(found: Suggested, end: End) -> None:
    """The words that were sent tell an edit from another reply."""
    assert found.end is end


def test_shares_are_of_what_people_have_decided() -> None:
    """All of it first, then each channel and intent; other handoffs are what auto leaves to people."""
    found = [
        one("approve"),
        one("approve"),
        one("close"),
        one(None),
        one("reply", reason="serious"),
    ]
    whole, mail = by_part([*found, Suggested("api", "", "serious", None)])
    assert (whole.channel, whole.drafts, whole.waiting) == ("", 4, 1)
    assert (mail.as_is.hits, mail.as_is.n, mail.thrown_away.hits) == (2, 3, 1)
    assert (mail.auto_sends.hits, mail.auto_sends.n, whole.auto_sends.n) == (4, 5, 6)
    assert mail.as_is.low is not None
    assert mail.as_is.value is not None
    assert mail.as_is.low < mail.as_is.value


def test_nothing_is_told_where_nothing_was_held_back() -> None:
    """A desk on auto sees no empty table."""
    assert by_part([one("reply", reason="serious")]) == []
