"""Thresholds by conformal risk control, and by recalibrated confidence."""

import random
from dataclasses import replace
from pathlib import Path
from statistics import mean

import pytest

from evals.figures import calibration_file
from evals.figures.datasets import DataError
from evals.measures.cases import AnswerCase
from graph import thresholds


def _case(confidence: float, correct: bool) -> AnswerCase:
    return AnswerCase("q", confidence, correct, correct)


def _drawn(n: int, seed: int) -> list[AnswerCase]:
    """Cases whose confidence is their probability of being right."""
    draw = random.Random(seed)  # noqa: S311 - a sample, no secret
    values = [draw.betavariate(3, 1) for _ in range(n)]
    return [_case(value, draw.random() < value) for value in values]


def test_the_lowest_threshold_within_the_error_is_taken() -> None:
    """Of 40 right answers and then wrong ones, the 40 are delivered."""
    cases = [_case(0.9 - n / 1000, correct=True) for n in range(40)]
    cases += [_case(0.3, correct=False)] * 10
    chosen = thresholds.choose(cases, 0.05)
    assert chosen.sufficient
    assert chosen.delivered == 40
    assert chosen.threshold == pytest.approx(0.861)
    assert chosen.coverage == pytest.approx(0.8)


def test_too_few_cases_deliver_nothing_and_say_so() -> None:
    """Eighteen right answers cannot show 5 %; nineteen can."""
    few = thresholds.choose([_case(0.9, correct=True)] * 18, 0.05)
    assert not few.sufficient
    assert few.threshold == thresholds.NEVER
    assert "too few" in few.note
    assert "19" in few.note
    assert thresholds.choose([_case(0.9, correct=True)] * 19, 0.05).sufficient


def test_no_cases_at_all() -> None:
    """Nothing to choose on is not a threshold of zero."""
    assert thresholds.choose([], 0.05).threshold == thresholds.NEVER


def test_equal_confidences_are_taken_together() -> None:
    """A threshold cannot cut between cases of one confidence."""
    cases = [_case(0.9, correct=True)] * 30 + [_case(0.8, correct=False), _case(0.8, correct=True)]
    assert thresholds.choose(cases, 0.05).delivered == 30


def test_the_error_holds_on_new_cases() -> None:
    """Chosen on 300 cases, the stated 10 % holds on average over fresh ones."""
    errors = []
    for seed in range(40):
        chosen = thresholds.choose(_drawn(300, seed), 0.1)
        fresh = [one for one in _drawn(2000, 1000 + seed) if one.confidence >= chosen.threshold]
        errors.append(mean(not one.correct for one in fresh))
    assert mean(errors) < 0.115


def test_a_tenants_few_questions_make_a_threshold_that_errs_less() -> None:
    """On 100 cases with overrated confidences it answers in nearly each draw, and keeps the stated 10 %."""
    errors, answered = [], 0
    for seed in range(20):
        own = [_overrated(one) for one in _drawn(100, seed)]
        chosen = thresholds.calibrated(own, 0.1)
        fresh = [_overrated(one) for one in _drawn(1000, 1000 + seed)]
        sent = [one for one in fresh if one.confidence >= chosen.threshold]
        answered += bool(sent)
        errors += [mean(not one.correct for one in sent)] if sent else []
    assert answered >= 18
    assert mean(errors) < 0.11


def _overrated(case: AnswerCase) -> AnswerCase:
    return replace(case, confidence=case.confidence**0.5)


@pytest.mark.parametrize("confidence", [0.0, 0.5, 1.0])
def test_a_calibration_bears_cases_that_are_all_alike(confidence: float) -> None:
    """All right, all wrong, or none at all; too few cases deliver nothing here as well."""
    right, wrong = _case(confidence, correct=True), _case(confidence, correct=False)
    assert thresholds.calibrated([wrong] * 40, 0.05).threshold == thresholds.NEVER
    assert thresholds.calibrated([right] * 200, 0.2).threshold == confidence
    assert thresholds.calibrated([right] * 18, 0.05).threshold == thresholds.NEVER
    assert thresholds.calibrated([], 0.05).threshold == thresholds.NEVER


def test_a_threshold_survives_its_file(tmp_path: Path) -> None:
    """What is saved is what is read; anything else is a clear error."""
    chosen = thresholds.choose([_case(0.9, correct=True)] * 30, 0.05)
    calibration_file.save(chosen, tmp_path / "c.json")
    assert calibration_file.load(tmp_path / "c.json") == chosen
    (tmp_path / "bad.json").write_text('{"threshold": 0.5}')
    with pytest.raises(DataError, match=r"bad\.json"):
        calibration_file.load(tmp_path / "bad.json")
