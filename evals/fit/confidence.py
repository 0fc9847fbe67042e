"""`evals calibrate-default`: fit the confidence model that ships.

Each source is measured twice: whole, and with a part of its articles withheld, so that some
questions have no answer. Every source weighs the same. Features are judged by leaving out one
source at a time: what is reported is how a model, and a threshold, do on a help centre they have not
seen. The default thresholds are chosen on the whole sources, since there the share of questions
without an answer is as people asked, and on predictions of models that did not see the question.
"""

import asyncio
import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from evals.figures.base import keep, open_base, read_base
from evals.figures.datasets import DataError, read_questions
from evals.figures.metrics import SEED, auroc, ece
from evals.figures.options import CACHE, Cache
from evals.measures.cases import AnswerCase, judge
from graph import thresholds
from graph.minds.local.confidence.assessor import FEATURES, MODEL, LocalAssessor
from graph.minds.local.logistic import Logistic, fit_logistic
from memory.encoder.encoder import RememberingEncoder

LICENCES = {
    "wixqa": "MIT",
    "mtrag_un": "Apache-2.0",
    "orsharc": "CC BY-SA 3.0",
}
"""Sources whose licence permits shipping what was fitted on them, and that are like a help centre:
articles that say what they are about."""
WITHHELD = 0.3
"""Share of the articles that are left out the second time."""
MOST_QUESTIONS = 250
"""Questions taken of one source: more of one kind teach nothing about another."""
STRENGTH = 0.03
"""The inverse of the penalty: strong, since a help centre is not like the next one."""
UNFITTED = Logistic((), (), (), (), 0.0)
"""Stands in while the features are gathered."""
STATED_ERRORS = (0.02, 0.05, 0.08, 0.1, 0.15, 0.2, 0.3)
"""Errors for which a default threshold is stored."""
REPORTED_ERROR = 0.1
"""The stated error for which a threshold is tried on a source that was left out."""
FOLDS = 5


def calibrate_default(
    data: Annotated[Path, typer.Option(help="A folder with one folder a source.")],
    out: Annotated[Path, typer.Option(help="Where the model goes.")] = MODEL,
    cache: Cache = CACHE,
) -> None:
    """Fit the shipped confidence model on the sources whose licence permits it.

    Some minutes on two idle cores: each article is encoded once and each question asked twice.
    """
    sources = {}
    for name in LICENCES:
        started = time.perf_counter()
        sources[name] = asyncio.run(measure(data / name, cache))
        print(f"{name}: {len(sources[name].every)} cases, {time.perf_counter() - started:.0f} s")
    fit(sources).save(out)


@dataclass(frozen=True)
class Measured:
    """The cases of one source."""

    whole: list[AnswerCase]
    withheld: list[AnswerCase] = field(default_factory=list)

    @property
    def every(self) -> list[AnswerCase]:
        """For fitting."""
        return self.whole + self.withheld


def fit(sources: Mapping[str, Measured]) -> Logistic:
    """The model of all sources, with what it stands on; prints how each fares when left out."""
    unseen = {name: _unseen(name, sources) for name in sources}
    for name, figures in unseen.items():
        print(f"{name}: {figures}")
    return _fit(sources, about(sources, unseen))


async def measure(folder: Path, cache: Path) -> Measured:
    """The cases of one source, whole and with articles withheld."""
    drafts, skipped = read_base([folder / "kb.jsonl"])
    asked = read_questions([folder / "questions.jsonl"])
    draw = random.Random(SEED)  # noqa: S311 - a sample, no secret
    taken = draw.sample(asked, min(MOST_QUESTIONS, len(asked)))
    kept = draw.sample(drafts, round(len(drafts) * (1 - WITHHELD)))
    async with open_base(drafts, skipped, cache) as base:
        # As in production: the sentences of an article recur in many answers.
        assessor = LocalAssessor(RememberingEncoder(base.encoder), UNFITTED)
        whole = await judge(base, assessor, taken)
        withheld = await judge(await keep(base, kept), assessor, taken)
    return Measured([c for c in whole if _judged(c)], [c for c in withheld if _judged(c)])


def _judged(case: AnswerCase) -> bool:
    """Whether something was found, and something could be told of it."""
    return set(FEATURES) <= set(case.features)


def _fit(sources: Mapping[str, Measured], described: dict[str, Any]) -> Logistic:
    cases = [case for one in sources.values() for case in one.every]
    if not cases:
        raise DataError("no cases to fit on")
    weights = [1 / len(one.every) for one in sources.values() for _ in one.every]
    return fit_logistic(
        [_row(case) for case in cases],
        [int(case.correct) for case in cases],
        strength=STRENGTH,
        weights=np.array(weights) * len(cases) / len(sources),
        about=described,
    )


def _row(case: AnswerCase) -> dict[str, float]:
    return {name: value for name, value in case.features.items() if name != "confidence"}


def _unseen(name: str, sources: Mapping[str, Measured]) -> dict[str, float | None]:
    """How a model and a threshold of the other sources do on this one."""
    others = {other: found for other, found in sources.items() if other != name}
    model = _fit(others, {})
    cases = [judged(model, case) for case in sources[name].whole]
    limit = thresholds.choose(_cross_fitted(others), REPORTED_ERROR).threshold
    sent = [case.correct for case in cases if case.confidence >= limit]
    return _figures(cases) | {
        "stated_error": REPORTED_ERROR,
        "error": round(1 - sum(sent) / len(sent), 3) if sent else None,
        "coverage": round(len(sent) / len(cases), 3),
    }


def _cross_fitted(sources: Mapping[str, Measured]) -> list[AnswerCase]:
    """The cases of the whole sources, each judged by a model that did not see it."""
    fold = {case.qid: index % FOLDS for s in sources.values() for index, case in enumerate(s.whole)}
    found: list[AnswerCase] = []
    for one in range(FOLDS):
        rest = {
            name: Measured([case for case in s.every if fold.get(case.qid) != one])
            for name, s in sources.items()
        }
        model = _fit(rest, {})
        found += [
            judged(model, case)
            for s in sources.values()
            for case in s.whole
            if fold[case.qid] == one
        ]
    return found


def judged(model: Logistic, case: AnswerCase) -> AnswerCase:
    """The case with what `model` says of it."""
    return replace(case, confidence=model.probability(_row(case)))


def about(
    sources: Mapping[str, Measured], unseen: Mapping[str, dict[str, float | None]]
) -> dict[str, Any]:
    """What the model stands on: sources, licences, cases, figures on unseen sources, date."""
    cases = _cross_fitted(sources)
    return {
        "sources": {
            name: {"licence": LICENCES[name], "n": len(found.every), "unseen": unseen[name]}
            for name, found in sources.items()
        },
        "n": len(cases),
        "date": datetime.now(UTC).date().isoformat(),
        "thresholds": [_rounded(thresholds.choose(cases, error)) for error in STATED_ERRORS],
    }


def _rounded(threshold: thresholds.Threshold) -> dict[str, Any]:
    return {
        name: round(value, 4) if isinstance(value, float) else value
        for name, value in asdict(threshold).items()
        if value != ""
    }


def _figures(cases: Sequence[AnswerCase]) -> dict[str, float | None]:
    values = [case.confidence for case in cases]
    metrics = {
        "auroc": auroc(values, [case.answerable for case in cases]),
        "auroc_correct": auroc(values, [case.correct for case in cases]),
        "ece": ece(values, [case.correct for case in cases]),
    }
    return {
        name: None if metric.value is None else round(metric.value, 3)
        for name, metric in metrics.items()
    }
