"""The figures of `evals intent` on small cases."""

import pytest

from evals.figures.metrics import NOTHING, exact
from evals.harness.results import CaseResult
from evals.harness.suites.intent import figures, result
from evals.measures.intent import Draw, Given, Labelled, averaged, choose, drawn, fit, judge, plain
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


ROWS = [Labelled(f"{name} {place}", name) for name in ("login", "refund") for place in range(10)]


def test_texts_that_repeat_and_intents_of_one_text_are_fitted() -> None:
    """Collected data are not written as a desk's file is: nothing of them is refused."""
    rows = [
        *[Labelled(text, "shipping") for text in ("Where is it?", "where is it?", "Is it late?")],
        Labelled("Cancel it", "cancelling"),
    ]
    chosen = choose(rows, None)
    assert {one.name: len(one.examples) for one in chosen} == {"shipping": 3, "cancelling": 2}
    fitted = fit(HashEncoder(), rows, None, [])
    assert fitted.decide("Cancel it")["ranked"][0]["name"] == "cancelling"


def test_a_draw_leaves_texts_and_intents_out_of_the_fit() -> None:
    """What is judged is never fitted, and an intent that is left out is only judged."""
    rows, cases = drawn(Given(ROWS, None, []), Draw(None, 0.3, 0.5, 0))
    assert len(cases) == 6
    assert not set(rows) & set(cases)
    assert len({row.intent for row in rows}) == 1
    assert drawn(Given(ROWS, None, []), Draw(None, 0.3, 0.5, 1)) != (rows, cases)


def test_plain_regression_judges_the_texts_with_a_known_intent() -> None:
    """On the same examples as the classifier of production."""
    found = plain(HashEncoder(), choose(ROWS, None), [*ROWS, Labelled("rain", "weather")])
    assert (found.value, found.n) == (1.0, 20)


def test_draws_are_averaged_where_they_have_a_figure() -> None:
    """A figure that no draw has stays without a value."""
    found = averaged([{"a": exact(0.5, 3), "b": NOTHING}, {"a": exact(1.0, 3), "b": NOTHING}])
    assert found["a"].value == pytest.approx(0.75)
    assert found["b"].value is None
