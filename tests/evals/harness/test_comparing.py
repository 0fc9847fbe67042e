"""Differences between runs, paired and not."""

import pytest

from evals.figures.metrics import wilson
from evals.harness.comparing import Difference, compared
from evals.harness.results import CaseResult, Run, SuiteResult
from evals.harness.suites import SUITES

CASES = 60


def _run(right: int, first: int = 0) -> Run:
    """A grounding run in which the first `right` of the cases are judged well."""
    cases = [
        CaseResult(
            id=f"c{first + n}",
            measures={
                "probability": 0.9 if (n < right) == bool(n % 2) else 0.1,
                "supported": float(n % 2),
            },
            facts={"dataset": "own", "limit": 0.5},
        )
        for n in range(CASES)
    ]
    metrics = SUITES["grounding"].figures(cases)
    suite = SuiteResult("grounding", metrics, cases)
    return Run("2026-01-01T00:00:00+00:00", [], {"grounding": suite})


def _of(found: list[Difference], name: str) -> Difference:
    return next(one for one in found if one.metric == name)


def test_the_same_run_shows_no_difference() -> None:
    """Paired with itself every change is zero, and so is its interval."""
    found = compared(_run(50), _run(50))
    assert all(one.change == 0 and one.low == 0 == one.high for one in found)
    assert {one.verdict for one in found} == {"no difference shown"}


def test_a_paired_difference_is_shown() -> None:
    """Twenty more of sixty cases judged well cannot be chance, and better is named by direction."""
    found = compared(_run(30), _run(50))
    gained = _of(found, "grounding.balanced_accuracy")
    assert gained.method == "paired"
    assert gained.change == pytest.approx(1 / 3, abs=0.01)
    assert gained.verdict == "better"
    assert _of(found, "grounding.ece").verdict == "better", "a smaller error is better"
    assert _of(compared(_run(50), _run(30)), "grounding.auroc").verdict == "worse"


def test_other_cases_are_not_paired() -> None:
    """Without common cases the two intervals are combined."""
    found = _of(compared(_run(30), _run(50, first=1000)), "grounding.balanced_accuracy")
    assert found.method == "unpaired"
    assert found.low is not None
    assert found.low < 1 / 3


def test_unpaired_agrees_with_the_published_example() -> None:
    """56/70 against 48/80 differ by 0.2 with the interval 0.0524 to 0.3339 (Newcombe 1998)."""
    runs = [
        Run("x", [], {"mine": SuiteResult("mine", {"rate": metric}, [])})
        for metric in (wilson(48, 80), wilson(56, 70))
    ]
    (found,) = compared(*runs)
    assert [found.low, found.high] == pytest.approx([0.0524, 0.3339], abs=1e-4)
