"""`evals grounding`: does the judge tell supported replies from invented ones?"""

from typing import Annotated

import typer
from rich.progress import track

from evals.figures.options import CACHE, Cache, Paths, Report
from evals.figures.report import STDERR, describe, write_report
from evals.harness.rows import ClaimRow, read_cases
from evals.harness.suites import grounding as suite
from graph.desk.model import Thresholds
from graph.minds.local.grounding.judge import LocalJudge
from memory.encoder.opening import open_encoder


def grounding(
    cases: Annotated[Paths, typer.Option(help="Rows with source, response, hallucinated.")],
    out: Report,
    cache: Cache = CACHE,
) -> None:
    """Judge labelled responses with the judge that production uses."""
    rows = read_cases(ClaimRow, cases, pooled=True)
    encoder, limit = open_encoder(cache), Thresholds().grounding
    judge = LocalJudge(encoder)
    results = [
        suite.result(one, judge.probability(one.response, one.source), limit)
        for one in track(rows, description="judging", console=STDERR)
    ]
    inputs = {
        "cases": [describe(path) for path in cases],
        "threshold": limit,
        "encoder": encoder.revision,
    }
    write_report(out, inputs=inputs, metrics=suite.figures(results))
