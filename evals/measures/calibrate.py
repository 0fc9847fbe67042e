"""`evals calibrate`: the threshold for a stated error, from a tenant's labelled questions."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from evals.figures import calibration_file
from evals.figures.options import CACHE, Articles, Cache, Questions
from evals.measures.answer import MaxError, measured
from graph.thresholds import calibrated, tied_to


def calibrate(
    kb: Articles,
    questions: Questions,
    out: Annotated[Path, typer.Option(help="Where the threshold goes (JSON).")],
    max_error: MaxError = 0.05,
    cache: Cache = CACHE,
) -> None:
    """Choose the threshold that keeps the stated share of wrong answers."""
    cases, of = asyncio.run(measured(kb, questions, cache))
    chosen = tied_to(
        calibrated(cases, max_error),
        encoder=of.encoder,
        model=of.model,
        kb_digest=of.kb_digest,
    )
    calibration_file.save(chosen, out)
    error = "no data" if chosen.realised_error is None else f"{chosen.realised_error:.3f}"
    print(f"threshold {chosen.threshold:.4f}  coverage {chosen.coverage:.3f}  error {error}")
    for line in (chosen.note, *of.skipped):
        print(f"- {line}")
