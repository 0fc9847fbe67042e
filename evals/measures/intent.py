"""`evals intent`: is the intent right, and are foreign texts told from those that have one?"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import numpy.typing as npt
import typer

from evals.measures.datasets import DataError, read_rows, required_text
from evals.measures.metrics import Metric, auroc, bootstrap, ece, exact, proportion
from evals.measures.report import describe, write_report
from graph.desk.model import Intent, Thresholds
from graph.minds.local.intent.classifier import LocalClassifier
from memory.encoder.encoder import Encoder
from memory.encoder.opening import open_encoder

OUTSIDE = "oos"
"""The label of texts that have none of the intents."""
SEED = 20_261_122
REJECTED_INSIDE = 0.05
"""Share of texts with an intent that may be rejected where the recall of foreign ones is read."""
REJECTED_OUTSIDE = 0.70
"""Share of foreign texts that must be rejected where the accuracy on the others is read."""
FEWEST_EXAMPLES = 2

Paths = list[Path]


@dataclass(frozen=True)
class Labelled:
    """A text and its intent."""

    text: str
    intent: str


@dataclass(frozen=True)
class Judged:
    """What the classifier said of one test text."""

    intent: str | None
    """The label; None for a foreign text."""
    best: str
    """The likeliest intent, whatever its probability."""
    inside: float
    """The probability that some intent applies, and is the likeliest one."""
    decided: str | None
    confidence: float


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("intent")(intent)


def intent(  # noqa: PLR0917  # typer passes options by name
    train: Annotated[Paths, typer.Option(help="Labelled texts to fit on. Repeat to pool.")],
    test: Annotated[Paths, typer.Option(help="Labelled texts to judge. Repeat to pool.")],
    out: Annotated[Path, typer.Option(help="Where the report goes (JSON).")],
    shots: Annotated[
        int | None, typer.Option(min=2, help="Examples an intent; all if left out.")
    ] = None,
    oos_train: Annotated[Paths | None, typer.Option(help="Foreign texts to fit on.")] = None,
    cache: Annotated[Path, typer.Option(help="Where the exported encoder is kept.")] = Path(
        ".cache"
    ),
) -> None:
    """Fit the classifier of production on labelled texts and judge others with it."""
    rows = [row for row in read_labelled(train) if row.intent != OUTSIDE]
    outside = [row.text for row in read_labelled(train) if row.intent == OUTSIDE]
    outside += [row.text for row in read_labelled(oos_train or [])]
    encoder = open_encoder(cache)
    started = time.perf_counter()
    classifier = fit(encoder, rows, shots, outside)
    fitted = time.perf_counter() - started
    judged, seconds = judge(classifier, read_labelled(test))
    metrics = score(judged) | {
        "ms_per_text": exact(1000 * seconds / len(judged), len(judged)),
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


def judge(classifier: LocalClassifier, rows: Sequence[Labelled]) -> tuple[list[Judged], float]:
    """Every test row judged one by one, as a ticket would be, and the seconds it took."""
    known = set(classifier.names)
    started = time.perf_counter()
    said = [classifier.decide(row.text) for row in rows]
    seconds = time.perf_counter() - started
    judged = [
        Judged(
            intent=row.intent if row.intent in known else None,
            best=one["ranked"][0]["name"],
            inside=one["ranked"][0]["confidence"],
            decided=one["intent"],
            confidence=one["confidence"],
        )
        for row, one in zip(rows, said, strict=True)
    ]
    return judged, seconds


def score(judged: Sequence[Judged]) -> dict[str, Metric]:
    """The figures. `accuracy` and `macro_f1` look at texts with an intent only."""
    inside = [one for one in judged if one.intent is not None]
    right = [one.best == one.intent for one in inside]
    scores = [one.inside for one in judged]
    foreign = [one.intent is None for one in judged]
    columns = (
        scores,
        [float(one) for one in foreign],
        [float(one.best == one.intent) for one in judged],
    )
    return {
        "accuracy": proportion(right),
        "macro_f1": _macro_f1(inside),
        "decided_accuracy": proportion([one.decided == one.intent for one in judged]),
        "ece": ece(
            [one.confidence for one in judged], [one.decided == one.intent for one in judged]
        ),
        "oos_auroc": auroc([-value for value in scores], foreign),
        "oos_recall_at_5": bootstrap(_recall_of_foreign, *columns),
        "inscope_accuracy_at_oos_recall_70": bootstrap(_accuracy_inside, *columns),
    }


def _macro_f1(inside: Sequence[Judged]) -> Metric:
    from sklearn.metrics import f1_score

    if not inside:
        return exact(None, 0)
    labels = [one.intent for one in inside]
    found = [one.best for one in inside]
    names = sorted(set(map(str, labels)))
    value = f1_score(labels, found, labels=names, average="macro", zero_division=0.0)
    return exact(float(value), len(inside))


def _recall_of_foreign(rows: npt.NDArray[np.float64]) -> float | None:
    scores, foreign = rows[:, 0], rows[:, 1] > 0
    if foreign.all() or not foreign.any():
        return None
    return float(np.mean(scores[foreign] < np.quantile(scores[~foreign], REJECTED_INSIDE)))


def _accuracy_inside(rows: npt.NDArray[np.float64]) -> float | None:
    scores, foreign, right = rows[:, 0], rows[:, 1] > 0, rows[:, 2] > 0
    if foreign.all() or not foreign.any():
        return None
    accepted = scores[~foreign] > np.quantile(scores[foreign], REJECTED_OUTSIDE)
    return float(np.mean(accepted & right[~foreign]))
