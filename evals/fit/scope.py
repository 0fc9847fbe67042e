"""`evals fit scope`: does a text have one of a tenant's intents? Fitted on tenants made up.

A made-up tenant has some of a source's intents and a few examples of each. The other intents of
its source are foreign to it; so are another source's texts, which share no company with it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from rich.progress import track

from evals.figures.datasets import DataError
from evals.figures.metrics import SEED
from evals.figures.options import CACHE, Cache
from evals.figures.report import STDERR
from evals.harness.rows import OUTSIDE
from evals.measures.intent import Labelled, read_labelled
from graph.minds.local.intent.classifier import SCOPE_MODEL, in_words
from graph.minds.local.intent.model import fit_intents
from graph.minds.local.logistic import Logistic, fit_logistic
from memory.encoder.encoder import Encoder, RememberingEncoder
from memory.encoder.opening import open_encoder

SOURCES = {
    "banking77/train.jsonl": "CC BY 4.0",
    "clinc150/train.jsonl": "CC BY 3.0",
    "bitext/train.jsonl": "CDLA-Sharing-1.0",
    "hint3/curekart_train.jsonl": "ODbL 1.0",
}
"""Under `intent/` of the data folder, with their licences."""
FOREIGN = "clinc150/oos_train.jsonl"
"""Texts that nobody asks a company; foreign to every tenant."""
SHOTS = (5, 10, 40)
"""Examples an intent that tenants have."""
KNOWN_SHARES = (0.35, 0.75)
"""Shares of a source's intents that tenants have."""
ROUNDS = 1
"""Tenants of each size and source."""
MOST_JUDGED = 300
"""Texts judged a tenant, of those with an intent and of foreign ones each."""
STRENGTH = 0.1
"""The inverse of the penalty: one source is not like the next."""

Row = dict[str, float]


@dataclass(frozen=True)
class Tenant:
    """Features of texts that one made-up tenant would get."""

    inside: list[Row]
    outside: list[Row]


def scope(
    data: Annotated[Path, typer.Option(help="The folder with intent/ in it.")],
    out: Annotated[Path, typer.Option(help="Where the model goes.")] = SCOPE_MODEL,
    cache: Cache = CACHE,
) -> None:
    """Fit the shipped scope model; each source is also judged by a model of the others."""
    encoder = RememberingEncoder(open_encoder(cache), capacity=100_000)
    folder = data / "intent"
    texts = {name: read_labelled([folder / name]) for name in SOURCES}
    foreign = [row.text for row in read_labelled([folder / FOREIGN])]
    tenants = {
        name: [
            tenant(encoder, rows, foreign, size, share, seed)
            for size in track(SHOTS, description=name, console=STDERR)
            for share in KNOWN_SHARES
            for seed in range(ROUNDS)
        ]
        for name, rows in texts.items()
    }
    unseen = {name: _figures(_without(name, tenants), tenants[name]) for name in tenants}
    for name, figures in unseen.items():
        typer.echo(f"{name}: {figures}")
    fit(tenants, about(tenants, unseen)).save(out)


def tenant(  # noqa: PLR0917  # what makes a tenant
    encoder: Encoder,
    rows: Sequence[Labelled],
    foreign: Sequence[str],
    shots: int,
    share: float,
    seed: int,
) -> Tenant:
    """One made-up tenant. Raises `DataError` if the source has too few intents."""
    random = np.random.default_rng([SEED, seed, shots])
    by_intent: dict[str, list[str]] = {}
    for row in rows:
        if row.intent != OUTSIDE:
            by_intent.setdefault(row.intent, []).append(row.text)
    names = [name for name, texts in sorted(by_intent.items()) if len(texts) > 1]
    known = sorted(random.permutation(names)[: round(share * len(names))].tolist())
    if len(known) in {0, 1, len(names)}:
        raise DataError("a source of the scope needs several intents with two texts or more")
    mixed = {name: random.permutation(by_intent[name]).tolist() for name in names}
    cut = {name: min(shots, len(mixed[name]) // 2) for name in known}
    examples = [
        (text, place)
        for place, name in enumerate(known)
        for text in (*mixed[name][: cut[name]], in_words(name))
    ]
    rest = [text for name in known for text in mixed[name][cut[name] :]]
    others = [text for name in names if name not in known for text in mixed[name]]
    own = [text for text, _ in examples]
    labels = np.array([place for _, place in examples], dtype=np.int64)
    model, _ = fit_intents(own, encoder.encode_short(own), labels)
    inside = random.permutation(rest)[:MOST_JUDGED].tolist()
    outside = random.permutation(others)[:MOST_JUDGED].tolist() + list(foreign)
    return Tenant(
        model.read(inside, encoder.encode_short(inside))[1],
        model.read(outside, encoder.encode_short(outside))[1],
    )


def fit(tenants: Mapping[str, Sequence[Tenant]], described: dict[str, Any]) -> Logistic:
    """Every source counts the same, and so do texts with and without an intent."""
    rows: list[Row] = []
    labels: list[int] = []
    weights: list[float] = []
    for source in tenants.values():
        for one in source:
            for part, label in ((one.inside, 1), (one.outside, 0)):
                rows += part
                labels += [label] * len(part)
                weights += [1 / len(part) / len(source)] * len(part)
    scaled = np.array(weights) * len(rows) / sum(weights)
    return fit_logistic(rows, labels, strength=STRENGTH, weights=scaled, about=described)


def about(
    tenants: Mapping[str, Sequence[Tenant]], unseen: Mapping[str, dict[str, float]]
) -> dict[str, Any]:
    """What the model stands on."""
    return {
        "what": "probability that a text has one of a tenant's intents, at even shares",
        "date": datetime.now(UTC).date().isoformat(),
        "n": sum(len(one.inside) + len(one.outside) for part in tenants.values() for one in part),
        "sources": {name: {"licence": SOURCES[name], "unseen": unseen[name]} for name in tenants},
        "foreign": {FOREIGN: "CC BY 3.0"},
        "weighting": "each source counts the same, and so do texts with and without an intent",
    }


def _without(name: str, tenants: Mapping[str, Sequence[Tenant]]) -> Logistic:
    return fit({other: part for other, part in tenants.items() if other != name}, {})


def _figures(model: Logistic, tenants: Sequence[Tenant]) -> dict[str, float]:
    """Means over tenants, for texts of a source that the model has not seen."""
    from sklearn.metrics import brier_score_loss, roc_auc_score

    aurocs, briers = [], []
    for one in tenants:
        values = [model.probability(row) for row in (*one.inside, *one.outside)]
        labels = [1] * len(one.inside) + [0] * len(one.outside)
        aurocs.append(roc_auc_score(labels, values))
        briers.append(brier_score_loss(labels, values))
    return {"auroc": round(float(np.mean(aurocs)), 3), "brier": round(float(np.mean(briers)), 3)}
