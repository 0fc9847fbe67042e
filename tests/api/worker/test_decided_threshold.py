"""A threshold from people's decisions."""

from typing import Any

import pytest

from api.worker.decided_threshold import LEAST_DECISIONS, Decided, cases, fitted
from memory.tables import Handoff


def _handoff(
    decision: dict[str, Any] | None, *confidences: float, suggested: bool = True
) -> Handoff:
    story = {
        "assessments": [{"confidence": one} for one in confidences],
        "suggestion": {"text": "Press save."} if suggested else None,
    }
    return Handoff(
        id="h",
        ticket_id="t",
        tenant="acme",
        turn=1,
        reason="low_confidence",
        explanation="",
        story=story,
        decision=decision,
    )


@pytest.mark.parametrize(
    ("decision", "correct"),
    [
        ({"kind": "approve"}, True),
        ({"kind": "reply", "difference": {"likeness": 0.99}}, True),
        ({"kind": "reply", "difference": {"likeness": 0.3}}, False),
        ({"kind": "reply"}, False),
    ],
)
def test_a_decision_labels_the_suggestion(decision: dict[str, Any], *, correct: bool) -> None:
    """Sent as it was, or nearly, it was right; the least sure ask counts."""
    assert cases([_handoff(decision, 0.6, 0.4)]) == [Decided(0.4, correct)]


@pytest.mark.parametrize("decision", [None, {"kind": "return"}, {"kind": "close"}])
def test_what_judges_no_suggestion_is_no_case(decision: dict[str, Any] | None) -> None:
    """Given back, closed, undecided: nobody said whether it was right."""
    assert cases([_handoff(decision, 0.6)]) == []
    assert cases([_handoff({"kind": "approve"}, 0.6, suggested=False)]) == []


def test_right_suggestions_lower_the_threshold() -> None:
    """As far down as they were right often enough."""
    right = [Decided(0.7 - index / 1000, correct=True) for index in range(60)]
    wrong = [Decided(0.5 - index / 1000, correct=False) for index in range(20)]
    found = fitted(right + wrong, 0.05, 0.8)
    assert found.sufficient
    assert 0.49 < found.threshold <= right[-1].confidence


@pytest.mark.parametrize(
    "given",
    [
        [Decided(0.7, correct=True)] * (LEAST_DECISIONS - 1),
        [Decided(0.7, correct=False)] * LEAST_DECISIONS,
        [Decided(0.9, correct=True)] * LEAST_DECISIONS,
    ],
    ids=["too few", "wrong", "none below the threshold"],
)
def test_nothing_is_changed_without_reason(given: list[Decided]) -> None:
    """The current threshold stays."""
    found = fitted(given, 0.05, 0.8)
    assert not found.sufficient
    assert found.threshold == 0.8
