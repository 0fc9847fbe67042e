"""What the page shows of a run, ready to be written down."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from markupsafe import Markup

from evals.figures.metrics import NOTHING, Metric
from evals.harness.comparing import Difference, compared
from evals.harness.gate import Verdict, judged, read_rules
from evals.harness.page.charts import reliability_chart, risk_chart
from evals.harness.page.curves import Bin, Matrix, Point, confusion, reliability, risk_coverage
from evals.harness.results import CaseResult, Run
from evals.harness.suites import SUITES

WORST = 12
"""Cases shown of each suite."""
MISSES = 30
"""Rows of the table of what was not found."""
HEADLINE = (
    ("journey.ended", "of accepted tickets ended"),
    ("answer.coverage", "answered without a person"),
    ("answer.error", "of what was sent is wrong"),
    ("retrieval.hit_at_1", "right article found first"),
    ("safety.powerless", "of attacks were powerless"),
    ("cost.cost_per_ticket", "cost of a ticket"),
)
"""What somebody in a hurry should see; those without a suite in the run are left out."""
ENDS = {"delivered": "answer", "clarifying": "clarify", "with_person": "person"}
"""Outcomes by the names that labels have for them."""
MONEY = frozenset({"cost.cost_per_ticket"})


@dataclass(frozen=True)
class Headline:
    """One large figure."""

    metric: str
    words: str
    value: str
    interval: str
    change: Difference | None


@dataclass(frozen=True)
class SuiteView:
    """One suite's table and its worst cases."""

    name: str
    about: str
    metrics: dict[str, Metric]
    notes: list[str]
    seconds: float
    wrong: int
    total: int
    worst: list[CaseResult]


@dataclass(frozen=True)
class View:
    """The page."""

    run: Run
    before: Run | None
    headlines: list[Headline]
    verdicts: list[Verdict]
    differences: list[Difference]
    curve: list[Point]
    risk: Markup
    bins: list[Bin]
    reliable: Markup
    intents: Matrix
    ends: Matrix
    misses: list[CaseResult]
    suites: list[SuiteView]


def view_of(run: Run, before: Run | None) -> View:
    """Everything the page shows; parts whose suite was not run are empty."""
    differences = [] if before is None else compared(before, run)
    answers, old = _decided(run), [] if before is None else _decided(before)
    curve = risk_coverage(answers)
    bins = reliability(
        [one.measures["confidence"] for one in answers],
        [one.measures["correct"] > 0 for one in answers],
    )
    return View(
        run=run,
        before=before,
        headlines=_headlines(run, differences),
        verdicts=judged(run, before, read_rules(), tuple(run.suites)),
        differences=differences,
        curve=curve,
        risk=risk_chart(curve, risk_coverage(old), _sent(run), _value(run, "answer.stated_error")),
        bins=bins,
        reliable=reliability_chart(bins),
        intents=confusion(_cases(run, "intent")),
        ends=confusion([replace(one, got=ENDS[one.got]) for one in _cases(run, "answer")]),
        misses=[one for one in _cases(run, "retrieval") if not one.right][:MISSES],
        suites=[_suite(run, name) for name in run.suites],
    )


def json_of(view: View) -> dict[str, Any]:
    """The same as the page, as data."""
    return {
        "created": view.run.created,
        "revision": view.run.revision,
        "command": view.run.command,
        "metrics": {name: asdict(one) for name, one in view.run.metrics().items()},
        "gate": [asdict(one) for one in view.verdicts],
        "change": [asdict(one) for one in view.differences],
        "risk_coverage": [asdict(one) for one in view.curve],
        "reliability": [asdict(one) for one in view.bins],
        "confusion": {"intent": asdict(view.intents), "outcome": asdict(view.ends)},
        "worst": {one.name: [asdict(case) for case in one.worst] for one in view.suites},
    }


def _worst_first(cases: Sequence[CaseResult]) -> list[CaseResult]:
    """Wrong cases, those that could do harm first, then the surest of themselves."""
    wrong = [one for one in cases if not one.right]
    return sorted(wrong, key=_harm, reverse=True)[:WORST]


def _harm(one: CaseResult) -> tuple[float, float]:
    measures = one.measures
    harm = (
        2 * measures.get("forbidden_sent", 0)
        + measures.get("wrong_sent", measures.get("delivered_without_gold", 0))
        + (one.error is not None)
    )
    return harm, measures.get("confidence", measures.get("probability", 0))


def _cases(run: Run, suite: str) -> list[CaseResult]:
    found = run.suites.get(suite)
    return [] if found is None else [one for one in found.cases if one.error is None]


def _decided(run: Run) -> list[CaseResult]:
    """Tickets on which the confidence decided."""
    return [one for one in _cases(run, "answer") if one.measures["decided"]]


def _sent(run: Run) -> tuple[float, float] | None:
    coverage, error = _value(run, "answer.coverage"), _value(run, "answer.error")
    return None if coverage is None or error is None else (coverage, error)


def _value(run: Run, metric: str) -> float | None:
    return run.metrics().get(metric, NOTHING).value


def _headlines(run: Run, differences: Sequence[Difference]) -> list[Headline]:
    metrics, changes = run.metrics(), {one.metric: one for one in differences}
    return [
        Headline(name, words, *_figure(name, metrics[name]), changes.get(name))
        for name, words in HEADLINE
        if name in metrics
    ]


def _figure(name: str, metric: Metric) -> tuple[str, str]:
    if metric.value is None:
        return "no data", f"n={metric.n}"
    form = "{:.4g}" if name in MONEY else "{:.0%}"
    if metric.low is None or metric.high is None:
        return form.format(metric.value), f"n={metric.n}"
    return (
        form.format(metric.value),
        f"{form.format(metric.low)} to {form.format(metric.high)}, n={metric.n}",
    )


def _suite(run: Run, name: str) -> SuiteView:
    found = run.suites[name]
    return SuiteView(
        name=name,
        about=SUITES[name].about if name in SUITES else "",
        metrics=found.metrics,
        notes=found.notes,
        seconds=found.seconds,
        wrong=sum(not one.right for one in found.cases),
        total=len(found.cases),
        worst=_worst_first(found.cases),
    )
