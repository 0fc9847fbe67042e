"""`evals answer`: is a question answered or handed on, and how often wrongly?"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from evals.figures import calibration_file
from evals.figures.base import Base, open_base, read_base
from evals.figures.datasets import Question, read_questions
from evals.figures.metrics import (
    NOTHING,
    SEED,
    Metric,
    auroc,
    ece,
    exact,
    mean,
    percentile,
    precision_at,
    proportion,
)
from evals.figures.options import CACHE, Articles, Cache, Paths, Questions, Report
from evals.figures.report import describe, write_report
from evals.measures.cases import AnswerCase, approve, judge
from graph.minds.local.confidence.assessor import (
    LocalAssessor,
    default_threshold,
    model_version,
)
from graph.thresholds import Threshold, calibrated
from memory.encoder.encoder import RememberingEncoder
from memory.knowledge.calibrations import articles_digest
from memory.knowledge.chunking import content_hash

SPLITS = 100
"""Draws of the questions that a tenant calibrates on."""
MaxError = Annotated[
    float, typer.Option(min=0.001, max=0.999, help="Share of sent answers that may be wrong.")
]


def answer(  # noqa: PLR0917 - a command's options
    kb: Articles,
    questions: Questions,
    out: Report,
    calibration: Annotated[
        Path | None, typer.Option(help="What `calibrate` wrote; the default threshold without.")
    ] = None,
    max_error: MaxError = 0.05,
    tenant: Annotated[
        int, typer.Option(min=20, help="Questions a tenant calibrates on, in the tenant_ figures.")
    ] = 100,
    approved: Annotated[
        float,
        typer.Option(min=0, max=0.9, help="Share of the questions that people answered before."),
    ] = 0.0,
    cache: Cache = CACHE,
) -> None:
    """Measure confidence, and the error and coverage of answering above the threshold.

    With --approved the rest is asked after people have sent drafts from the right articles to some. The tenant_ figures are means of 100 splits: calibrated on some of the questions, measured on the rest.
    """
    chosen = default_threshold(max_error)
    if calibration is not None:
        chosen = calibration_file.load(calibration)
        max_error = chosen.max_error
    cases, of = asyncio.run(measured(kb, questions, cache, approved))
    notes = [chosen.note, *_misfit(chosen, of), *of.skipped]
    inputs = {
        "kb": [describe(path) for path in kb],
        "questions": [describe(path) for path in questions],
        "calibration": None if calibration is None else describe(calibration),
        "threshold": chosen.threshold,
        "approved": approved,
    }
    metrics = score(cases, chosen.threshold, max_error) | splits(cases, tenant, max_error)
    write_report(out, inputs=inputs, metrics=metrics, notes=notes)


@dataclass(frozen=True)
class MeasuredWith:
    """What cases were measured with: a threshold chosen on them holds for this."""

    encoder: str
    model: str
    kb_digest: str
    skipped: list[str]
    """Articles that could not be read, and why."""


async def measured(
    kb: Paths, questions: Paths, cache: Path, approved: float = 0.0
) -> tuple[list[AnswerCase], MeasuredWith]:
    """The cases of pooled files; without those that people answered before, a share of them."""
    drafts, skipped = read_base(kb)
    asked = read_questions(questions)
    async with open_base(drafts, skipped, cache) as base:
        if approved:
            asked = await _some_answered(base, asked, approved)
        # As in production: the sentences of an article recur in many answers.
        cases = await judge(base, LocalAssessor(RememberingEncoder(base.encoder)), asked)
        return cases, MeasuredWith(
            base.encoder.revision,
            model_version(),
            articles_digest((one.doc_id, content_hash(one.title, one.text)) for one in drafts),
            [f"skipped {one.source}: {one.why}" for one in skipped],
        )


async def _some_answered(base: Base, asked: list[Question], share: float) -> list[Question]:
    order = np.random.default_rng(SEED).permutation(len(asked))
    known, rest = np.split(order, [round(len(asked) * share)])
    answerable = [asked[one] for one in known if asked[one].is_answerable(base.doc_ids)]
    await approve(base, answerable)
    return [asked[one] for one in sorted(rest)]


def _misfit(chosen: Threshold, of: MeasuredWith) -> list[str]:
    """Where a threshold was chosen with another encoder or model, whose numbers differ."""
    if chosen.model and (chosen.encoder, chosen.model) != (of.encoder, of.model):
        return ["The calibration was made with another encoder or model: calibrate again."]
    return []


def splits(cases: Sequence[AnswerCase], size: int, max_error: float) -> dict[str, Metric]:
    """Coverage and error on the rest after calibrating on `size` cases, and how often nothing is answered."""
    random = np.random.default_rng(SEED)
    coverage, error, nothing = [], [], []
    for _ in range(SPLITS if len(cases) > size else 0):
        mixed = [cases[place] for place in random.permutation(len(cases))]
        limit = calibrated(mixed[:size], max_error).threshold
        sent = [not case.correct for case in mixed[size:] if case.confidence >= limit]
        coverage.append(len(sent) / (len(cases) - size))
        nothing.append(not sent)
        error += [sum(sent) / len(sent)] if sent else []
    return {
        "tenant_coverage": mean(coverage),
        "tenant_error": mean(error),
        "tenant_answers_nothing": proportion(nothing),
    }


def score(cases: Sequence[AnswerCase], threshold: float, stated_error: float) -> dict[str, Metric]:
    """The figures. `auroc` separates answerable questions, `auroc_correct` right answers."""
    values = [case.confidence for case in cases]
    correct = [case.correct for case in cases]
    delivered = [case for case in cases if case.confidence >= threshold]
    return {
        "auroc": auroc(values, [case.answerable for case in cases]),
        "auroc_correct": auroc(values, correct),
        "precision_at_50": precision_at(0.5, values, correct),
        "precision_at_80": precision_at(0.8, values, correct),
        "ece": ece(values, correct),
        "coverage": proportion([case.confidence >= threshold for case in cases]),
        "error": proportion([not case.correct for case in delivered]) if delivered else NOTHING,
        "stated_error": exact(stated_error, len(cases)),
        "always_answer_error": proportion([not case.correct for case in cases]),
        "answer_ms_p50": percentile([case.seconds * 1000 for case in cases], 50),
    }
