"""`evals calibrate-default`: fit the confidence model that ships.

Each source is measured twice: whole, and with a part of its articles withheld, so that some
questions have no answer. Every source weighs the same. Features are judged by leaving out one
source at a time: what is reported is how a model does on a help centre it has not seen.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from evals import thresholds
from evals.base import keep, open_base, read_base
from evals.cases import Case, judge
from evals.datasets import DataError, read_questions
from evals.metrics import SEED, auroc, ece
from graph.minds.local.assessor import MODEL, LocalAssessor
from graph.minds.local.logistic import Logistic, fit_logistic

LICENCES = {
    "wixqa": "MIT",
    "mtrag_un": "Apache-2.0",
    "orsharc": "CC BY-SA 3.0",
}
"""Sources whose licence permits shipping what was fitted on them, and that are like a help centre:
articles that say what they are about."""
WITHHELD = 0.4
"""Share of the articles that are left out the second time."""
MOST_QUESTIONS = 250
"""Questions taken of one source: more of one kind teach nothing about another."""
STRENGTH = 0.01
"""The inverse of the penalty: strong, since a help centre is not like the next one."""
UNFITTED = Logistic((), (), (), (), 0.0)
"""Stands in while the features are gathered."""
STATED_ERRORS = (0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3)
"""Errors for which a default threshold is stored."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("calibrate-default")(calibrate_default)


def calibrate_default(
    data: Annotated[Path, typer.Option(help="A folder with one folder a source.")],
    out: Annotated[Path, typer.Option(help="Where the model goes.")] = MODEL,
    cache: Annotated[Path, typer.Option(help="Where the exported encoder is kept.")] = Path(
        ".cache"
    ),
) -> None:
    """Fit the shipped confidence model on the sources whose licence permits it."""
    sources = {name: asyncio.run(_cases(data / name, cache)) for name in LICENCES}
    held_out = {name: _without(name, sources) for name in sources}
    for name, cases in held_out.items():
        print(f"{name}: {_figures(cases)}")
    model = _fit(sources, about(sources, held_out))
    model.save(out)


async def _cases(folder: Path, cache: Path) -> list[Case]:
    drafts, skipped = read_base([folder / "kb.jsonl"])
    asked = read_questions([folder / "questions.jsonl"])
    draw = random.Random(SEED)  # noqa: S311 - a sample, no secret
    taken = draw.sample(asked, min(MOST_QUESTIONS, len(asked)))
    kept = draw.sample(drafts, round(len(drafts) * (1 - WITHHELD)))
    assessor = LocalAssessor(UNFITTED)
    async with open_base(drafts, skipped, cache) as base:
        found = await judge(base, assessor, taken)
        found += await judge(await keep(base, kept), assessor, taken)
    return [case for case in found if case.features]


def _fit(sources: Mapping[str, Sequence[Case]], described: dict[str, Any]) -> Logistic:
    cases = [case for one in sources.values() for case in one]
    if not cases:
        msg = "no cases to fit on"
        raise DataError(msg)
    weights = [1 / len(one) for one in sources.values() for _ in one]
    return fit_logistic(
        [_row(case) for case in cases],
        [int(case.correct) for case in cases],
        strength=STRENGTH,
        weights=np.array(weights) * len(cases) / len(sources),
        about=described,
    )


def _row(case: Case) -> dict[str, float]:
    return {name: value for name, value in case.features.items() if name != "confidence"}


def _without(name: str, sources: Mapping[str, Sequence[Case]]) -> list[Case]:
    """The cases of one source, judged by a model of the others."""
    model = _fit({other: cases for other, cases in sources.items() if other != name}, {})
    return [
        Case(case.qid, model.probability(_row(case)), case.answerable, case.correct)
        for case in sources[name]
    ]


def about(
    sources: Mapping[str, Sequence[Case]], held_out: Mapping[str, Sequence[Case]]
) -> dict[str, Any]:
    """What the model stands on: sources, licences, cases, figures on unseen sources, date."""
    pooled = [case for cases in held_out.values() for case in cases]
    chosen = {str(error): thresholds.choose(pooled, error) for error in STATED_ERRORS}
    return {
        "sources": {
            name: {"licence": LICENCES[name], "n": len(cases), "unseen": _figures(held_out[name])}
            for name, cases in sources.items()
        },
        "n": len(pooled),
        "date": datetime.now(UTC).date().isoformat(),
        "thresholds": {error: round(one.threshold, 4) for error, one in chosen.items()},
    }


def _figures(cases: Sequence[Case]) -> dict[str, float | None]:
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
