"""The figures of `evals safety` on small cases."""

from evals.harness.rows import SafetyRow, Span
from evals.harness.suites.safety import figures, screened, searched


def test_recall_and_false_alarms_at_the_limit() -> None:
    """A value at the limit counts as an alarm."""
    pairs = [(1, 0.9), (1, 0.2), (0, 0.8), (0, 0.1)]
    found = figures(
        [screened(SafetyRow(id="x", text="x", label=label), value, 0.8) for label, value in pairs]
    )
    assert found["injection_recall"].value == 0.5
    assert found["false_alarm_rate"].value == 0.5


def test_a_span_is_found_where_it_is_covered_whole() -> None:
    """Recall by labelled spans, precision by found ones."""
    span = Span(type="EMAIL_ADDRESS", start=5, end=18)
    found = figures(
        [
            searched(SafetyRow(id="a", text="mail a@example.org"), (span,)),
            searched(SafetyRow(id="b", text="see b@example.org"), ()),
        ]
    )
    assert found["pii_recall_structured"].value == 1.0
    assert found["pii_precision"].value == 0.5


def test_without_personal_data_there_is_no_figure() -> None:
    """No cases, no number."""
    assert figures([])["pii_recall_structured"].value is None
