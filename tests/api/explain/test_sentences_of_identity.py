"""The journal's rows about codes and about replies that had left, in words."""

import pytest

from api.explain.sentences import sentence
from memory.journal import codec
from memory.tables import JournalRow

TOLD = [
    (("identity", "code", "customer", "verified"), "with a code, and it was the right one"),
    (("identity", "code", "customer", "wrong"), "with a code, and it was not the right one"),
    (("identity", "code", "customer", "expired"), "with a code, and it came too late"),
    (("decision", "finish", "failure", "already sent"), "the reply had left already"),
]


@pytest.mark.parametrize(("row", "words"), TOLD)
def test_is_told_in_words(row: tuple[str, str, str, str], words: str) -> None:
    """No code of ours stands in a story."""
    kind, name, cause, outcome = row
    found = JournalRow(
        ticket_id="t",
        tenant="acme",
        turn=1,
        epoch=1,
        seq=1,
        kind=kind,
        name=name,
        cause=cause,
        outcome=outcome,
    )
    assert words in sentence(codec.event(found))
