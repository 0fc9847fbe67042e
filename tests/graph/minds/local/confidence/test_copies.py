"""The lead of the best article over the next one that says something else."""

import pytest

from graph.minds.local.confidence.assessor import search_features
from graph.state import Evidence
from tests.graph.found import evidence_of

SAID = "Stop the kiln, open its lid, wait for an hour and sweep the floor of the oven."


def _telling(name: str, text: str, telling: float) -> Evidence:
    return evidence_of(name, text, score=telling, features={"telling": telling})


def _lead(second: str) -> float:
    best, other = _telling("a", SAID, 0.9), _telling("c", "Kilns are sold in pairs.", 0.6)
    return search_features([best, _telling("b", second, 0.85), other])["lead"]


def test_a_copy_of_the_passage_is_no_rival() -> None:
    """Help centres keep the same article twice, with a sentence more."""
    assert _lead(SAID + " Then rest.") == pytest.approx(0.3)


@pytest.mark.parametrize(
    "second",
    [
        SAID.replace("kiln", "forge"),
        SAID.replace("an hour", "four hours"),
        SAID.replace("open its lid", "never open its lid"),
    ],
)
def test_what_says_another_thing_in_its_place_is_a_rival(second: str) -> None:
    """Of another product, with another figure, or what denies it: from one pattern, and not the same."""
    assert _lead(second) == pytest.approx(0.05)
