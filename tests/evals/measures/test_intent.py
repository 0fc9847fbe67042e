"""The figures of `evals intent` on small cases."""

from __future__ import annotations

import pytest

from evals.harness.results import CaseResult
from evals.harness.suites.intent import figures, result
from evals.measures.intent import Labelled, fit, judge
from graph.state import Classification, IntentGuess
from memory.encoder.encoder import HashEncoder


def _judged(intent: str, best: str, inside: float) -> CaseResult:
    decided = best if inside > 0.5 else None
    ranked: list[IntentGuess] = [{"name": best, "confidence": inside}]
    said: Classification = {
        "intent": decided,
        "confidence": inside,
        "threshold": 0.5,
        "ranked": ranked,
    }
    return result("id", "text", intent, said, 1.0)


def test_scores_texts_with_and_without_an_intent() -> None:
    """Accuracy looks at texts with an intent, the rest at telling them from the others."""
    found = figures([_judged("a", "a", 0.9), _judged("b", "a", 0.8), _judged("oos", "a", 0.1)])
    assert found["accuracy"].value == pytest.approx(0.5)
    assert found["oos_auroc"].value == 1.0
    assert found["oos_recall_at_5"].value == 1.0
    assert found["inscope_accuracy_at_oos_recall_70"].value == pytest.approx(0.5)


def test_without_foreign_texts_their_figures_are_none() -> None:
    """A metric without data is None and not zero."""
    found = figures([_judged("a", "a", 0.9), _judged("b", "b", 0.8)])
    assert found["oos_auroc"].value is None
    assert found["oos_recall_at_5"].value is None


def test_an_intent_without_training_rows_counts_as_foreign() -> None:
    """What no training row names is out of scope."""
    rows = [Labelled("reset password", "login"), Labelled("new password", "login")]
    rows += [Labelled("refund money", "refund"), Labelled("money back", "refund")]
    classifier = fit(HashEncoder(), rows, None, ())
    judged = judge(classifier, [Labelled("reset password", "login"), Labelled("rain", "weather")])
    assert [one.wanted for one in judged] == ["login", "oos"]
