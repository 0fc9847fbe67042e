"""`evals intent`: is the intent right, and are foreign texts told from those that have one?"""

from __future__ import annotations

import time
from collections.abc import Container, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from evals.figures.datasets import DataError, read_rows, required_text
from evals.figures.metrics import exact
from evals.figures.report import describe, write_report
from evals.harness.results import CaseResult, numbers
from evals.harness.rows import OUTSIDE
from evals.harness.suites import intent as suite
from graph.desk.model import Intent, Thresholds
from graph.minds.local.intent.classifier import LocalClassifier
from memory.encoder.encoder import Encoder
from memory.encoder.opening import open_encoder

SEED = 20_261_122
FEWEST_EXAMPLES = 2

Paths = list[Path]


@dataclass(frozen=True)
class Labelled:
    """A text and its intent."""

    text: str
    intent: str


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("intent")(intent)


def intent(  # noqa: PLR0917  # typer passes options by name
    train: Annotated[Paths, typer.Option(help="Labelled texts to fit on. Repeat to pool.")],
    test: Annotated[Paths, typer.Option(help="Labelled texts to judge. Repeat to pool.")],
    out: Annotated[Path, typer.Option(help="Where the report goes (JSON).")],
    shots: Annotated[
        int | None, typer.Option(min=2, help="Examples for each intent; all by default.")
    ] = None,
    oos_train: Annotated[Paths | None, typer.Option(help="Foreign texts to fit on.")] = None,
    cache: Annotated[Path, typer.Option(help="Where the exported encoder is kept.")] = Path(
        ".cache"
    ),
) -> None:
    """Fit the classifier that production uses on labelled texts, and judge others with it."""
    rows = [row for row in read_labelled(train) if row.intent != OUTSIDE]
    outside = [row.text for row in read_labelled(train) if row.intent == OUTSIDE]
    outside += [row.text for row in read_labelled(oos_train or [])]
    encoder = open_encoder(cache)
    started = time.perf_counter()
    classifier = fit(encoder, rows, shots, outside)
    fitted = time.perf_counter() - started
    judged = judge(classifier, read_labelled(test))
    milliseconds = sum(numbers(judged, "ms"))
    metrics = suite.figures(judged) | {
        "ms_per_text": exact(milliseconds / len(judged), len(judged)),
        "fit_seconds": exact(fitted, 1),
        "intents": exact(len(classifier.names), 1),
    }
    inputs = {
        "train": [describe(path) for path in train],
        "oos_train": [describe(path) for path in oos_train or []],
        "test": [describe(path) for path in test],
        "shots": shots,
        "seed": SEED,
        "encoder": encoder.revision,
    }
    write_report(out, inputs=inputs, metrics=metrics)


def read_labelled(paths: Sequence[Path]) -> list[Labelled]:
    """Rows with `text` and `intent`, in order. Raises `DataError`."""
    return [
        Labelled(
            required_text(path, number, row, "text"), required_text(path, number, row, "intent")
        )
        for path in paths
        for number, row in read_rows(path)
    ]


def fit(
    encoder: Encoder, rows: Sequence[Labelled], shots: int | None, outside: Sequence[str]
) -> LocalClassifier:
    """The classifier of production, fitted on `shots` rows an intent. Raises `DataError`."""
    random = np.random.default_rng(SEED)
    by_intent: dict[str, list[str]] = {}
    for row in rows:
        by_intent.setdefault(row.intent, []).append(row.text)
    chosen = []
    for name, texts in sorted(by_intent.items()):
        order = random.permutation(len(texts))[:shots]
        some = [texts[place] for place in order]
        chosen.append(
            Intent(
                name=name,
                examples=tuple((some * FEWEST_EXAMPLES)[: max(len(some), FEWEST_EXAMPLES)]),
            )
        )
    if not chosen:
        msg = "the training files hold no text with an intent"
        raise DataError(msg)
    return LocalClassifier(encoder, chosen, Thresholds().intent, outside)


def judge(classifier: LocalClassifier, rows: Sequence[Labelled]) -> list[CaseResult]:
    """Every test row judged one by one, as a ticket would be."""
    known = set(classifier.names)
    return [_judged(classifier, row, known) for row in rows]


def _judged(classifier: LocalClassifier, row: Labelled, known: Container[str]) -> CaseResult:
    started = time.perf_counter()
    said = classifier.decide(row.text)
    seconds = time.perf_counter() - started
    wanted = row.intent if row.intent in known else OUTSIDE
    return suite.result("", row.text, wanted, said, 1000 * seconds)
