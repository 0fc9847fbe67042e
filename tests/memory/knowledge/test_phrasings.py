"""Known questions that a query may mean."""

import pytest

from memory.encoder.encoder import HashEncoder
from memory.knowledge.phrasings import NEAREST, Phrasings, bridged

ENCODER = HashEncoder()


def test_the_nearest_count_most_and_together_as_one() -> None:
    """Weights fall with the distance and add up to one, however many are near."""
    texts = [f"reset my password now{' please' * n}" for n in range(NEAREST + 2)]
    meant = Phrasings(ENCODER, [*texts, texts[0]]).meant(ENCODER.encode([texts[0]])[0])
    weights = [one.weight for one in meant]
    assert len(weights) == NEAREST
    assert weights == sorted(weights, reverse=True)
    assert sum(weights) == pytest.approx(1)


def test_nothing_near_means_nothing() -> None:
    """A query far from all of them is left alone."""
    phrasings = Phrasings(ENCODER, ["reset my password"])
    assert phrasings.meant(ENCODER.encode(["badgers sleep underground"])[0]) == []


def test_a_passage_that_one_look_missed_is_no_nearer_than_its_last() -> None:
    """Each look counts by its weight."""
    found = bridged([(0.75, {"a": 0.8, "b": 0.4}), (0.25, {"a": 0.6})])
    assert found == pytest.approx({"a": 0.75, "b": 0.45})
    assert bridged([]) == {}
