"""What a run leaves: every case with its numbers, every figure with its interval."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from evals.figures.datasets import DataError
from evals.figures.metrics import Metric

SCHEMA = 1
"""Of run.json; a run of another schema cannot be compared."""
RUN_FILE = "run.json"
FIGURE_FACTS = frozenset({"best", "dataset", "limit"})
"""Facts that figures are computed from; the others are for people."""
DIGITS = 5
"""Kept of a case's numbers in a baseline."""


@dataclass(frozen=True)
class CaseResult:
    """What became of one case in one repetition."""

    id: str
    text: str = ""
    """What was asked; empty in a baseline."""
    wanted: str = ""
    got: str = ""
    right: bool = False
    measures: dict[str, float] = field(default_factory=dict)
    """Numbers of this case. Those that are 0 or 1 average to rates."""
    trace: list[str] = field(default_factory=list)
    """The story in sentences."""
    error: str | None = None
    """Why the case could not be run. It is in no figure, and the gate fails."""
    epoch: int = 1
    ticket_id: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    """What the suite's figures need besides the numbers: plain data."""


@dataclass(frozen=True)
class SuiteResult:
    """One suite's part of a run."""

    suite: str
    metrics: dict[str, Metric]
    cases: list[CaseResult]
    seconds: float = 0.0
    notes: list[str] = field(default_factory=list)
    inputs: dict[str, Any] = field(default_factory=dict)
    log: str | None = None
    """The log of the eval framework, relative to the run's folder."""

    @property
    def errors(self) -> list[CaseResult]:
        """Cases that could not be run."""
        return [one for one in self.cases if one.error is not None]


@dataclass(frozen=True)
class Run:
    """A run of one suite or several."""

    created: str
    """UTC, ISO 8601."""
    command: list[str]
    suites: dict[str, SuiteResult]
    revision: str = ""
    """The commit that was measured, empty if it is not known."""

    def metrics(self) -> dict[str, Metric]:
        """Every figure by `suite.name`."""
        return {
            f"{name}.{metric}": value
            for name, suite in self.suites.items()
            for metric, value in suite.metrics.items()
        }


Figures = Callable[[Sequence[CaseResult]], dict[str, Metric]]


def save(run: Run, path: Path) -> None:
    """Write a run as JSON; the figures stand first, as in every report."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(as_json(run), indent=1, ensure_ascii=False) + "\n", "utf-8")


def as_json(run: Run) -> dict[str, Any]:
    """{"command", "inputs", "metrics", "notes"} as the fixed commands write it, and the rest."""
    return {
        "schema": SCHEMA,
        "created": run.created,
        "revision": run.revision,
        "command": run.command,
        "inputs": {name: suite.inputs for name, suite in run.suites.items()},
        "metrics": {name: asdict(metric) for name, metric in run.metrics().items()},
        "notes": [f"{s.suite}: {note}" for s in run.suites.values() for note in s.notes],
        "suites": {name: asdict(suite) for name, suite in run.suites.items()},
    }


def load(path: Path) -> Run:
    """Read what `save` wrote; a folder stands for its run.json. Raises `DataError`."""
    file = path / RUN_FILE if path.is_dir() else path
    try:
        body = json.loads(file.read_text(encoding="utf-8"))
        if body["schema"] != SCHEMA:
            msg = f"{file}: schema {body['schema']}, this version reads {SCHEMA}: run it again"
            raise DataError(msg)
        suites = {name: _suite(one) for name, one in body["suites"].items()}
        return Run(body["created"], body["command"], suites, body["revision"])
    except FileNotFoundError as error:
        msg = f"{file}: there is no run: make one with `python -m evals run all --out {file}`"
        raise DataError(msg) from error
    except (OSError, ValueError, TypeError, KeyError) as error:
        msg = f"{file}: no run that `evals run` wrote ({type(error).__name__}: {error})"
        raise DataError(msg) from error


def _suite(body: Mapping[str, Any]) -> SuiteResult:
    parts = dict(body)
    parts["metrics"] = {name: Metric(**one) for name, one in body["metrics"].items()}
    parts["cases"] = [CaseResult(**one) for one in body["cases"]]
    return SuiteResult(**parts)


def condensed(run: Run) -> Run:
    """The run as a baseline keeps it: what its figures are made of, no texts and no traces."""
    return Run(
        run.created,
        run.command,
        {name: _condensed(suite) for name, suite in run.suites.items()},
        run.revision,
    )


def _condensed(suite: SuiteResult) -> SuiteResult:
    return SuiteResult(
        suite.suite,
        {name: _rounded(metric) for name, metric in suite.metrics.items()},
        [_numbers_of(one) for one in suite.cases],
        round(suite.seconds, 1),
    )


def _numbers_of(one: CaseResult) -> CaseResult:
    facts = {name: value for name, value in one.facts.items() if name in FIGURE_FACTS}
    return CaseResult(
        id=one.id,
        wanted=one.wanted if facts else "",
        right=one.right,
        error=one.error,
        epoch=one.epoch,
        measures={name: round(value, DIGITS) for name, value in one.measures.items()},
        facts=facts,
    )


def save_baseline(run: Run, path: Path) -> None:
    """Write a condensed run, a line for each case, without what is empty."""
    suites = [_suite_lines(name, suite) for name, suite in condensed(run).suites.items()]
    head = {"schema": SCHEMA, "created": run.created, "command": run.command}
    start = json.dumps({**head, "revision": run.revision}, ensure_ascii=False)[:-1]
    body = ",\n".join(suites)
    path.write_text(f'{start}, "suites": {{\n{body}\n}}}}\n', "utf-8")


def _suite_lines(name: str, suite: SuiteResult) -> str:
    metrics = {key: asdict(metric) for key, metric in suite.metrics.items()}
    start = json.dumps({"suite": name, "seconds": suite.seconds, "metrics": metrics})[:-1]
    plain = CaseResult("")
    lines = [
        json.dumps(
            {key: value for key, value in asdict(one).items() if value != getattr(plain, key)},
            ensure_ascii=False,
        )
        for one in suite.cases
    ]
    joined = ",\n".join(lines)
    return f'{json.dumps(name)}: {start}, "cases": [\n{joined}]}}'


def _rounded(metric: Metric) -> Metric:
    value, low, high = (
        None if one is None else round(one, DIGITS)
        for one in (metric.value, metric.low, metric.high)
    )
    return Metric(value, low, high, metric.n)


def numbers(cases: Iterable[CaseResult], name: str) -> list[float]:
    """One measure of every case that has it, in order."""
    return [one.measures[name] for one in cases if name in one.measures]


def flags(cases: Iterable[CaseResult], name: str) -> list[bool]:
    """The same of a measure that is 1 or 0."""
    return [value > 0 for value in numbers(cases, name)]
