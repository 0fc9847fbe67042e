"""`evals gate`: rules that a run keeps or breaks, each with its words.

Three kinds. Bounds hold whatever was before. Kept figures are compared with the baseline. And the
decision to answer must be worth more than both systems that decide nothing: the one that answers
everything and the one that hands everything to people.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from evals.figures.datasets import DataError
from evals.figures.metrics import NOTHING, Metric
from evals.harness.comparing import Difference, compared
from evals.harness.direction import gain
from evals.harness.results import Run

RULES = Path(__file__).with_name("rules.yaml")
NET_VALUE, ALWAYS_ANSWER = "answer.net_value", "answer.always_answer_value"


class Bound(BaseModel):
    """Where a figure must lie."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    metric: str
    at_least: float | None = None
    at_most: float | None = None
    because: str = ""


class Kept(BaseModel):
    """A figure that may not get worse than the baseline's."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    metric: str
    slack: float = 0.0
    """A loss up to this is let pass even where it is certain."""


class Rules(BaseModel):
    """What a file of rules holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    bounds: tuple[Bound, ...] = ()
    kept: tuple[Kept, ...] = ()

    def of(self, suites: Sequence[str]) -> Rules:
        """Those about these suites only."""
        return Rules(
            bounds=tuple(one for one in self.bounds if one.metric.split(".")[0] in suites),
            kept=tuple(one for one in self.kept if one.metric.split(".")[0] in suites),
        )


@dataclass(frozen=True)
class Verdict:
    """One rule and whether the run keeps it."""

    rule: str
    passed: bool
    words: str
    """What was found, with the numbers."""


def read_rules(path: Path | None = None) -> Rules:
    """The rules of a file, the shipped ones without. Raises `DataError`."""
    file = path or RULES
    try:
        return Rules.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise DataError(f"{file}: no rules ({error})") from error


def judged(run: Run, baseline: Run | None, rules: Rules, only: Sequence[str] = ()) -> list[Verdict]:
    """Every rule on this run. Without a baseline nothing is compared: for making the first one.

    `only` leaves the rules about other suites out.
    """
    wanted = rules.of(only) if only else rules
    found = [*_complete(run, only), *(_bound(run, one) for one in wanted.bounds)]
    if not only or "answer" in only:
        found += _extremes(run)
    if baseline is not None:
        found += _against(run, baseline, wanted, only)
    return found


def _complete(run: Run, only: Sequence[str]) -> Iterator[Verdict]:
    for name in (one for one in only if one not in run.suites):
        yield Verdict(f"{name} complete", passed=False, words=f"{name} was not run: no data.")
    if not run.suites:
        yield Verdict("complete", passed=False, words="The run has no suite: nothing is known.")
    for name, suite in run.suites.items():
        failed = len(suite.errors)
        words = f"{name}: {len(suite.cases)} results, {failed} cases could not be run."
        yield Verdict(f"{name} complete", bool(suite.cases) and not failed, words)


def _bound(run: Run, rule: Bound) -> Verdict:
    found = run.metrics().get(rule.metric, NOTHING)
    name, because = f"bound {rule.metric}", f" ({rule.because})" if rule.because else ""
    if found.value is None:
        return Verdict(name, passed=False, words=f"{rule.metric} has no data{because}.")
    low = rule.at_least is None or found.value >= rule.at_least
    high = rule.at_most is None or found.value <= rule.at_most
    limits = [
        *(() if rule.at_least is None else (f"at least {rule.at_least:g}",)),
        *(() if rule.at_most is None else (f"at most {rule.at_most:g}",)),
    ]
    said = f"{rule.metric} is {figure(found)}; it must be {' and '.join(limits)}{because}."
    return Verdict(name, low and high, said)


def _extremes(run: Run) -> list[Verdict]:
    metrics = run.metrics()
    value = metrics.get(NET_VALUE, NOTHING).value
    answering = metrics.get(ALWAYS_ANSWER, NOTHING).value
    if value is None or answering is None:
        words = "What the decision to answer is worth has no data."
        return [Verdict("better than always answering", passed=False, words=words)]
    worth = f"Deciding is worth {value:+.3f} a ticket"
    return [
        Verdict(
            "better than always answering",
            value > answering,
            f"{worth}; answering every one from its best evidence {answering:+.3f}.",
        ),
        Verdict(
            "better than always handing off",
            value > 0,
            f"{worth}; handing every one to a person is worth 0.",
        ),
    ]


def _against(run: Run, baseline: Run, rules: Rules, only: Sequence[str]) -> Iterator[Verdict]:
    wanted = [name for name in baseline.suites if not only or name in only]
    for name in wanted:
        missing = [
            metric
            for metric, before in baseline.suites[name].metrics.items()
            if before.value is not None and _value(run, f"{name}.{metric}") is None
        ]
        words = f"{name}: every figure of the baseline has data."
        if missing:
            words = f"{name}: no data for {', '.join(missing)}, which the baseline has."
        yield Verdict(f"{name} has data", not missing, words)
    changes = {one.metric: one for one in compared(baseline, run)}
    for rule in rules.kept:
        if rule.metric.split(".")[0] in wanted:
            yield _kept(rule, changes.get(rule.metric))


def _value(run: Run, metric: str) -> float | None:
    return run.metrics().get(metric, NOTHING).value


def _kept(rule: Kept, found: Difference | None) -> Verdict:
    name = f"kept {rule.metric}"
    if found is None or found.change is None:
        return Verdict(name, passed=False, words=f"{rule.metric} has no data to compare.")
    lost = -gain(rule.metric, found.change)
    passed = not (found.verdict == "worse" and lost > rule.slack)
    span = (
        ""
        if found.low is None or found.high is None
        else f" ({found.low:+.3f} to {found.high:+.3f})"
    )
    words = (
        f"{rule.metric} went from {found.before:.3f} to {found.after:.3f}, "
        f"{found.change:+.3f}{span}: {found.verdict}, slack {rule.slack:g}."
    )
    return Verdict(name, passed, words)


def figure(metric: Metric) -> str:
    """A figure with its interval and n, in words."""
    if metric.value is None:
        return "no data"
    if metric.low is None or metric.high is None:
        return f"{metric.value:.3f} (n={metric.n})"
    return f"{metric.value:.3f} ({metric.low:.3f} to {metric.high:.3f}, n={metric.n})"
