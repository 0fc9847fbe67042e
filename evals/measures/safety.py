"""`evals safety`: injected instructions found, harmless look-alikes left alone, data masked."""

from typing import Annotated

import typer
from rich.progress import track

from evals.figures.options import CACHE, Cache, Paths, Report
from evals.figures.report import STDERR, describe, write_report
from evals.harness.rows import SafetyRow, read_cases
from evals.harness.suites import safety as suite
from graph.desk.model import Thresholds
from graph.minds.local.safety.injection import InjectionDetector
from memory.encoder.opening import open_encoder


def safety(
    cases: Annotated[Paths, typer.Option(help="Rows with text and label (1: attack).")],
    out: Report,
    pii: Annotated[Paths | None, typer.Option(help="Rows with text and labelled spans.")] = None,
    cache: Cache = CACHE,
) -> None:
    """Screen labelled texts with the screener that production uses."""
    rows = read_cases(SafetyRow, cases, pooled=True)
    personal = read_cases(SafetyRow, pii, pooled=True) if pii else []
    encoder, limit = open_encoder(cache), Thresholds().injection
    detector = InjectionDetector(encoder)
    results = [
        suite.screened(one, detector.verdict(one.text).probability, limit)
        for one in track(rows, description="screening", console=STDERR)
    ]
    results += [suite.searched(one, one.spans or ()) for one in personal]
    metrics = suite.figures(results)
    metrics.pop("powerless")  # no desk acts here, so nothing could have had power
    inputs = {
        "cases": [describe(path) for path in cases],
        "pii": [describe(path) for path in pii or []],
        "threshold": limit,
        "encoder": encoder.revision,
    }
    write_report(out, inputs=inputs, metrics=metrics)
