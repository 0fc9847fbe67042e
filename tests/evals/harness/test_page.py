"""The report: one page that needs nothing else, and says what the run found."""

import json
import re
from pathlib import Path

from evals.harness.page import write_page
from evals.harness.page.curves import confusion, reliability, risk_coverage
from evals.harness.results import CaseResult, Run, SuiteResult
from evals.harness.suites import SUITES

HOSTILE = "<script>alert('x')</script> & \"quotes\""


def _case(number: int) -> CaseResult:
    sure, right, delivered = number / 10, number % 3 != 0, number > 6
    return CaseResult(
        id=f"c{number}",
        text=HOSTILE,
        wanted="answer",
        got="delivered" if delivered else "with_person",
        right=delivered and right,
        measures={
            "as_labelled": float(delivered and right),
            "confidence": sure,
            "decided": 1.0,
            "answerable": 1.0,
            "correct": float(right),
            "delivered": float(delivered),
            "handed_off": float(not delivered),
            "right_sent": float(delivered and right),
            "wrong_sent": float(delivered and not right),
            "forbidden_sent": 0.0,
            "net_value": 0.0,
            "seconds": 0.1,
        },
        trace=["The ticket was accepted.", f"It said {HOSTILE}."],
        facts={"reason": None, "cited": ["a"], "sources": ["b"], "limit": 0.05},
    )


def _run(*numbers: int) -> Run:
    cases = [_case(number) for number in numbers]
    suite = SuiteResult("answer", SUITES["answer"].figures(cases), cases, notes=["few cases"])
    return Run("2026-01-01T00:00:00+00:00", ["python"], {"answer": suite}, "abc1234")


def test_the_page_needs_nothing_from_elsewhere(tmp_path: Path) -> None:
    """No address, no script, no style sheet, no picture but those inside."""
    write_page(_run(*range(1, 11)), _run(*range(1, 11)), tmp_path / "r.html")
    page = (tmp_path / "r.html").read_text()
    assert not re.search(r"https?://|<script|<link|src=|url\(|@import", page)
    assert page.count("<svg") == 2
    assert "prefers-color-scheme: dark" in page


def test_texts_are_escaped(tmp_path: Path) -> None:
    """What a customer wrote is shown, never run."""
    write_page(_run(*range(1, 11)), None, tmp_path / "r.html")
    page = (tmp_path / "r.html").read_text()
    assert "&lt;script&gt;alert(" in page
    assert "<script" not in page


def test_the_same_stands_in_json(tmp_path: Path) -> None:
    """Figures, rules, changes, curves and the worst cases with their traces."""
    write_page(_run(*range(1, 11)), _run(*range(1, 11)), tmp_path / "r.html")
    body = json.loads((tmp_path / "r.json").read_text())
    assert body["metrics"]["answer.coverage"]["n"] == 10
    assert body["risk_coverage"][-1]["coverage"] == 1.0
    assert len(body["reliability"]) == 10
    assert body["change"]
    first = body["worst"]["answer"][0]
    assert first["id"] == "c9", "sent, and wrong: it comes first"
    assert first["trace"]


def test_a_run_of_nothing_makes_a_page(tmp_path: Path) -> None:
    """Parts without data are left out; nothing breaks."""
    empty = SuiteResult("grounding", SUITES["grounding"].figures([]), [])
    write_page(Run("2026-01-01", [], {"grounding": empty}), None, tmp_path / "r.html")
    assert "no data" in (tmp_path / "r.html").read_text()


def test_risk_coverage_takes_ties_together() -> None:
    """Cases of one confidence cannot be told apart by a threshold: they are one point."""
    cases = [
        CaseResult(id=str(n), measures={"confidence": value, "correct": right})
        for n, (value, right) in enumerate([(0.9, 1.0), (0.5, 0.0), (0.5, 1.0), (0.1, 0.0)])
    ]
    points = [(one.coverage, round(one.error, 3)) for one in risk_coverage(cases)]
    assert points == [(0.25, 0.0), (0.75, 0.333), (1.0, 0.5)]


def test_reliability_counts_every_case_once() -> None:
    """Also those at the very ends; a bin without cases has no data."""
    bins = reliability([0.0, 0.95, 1.0], [False, True, True])
    assert sum(one.observed.n for one in bins) == 3
    assert bins[4].observed.value is None
    assert bins[9].observed.value == 1.0


def test_confusion_has_every_name_once() -> None:
    """Names that were only labels, and names that were only answers."""
    cases = [CaseResult("1", wanted="a", got="b"), CaseResult("2", wanted="a", got="a")]
    found = confusion(cases)
    assert sorted(found.names) == ["a", "b"]
    assert found.counts[found.names.index("a")][found.names.index("b")] == 1
