"""What is sent to which place of death, and when a place has passed."""

from dataclasses import replace

import pytest

from evals.chaos.crash_matrix import (
    ANSWERED,
    HANDED_OFF,
    End,
    Result,
    as_expected,
    markdown,
    texts_for,
)
from evals.stack.crash_points import places
from evals.stack.stack import StackFailed

WELL = Result("before plan", deaths=5, tickets=5, equal=5, drives=12, seconds=4.0, faults=[])


@pytest.mark.parametrize("place", places())
def test_each_place_gets_as_many_tickets_as_it_shall_see_deaths(place: str) -> None:
    """Each ticket comes by the place, so that each death is one at that place."""
    texts = texts_for(place, 5)
    assert len(texts) == 5
    assert set(texts) <= {ANSWERED, HANDED_OFF}


def test_a_place_that_both_kinds_come_by_sees_both() -> None:
    """A draft is only written for an answer; a notice is only sent with a handoff."""
    assert set(texts_for("before plan", 5)) == {ANSWERED, HANDED_OFF}
    assert set(texts_for("after draft", 5)) == {ANSWERED}
    assert set(texts_for("made notify", 5)) == {HANDED_OFF}


def test_a_place_without_its_deaths_has_not_passed() -> None:
    """A kill that never came proves nothing."""
    assert WELL.passed
    assert not replace(WELL, deaths=4).passed
    assert not replace(WELL, equal=4).passed
    assert not replace(WELL, faults=["a gap"]).passed


def test_the_table_for_a_document_names_what_is_wrong() -> None:
    """One line a place, with the fault where there is one."""
    text = markdown([WELL, replace(WELL, place="settled", faults=["sent twice"])])
    assert "| before plan | 5 | 5 | 5 | 12 | 4.0 | ok |" in text
    assert "FAILED: sent twice" in text


def test_what_nobody_disturbed_has_ended_before_anything_is_compared_with_it() -> None:
    """A machine that stood still left one waiting, and every ticket that ended looked wrong."""
    ended: dict[str, End] = {ANSWERED: ("settled", "delivered", (("reply", 1),))}
    assert as_expected(ended) == ended
    with pytest.raises(StackFailed, match="have not ended"):
        as_expected({**ended, HANDED_OFF: ("waiting", "with_person", (("notice", 1),))})
