"""Words of Britain and America meet, for the search and for what is compared afterwards."""

import pytest

from graph.text.words import content_words
from memory.knowledge.coverage import asked_for, covered

PAIRS = [
    ("encyclopedias", "An encyclopaedia"),
    ("colors", "a grey colour"),
    ("the organization", "organisations"),
    ("canceled at the center", "cancelling in two centres"),
    ("tire license catalog", "tyres, licences, catalogues"),
]


@pytest.mark.parametrize(("asked", "told"), PAIRS)
def test_either_spelling_finds_the_other(asked: str, told: str) -> None:
    """Both ways round, whatever their ending."""
    assert covered(asked_for(asked), told) == 1
    assert set(content_words(asked)) <= set(content_words(told))


def test_short_words_stay_as_they_are() -> None:
    """An hour, a tour and four keep their letters; two words that differ do so afterwards."""
    said = "hour tour four our letter later sense since number timber"
    assert len(set(content_words(said))) == len(content_words(said)) == len(said.split()) - 1
