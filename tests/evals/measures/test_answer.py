"""The figures of `evals answer` on small cases."""

from evals.measures.answer import splits
from evals.measures.cases import AnswerCase


def _case(confidence: float, *, right: bool) -> AnswerCase:
    return AnswerCase("q", confidence, answerable=True, correct=right)


def test_a_tenants_calibration_is_measured_on_the_questions_it_did_not_see() -> None:
    """Half of the questions are wrong and unsure: none of them is sent, and all others are."""
    cases = [_case(0.9 if at % 2 else 0.1, right=bool(at % 2)) for at in range(200)]
    found = splits(cases, 100, 0.05)
    assert found["tenant_error"].value == 0.0
    assert found["tenant_answers_nothing"].value == 0.0
    assert 0.4 < (found["tenant_coverage"].value or 0) < 0.6


def test_too_few_questions_make_no_figure() -> None:
    """A metric without data is None and not zero."""
    found = splits([_case(0.9, right=True)], 100, 0.05)
    assert found["tenant_coverage"].value is None
    assert found["tenant_error"].value is None
