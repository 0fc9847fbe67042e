"""The gate on systems that were really run."""

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import pytest
from typing_extensions import override

from evals.figures.datasets import DataError
from evals.figures.metrics import NOTHING
from evals.harness.gate import Rules, judged, read_rules
from evals.harness.results import Run, condensed, load, save
from graph.minds.contract import Confidence
from graph.state import Ask, StepResult
from tests.evals.harness.conftest import Always, Measured, Wise

ANSWER = ("answer",)


def _broken(run: Run, baseline: Run | None = None, rules: Rules | None = None) -> set[str]:
    found = judged(run, baseline, rules or read_rules(), ANSWER)
    return {one.rule for one in found if not one.passed}


def test_a_system_that_decides_well_passes(measure: Measured) -> None:
    """It answers the three that have an article and hands the three others off."""
    run = measure(Wise())
    metrics = run.suites["answer"].metrics
    assert metrics["coverage"].value == 0.5
    assert metrics["error"].value == 0.0
    assert metrics["auroc"].value == 1.0
    assert not _broken(run)
    assert not _broken(run, condensed(run))


def test_a_system_that_always_answers_fails(measure: Measured) -> None:
    """Everything is sent, half of it wrongly: three rules say so, whatever the baseline was."""
    run = measure(Always(1.0))
    assert run.suites["answer"].metrics["coverage"].value == 1.0
    broken = _broken(run)
    assert "better than always answering" in broken
    assert "bound answer.error" in broken
    assert "bound answer.unanswerable_delivered" in broken


def test_a_system_that_always_hands_off_fails(measure: Measured) -> None:
    """Nothing is sent, so its error has no data, and it is worth no more than no system."""
    run = measure(Always(0.0))
    assert run.suites["answer"].metrics["coverage"].value == 0.0
    broken = _broken(run)
    assert "better than always handing off" in broken
    assert "bound answer.coverage" in broken
    assert "bound answer.error" in broken, "no data is no pass"


def test_becoming_worse_than_the_baseline_fails(measure: Measured) -> None:
    """The same cases, decided by one who answers all: the paired difference shows the loss."""
    before = measure(Wise())
    after = measure(Always(1.0))
    assert "kept answer.net_value" in _broken(after, condensed(before))


def test_a_figure_that_lost_its_data_fails(measure: Measured) -> None:
    """The baseline had an AUROC; a run that cannot tell one is not as good."""
    before = measure(Wise())
    suite = before.suites["answer"]
    lost = dataclasses.replace(suite, metrics={**suite.metrics, "auroc": NOTHING})
    after = dataclasses.replace(before, suites={"answer": lost})
    assert "answer has data" in _broken(after, before)


def test_a_case_that_could_not_be_run_fails(measure: Measured) -> None:
    """A mind that raises is no figure; it is told, and the gate stays shut."""

    class Broken(Wise):
        @override
        async def confidence(self, ask: Ask, results: Sequence[StepResult]) -> Confidence:
            raise MemoryError

    run = measure(Broken())
    handed = run.suites["answer"].metrics["coverage"].value
    assert handed == 0.0, "a mind that fails for good ends in a handoff, not in an answer"
    first, *rest = run.suites["answer"].cases
    failed = dataclasses.replace(first, error="RuntimeError")
    suite = dataclasses.replace(run.suites["answer"], cases=[failed, *rest])
    assert "answer complete" in _broken(dataclasses.replace(run, suites={"answer": suite}))


def test_an_empty_run_fails(tmp_path: Path) -> None:
    """Nothing measured is nothing known."""
    run = Run("2026-01-01T00:00:00+00:00", [], {})
    assert any(not one.passed for one in judged(run, None, read_rules()))


def test_a_suite_that_was_not_run_fails() -> None:
    """Whoever asks for the rules of a suite asks for its data."""
    found = judged(Run("2026-01-01", [], {}), None, Rules(), ("intent",))
    assert next(one.rule for one in found if not one.passed) == "intent complete"


def test_a_run_survives_its_file(measure: Measured, tmp_path: Path) -> None:
    """What is read back is what was written, figures and cases."""
    run = measure(Wise())
    save(run, tmp_path / "kept.json")
    assert load(tmp_path / "kept.json") == run
    assert not condensed(run).suites["answer"].cases[0].text


def test_a_file_that_is_no_run_is_named(tmp_path: Path) -> None:
    """The error says which file, and that `evals run` writes such files."""
    (tmp_path / "x.json").write_text("{}")
    with pytest.raises(DataError, match=r"x\.json: no run"):
        load(tmp_path / "x.json")
