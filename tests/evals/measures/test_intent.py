"""The figures of `evals intent` on small cases."""

from __future__ import annotations

import pytest

from evals.measures.intent import Judged, Labelled, fit, judge, score
from memory.encoder.encoder import HashEncoder


def _judged(intent: str | None, best: str, inside: float) -> Judged:
    return Judged(intent, best, inside, best if inside > 0.5 else None, inside)


def test_scores_texts_with_and_without_an_intent() -> None:
    """Accuracy looks at texts with an intent, the rest at telling them from the others."""
    found = score([_judged("a", "a", 0.9), _judged("b", "a", 0.8), _judged(None, "a", 0.1)])
    assert found["accuracy"].value == pytest.approx(0.5)
    assert found["oos_auroc"].value == 1.0
    assert found["oos_recall_at_5"].value == 1.0
    assert found["inscope_accuracy_at_oos_recall_70"].value == pytest.approx(0.5)


def test_without_foreign_texts_their_figures_are_none() -> None:
    """A metric without data is None and not zero."""
    found = score([_judged("a", "a", 0.9), _judged("b", "b", 0.8)])
    assert found["oos_auroc"].value is None
    assert found["oos_recall_at_5"].value is None


def test_an_intent_without_training_rows_counts_as_foreign() -> None:
    """What no training row names is out of scope."""
    rows = [Labelled("reset password", "login"), Labelled("new password", "login")]
    rows += [Labelled("refund money", "refund"), Labelled("money back", "refund")]
    classifier = fit(HashEncoder(), rows, None, ())
    judged, _ = judge(
        classifier, [Labelled("reset password", "login"), Labelled("rain", "weather")]
    )
    assert [one.intent for one in judged] == ["login", None]
