"""`evals fit grounding`: does a source state a sentence?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from rich.progress import track

from evals.figures.datasets import read_rows
from evals.figures.metrics import SEED
from evals.figures.options import CACHE, Cache
from evals.figures.report import STDERR
from evals.harness.rows import ClaimRow, read_cases
from graph.minds.local.grounding.judge import MODEL, LocalJudge, Reading, weighed
from graph.minds.local.logistic import Logistic, fit_logistic
from memory.encoder.opening import open_encoder

SOURCES = {
    "begin.jsonl": "CC BY 4.0, CDLA-Sharing-1.0",
    "mtrag_human.jsonl": "Apache-2.0",
    "wice.jsonl": "ODC-BY, text CC BY-SA",
}
"""Under `groundedness/` of the data folder, with their licences."""
FOLDS = 5
STRENGTH = 0.01
"""The inverse of the penalty; flat up to 1."""


@dataclass(frozen=True)
class Labelled:
    """One response as the judge reads it."""

    dataset: str
    group: str
    """Responses of one group are never on both sides of a fold: one source or one claim."""
    supported: bool
    reading: Reading


def grounding(
    data: Annotated[Path, typer.Option(help="The folder with groundedness/ in it.")],
    out: Annotated[Path, typer.Option(help="Where the model goes.")] = MODEL,
    cache: Cache = CACHE,
) -> None:
    """Fit the shipped grounding model; its figures are of responses to unseen sources."""
    judge = LocalJudge(open_encoder(cache))
    rows = [one for name in SOURCES for one in _read(judge, data / "groundedness" / name)]
    held_out = _held_out(rows)
    typer.echo(f"held out: {held_out}")
    fit(rows, about(rows, held_out)).save(out)


def _read(judge: LocalJudge, path: Path) -> list[Labelled]:
    cases = read_cases(ClaimRow, [path], pooled=True)
    raw = [row for _, row in read_rows(path)]
    watched = track(list(zip(cases, raw, strict=True)), description=path.stem, console=STDERR)
    return [
        Labelled(
            path.name,
            _group(row),
            not case.hallucinated,
            judge.read(case.response, case.source),
        )
        for case, row in watched
    ]


def _group(row: dict[str, Any]) -> str:
    """A claim, a conversation or a source, by what the data set tells."""
    conversation, mark, _ = str(row.get("id", "")).partition("<::>")
    return str(row.get("claim_id") or (conversation if mark else row["source"]))


def fit(rows: Sequence[Labelled], described: dict[str, Any]) -> Logistic:
    """Each data set and class counts the same, and so do the responses in them."""
    given = [(row, one) for row in rows for one in row.reading.rows]
    share = np.array([1 / len(row.reading.rows) for row, _ in given])
    kinds = [(row.dataset, row.supported) for row, _ in given]
    for kind in set(kinds):
        own = [place for place, one in enumerate(kinds) if one == kind]
        share[own] /= share[own].sum()
    return fit_logistic(
        [one for _, one in given],
        [int(row.supported) for row, _ in given],
        strength=STRENGTH,
        weights=share * len(given) / share.sum(),
        about=described,
    )


def about(rows: Sequence[Labelled], held_out: dict[str, float]) -> dict[str, Any]:
    """What the model stands on."""
    counts = {name: sum(row.dataset == name for row in rows) for name in SOURCES}
    return {
        "what": "probability that a source states a sentence",
        "date": datetime.now(UTC).date().isoformat(),
        "n": len(rows),
        "sources": {
            name: {"licence": SOURCES[name], "n": counts[name], "held_out_auroc": held_out[name]}
            for name in SOURCES
        },
        "weighting": "each data set and class counts the same",
    }


def _held_out(rows: Sequence[Labelled]) -> dict[str, float]:
    """AUROC of each data set's responses, judged by models that saw none of their group."""
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import StratifiedGroupKFold

    values = np.zeros(len(rows))
    kinds = [f"{row.dataset} {row.supported}" for row in rows]
    folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=SEED)
    for rest, own in folds.split(values, kinds, [row.group for row in rows]):
        model = fit([rows[place] for place in rest], {})
        values[own] = [weighed(model, rows[place].reading) for place in own]
    found = {}
    for name in SOURCES:
        own = [place for place, row in enumerate(rows) if row.dataset == name]
        labels = [rows[place].supported for place in own]
        found[name] = round(float(roc_auc_score(labels, values[own])), 3)
    return found
