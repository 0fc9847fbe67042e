"""`evals intent`: is the intent right, and are foreign texts told from those that have one?"""

import time
from collections.abc import Container, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.progress import track

from evals.figures.datasets import DataError, read_rows, required_text
from evals.figures.metrics import NOTHING, Metric, exact, mean, proportion
from evals.figures.options import CACHE, Cache, Paths, Report
from evals.figures.report import STDERR, describe, write_report
from evals.harness.results import CaseResult, numbers
from evals.harness.rows import OUTSIDE
from evals.harness.suites import intent as suite
from graph.desk.model import Intent, Thresholds
from graph.minds.local.intent.classifier import LocalClassifier
from memory.encoder.encoder import Encoder, RememberingEncoder
from memory.encoder.opening import open_encoder

SEED = 20_261_122
FEWEST_EXAMPLES = 2
REMEMBERED = 100_000
"""Texts whose vectors are kept: each draw judges the same ones."""


@dataclass(frozen=True)
class Labelled:
    """A text and its intent."""

    text: str
    intent: str


@dataclass(frozen=True)
class Given:
    """What was read."""

    train: list[Labelled]
    test: list[Labelled] | None
    """None where a share of `train` is judged instead."""
    outside: list[str]
    """Foreign texts to fit on."""


@dataclass(frozen=True)
class Draw:
    """How rows, shots and intents are chosen."""

    shots: int | None
    held_out: float
    unseen: float
    seed: int


def intent(  # noqa: PLR0917  # typer passes options by name
    train: Annotated[Paths, typer.Option(help="Labelled texts to fit on. Repeat to pool.")],
    out: Report,
    test: Annotated[Paths | None, typer.Option(help="Labelled texts to judge.")] = None,
    shots: Annotated[
        int | None, typer.Option(min=2, help="Examples for each intent; all by default.")
    ] = None,
    oos_train: Annotated[Paths | None, typer.Option(help="Foreign texts to fit on.")] = None,
    held_out: Annotated[
        float, typer.Option(min=0.01, max=0.9, help="Share of the texts to judge without --test.")
    ] = 0.2,
    unseen: Annotated[
        float, typer.Option(min=0.0, max=0.9, help="Share of the intents to leave out of the fit.")
    ] = 0.0,
    draws: Annotated[
        int, typer.Option(min=1, max=100, help="How often to choose shots and intents anew.")
    ] = 1,
    cache: Cache = CACHE,
) -> None:
    """Fit the classifier that production uses on labelled texts, and judge others with it.

    Without --test a share of the training texts is judged instead. Beside it stands a plain logistic
    regression on the same examples. With several draws each figure is a mean over them.
    """
    outside = [row.text for row in read_labelled(oos_train or [])]
    encoder = RememberingEncoder(open_encoder(cache), capacity=REMEMBERED)
    given = Given(read_labelled(train), read_labelled(test) if test else None, outside)
    done = [
        _drawn(encoder, given, Draw(shots, held_out, unseen, seed))
        for seed in track(range(draws), "draws", console=STDERR, transient=True)
    ]
    inputs = {
        "train": [describe(path) for path in train],
        "oos_train": [describe(path) for path in oos_train or []],
        "test": [describe(path) for path in test or []],
        "shots": shots,
        "held_out": None if test else held_out,
        "unseen": unseen,
        "draws": draws,
        "seed": SEED,
        "encoder": encoder.revision,
    }
    write_report(out, inputs=inputs, metrics=done[0] if draws == 1 else averaged(done))


def _drawn(encoder: Encoder, given: Given, draw: Draw) -> dict[str, Metric]:
    """The figures of one draw."""
    rows, cases = drawn(given, draw)
    outside = given.outside + [row.text for row in rows if row.intent == OUTSIDE]
    rows = [row for row in rows if row.intent != OUTSIDE]
    started = time.perf_counter()
    chosen = choose(rows, draw.shots, draw.seed)
    classifier = LocalClassifier(encoder, chosen, Thresholds().intent, outside)
    fitted = time.perf_counter() - started
    judged = judge(classifier, cases)
    milliseconds = sum(numbers(judged, "ms"))
    return suite.figures(judged) | {
        "plain_accuracy": plain(encoder, chosen, cases),
        "ms_per_text": exact(milliseconds / len(judged), len(judged)),
        "fit_seconds": exact(fitted, 1),
        "intents": exact(len(classifier.names), 1),
    }


def drawn(given: Given, draw: Draw) -> tuple[list[Labelled], list[Labelled]]:
    """Rows to fit on and rows to judge. Those of intents that are left out are only judged."""
    random = np.random.default_rng([SEED, draw.seed])
    names = sorted({row.intent for row in given.train} - {OUTSIDE})
    left_out = set(random.permutation(names)[: round(draw.unseen * len(names))].tolist())
    rows, cases = list(given.train), given.test
    if cases is None:
        order = random.permutation(len(rows))
        cut = round(draw.held_out * len(rows))
        cases = [rows[place] for place in order[:cut]]
        rows = [rows[place] for place in order[cut:]]
    return [row for row in rows if row.intent not in left_out], cases


def averaged(done: Sequence[dict[str, Metric]]) -> dict[str, Metric]:
    """The mean of each figure over the draws that have it, with the interval of that mean."""
    found: dict[str, Metric] = {}
    for name in done[0]:
        values = [one[name].value for one in done]
        known = [value for value in values if value is not None]
        found[name] = mean(known) if known else NOTHING
    return found


def plain(encoder: Encoder, chosen: Sequence[Intent], cases: Sequence[Labelled]) -> Metric:
    """What scikit-learn's logistic regression, as it comes, makes of the same examples."""
    from sklearn.linear_model import LogisticRegression

    known = {one.name for one in chosen}
    inside = [case for case in cases if case.intent in known]
    if len(known) == 1 or not inside:
        return NOTHING
    pairs = [(text, one.name) for one in chosen for text in one.examples]
    model = LogisticRegression(max_iter=1000)
    model.fit(encoder.encode([text for text, _ in pairs]), [name for _, name in pairs])
    said = model.predict(encoder.encode([case.text for case in inside]))
    return proportion([case.intent == name for case, name in zip(inside, said, strict=True)])


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
    return LocalClassifier(encoder, choose(rows, shots), Thresholds().intent, outside)


def choose(rows: Sequence[Labelled], shots: int | None, seed: int = 0) -> list[Intent]:
    """The intents with the examples that are drawn for them. Raises `DataError`."""
    random = np.random.default_rng([SEED, seed] if seed else SEED)
    by_intent: dict[str, list[str]] = {}
    for row in rows:
        by_intent.setdefault(row.intent, []).append(row.text)
    chosen = []
    for name, texts in sorted(by_intent.items()):
        order = random.permutation(len(texts))[:shots]
        some = [texts[place] for place in order]
        examples = tuple((some * FEWEST_EXAMPLES)[: max(len(some), FEWEST_EXAMPLES)])
        # Collected texts repeat themselves, and an intent may have one alone: a desk's file may not.
        chosen.append(Intent.model_construct(name=name, examples=examples))
    if not chosen:
        raise DataError("the training files contain no text with an intent")
    return chosen


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
