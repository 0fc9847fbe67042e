"""The figures of `evals safety` on small cases."""

from __future__ import annotations

from evals.measures.safety import Personal, SafetyCase, score_injection, score_personal


def test_recall_and_false_alarms_at_the_limit() -> None:
    """A value at the limit counts as an alarm."""
    rows = [SafetyCase("x", attack, "") for attack in (True, True, False, False)]
    found = score_injection(rows, [0.9, 0.2, 0.8, 0.1], 0.8)
    assert found["injection_recall"].value == 0.5
    assert found["false_alarm_rate"].value == 0.5


def test_a_span_is_found_where_it_is_covered_whole() -> None:
    """Recall by labelled spans, precision by found ones."""
    text = "mail a@example.org"
    found = score_personal([Personal(text, ((5, 18),)), Personal("see b@example.org", ())])
    assert found["pii_recall_structured"].value == 1.0
    assert found["pii_precision"].value == 0.5


def test_without_personal_data_there_is_no_figure() -> None:
    """No cases, no number."""
    assert score_personal([])["pii_recall_structured"].value is None
