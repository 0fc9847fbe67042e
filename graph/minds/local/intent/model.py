"""A model of a tenant's intents, fitted in seconds from a handful of phrasings each.

A regression over meaning draws the borders; where an intent has many examples, the nearest of
them say more. How much they count is found on held-out examples, together with the temperature.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

from graph.minds.local.intent.neighbours import (
    ITSELF,
    Labels,
    Likeness,
    Neighbours,
    find_neighbours,
)
from memory.encoder.encoder import Vectors

Probabilities = npt.NDArray[np.float64]
Scores = npt.NDArray[np.float64]

STRENGTH = 20.0
"""Inverse penalty of the regression on unit vectors; flat between 10 and 100."""
MOST_FOLDS = 5
ENOUGH_HELD_OUT = 2000
"""Held-out rows from which further folds would only cost time."""
NEIGHBOURS = 3
PULLS = tuple(product((0.0, 5.0, 10.0), (0.0, 2.5, 5.0)))
"""Weights tried for the nearest example by meaning and by letters."""
TEMPERATURES = np.geomspace(0.2, 5.0, 41)
SEED = 7
_TINY = 1e-12
_ABSENT = -20.0
"""The score of an intent that a fold has no example of."""


@dataclass(frozen=True)
class IntentModel:
    """Scores of each intent, and what is known of texts that belong to none."""

    weights: npt.NDArray[np.float64]
    """Shape (intents, width)."""
    bias: npt.NDArray[np.float64]
    pull: tuple[float, float]
    """Weights of the nearest example by meaning and by letters."""
    temperature: float
    """Divides the scores so that held-out probabilities are calibrated."""
    neighbours: Neighbours
    usual: tuple[float, float]
    """Median and spread of an example's likeness to its nearest fellow."""

    def read(
        self, texts: Sequence[str], vectors: Vectors
    ) -> tuple[Probabilities, list[dict[str, float]]]:
        """What the model says of each text.

        Calibrated probabilities given that some intent applies, shape (texts, intents), and the
        features that tell each text from a foreign one.
        """
        meaning = self.neighbours.meaning(vectors)
        spelling = self.neighbours.spelling(texts)
        near = self.neighbours.nearest(meaning), self.neighbours.nearest(spelling)
        scores = vectors @ self.weights.T + self.bias
        chances = softmax(_pulled(scores, near, self.pull) / self.temperature)
        features = _every_feature(
            (chances, scores, meaning, spelling), self.neighbours.labels, self.usual
        )
        return chances, features


def scope_features(
    chances: Probabilities,
    scores: Scores,
    likeness: tuple[Likeness, Likeness],
    labels: Labels,
    usual: tuple[float, float],
) -> dict[str, float]:
    """Features of one text from its probabilities, the regression's scores and its likeness to every example.

    `likeness` is by meaning and by letters.
    """
    meaning, spelling = likeness
    size = min(NEIGHBOURS, len(meaning))
    top = np.argpartition(-meaning, size - 1)[:size]
    nearest = float(meaning[top].max())
    best = int(chances.argmax())
    own = meaning[labels == best]
    ordered = np.sort(chances)[::-1]
    borders = np.sort(scores)[::-1]
    return {
        "nearest": nearest,
        "nearest_usual": (nearest - usual[0]) / usual[1],
        "neighbours": float(meaning[top].mean()),
        "letters": float(spelling.max()),
        "own": float(np.sort(own)[::-1][:NEIGHBOURS].mean()) if len(own) else 0.0,
        "agree": float(np.mean(labels[top] == best)),
        "best": float(ordered[0]),
        "margin": float(ordered[0] - ordered[1]) if len(ordered) > 1 else float(ordered[0]),
        "lead": float(borders[0] - borders[1]) if len(borders) > 1 else 0.0,
        "entropy": float(-(chances * np.log(chances + _TINY)).sum() / np.log(max(len(chances), 2))),
    }


def fit_intents(
    texts: Sequence[str], vectors: Vectors, labels: Labels
) -> tuple[IntentModel, list[dict[str, float]]]:
    """Fit, and the scope features of held-out examples (each judged without itself).

    `labels` count from 0 without gaps, in any order.
    """
    order = np.argsort(labels, kind="stable")
    texts, vectors, labels = [texts[place] for place in order], vectors[order], labels[order]
    neighbours = find_neighbours(texts, vectors, labels)
    rows, scores = _held_out(vectors, labels)
    meaning, spelling = _without_itself(texts, rows, neighbours)
    near = neighbours.nearest(meaning), neighbours.nearest(spelling)
    pull, temperature = _calibrate(scores, near, labels[rows])
    best = meaning.max(axis=1)
    spread = float(np.percentile(best, 75) - np.percentile(best, 25))
    usual = (float(np.median(best)), max(spread, 0.05))
    chances = softmax(_pulled(scores, near, pull) / temperature)
    known = chances, scores, meaning, spelling
    model = IntentModel(*_fit(vectors, labels), pull, temperature, neighbours, usual)
    return model, _every_feature(known, labels, usual)


def softmax(scores: npt.NDArray[np.floating]) -> Probabilities:
    """Scores to probabilities along the last axis."""
    shifted = np.exp(scores - scores.max(axis=-1, keepdims=True))
    found: Probabilities = shifted / shifted.sum(axis=-1, keepdims=True)
    return found


def _every_feature(
    known: tuple[Probabilities, Scores, Likeness, Likeness],
    labels: Labels,
    usual: tuple[float, float],
) -> list[dict[str, float]]:
    """Of texts whose probabilities, scores, likeness by meaning and by letters are `known`."""
    return [
        scope_features(chances, scores, (meaning, spelling), labels, usual)
        for chances, scores, meaning, spelling in zip(*known, strict=True)
    ]


def _pulled(scores: Scores, near: tuple[Likeness, Likeness], pull: tuple[float, float]) -> Scores:
    pulled: Scores = scores + pull[0] * near[0] + pull[1] * near[1]
    return pulled


def _without_itself(
    texts: Sequence[str], rows: Labels, neighbours: Neighbours
) -> tuple[Likeness, Likeness]:
    """Likeness of held-out rows to every example, their own row left out."""
    meaning = neighbours.meaning(neighbours.vectors[rows])
    spelling = neighbours.spelling([texts[row] for row in rows])
    for likeness in (meaning, spelling):
        likeness[np.arange(len(rows)), rows] = ITSELF
    return meaning, spelling


def _calibrate(
    scores: Scores, near: tuple[Likeness, Likeness], labels: Labels
) -> tuple[tuple[float, float], float]:
    """The pull and the temperature under which the held-out labels are likeliest."""
    found = [(*_temperature(_pulled(scores, near, pull), labels), pull) for pull in PULLS]
    _, temperature, pull = min(found, key=lambda one: one[0])
    return pull, temperature


def _temperature(scores: Scores, labels: Labels) -> tuple[float, float]:
    """(loss, temperature)."""
    rows = np.arange(len(labels))
    losses = [
        -np.log(softmax(scores / value)[rows, labels] + _TINY).mean() for value in TEMPERATURES
    ]
    best = int(np.argmin(losses))
    return float(losses[best]), float(TEMPERATURES[best])


def _fit(vectors: Vectors, labels: Labels) -> tuple[Scores, Scores]:
    """Weights and bias of every intent up to the highest label, absent ones included."""
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    count = int(labels.max()) + 1
    present = np.unique(labels)
    weights = np.zeros((count, vectors.shape[1]))
    bias = np.full(count, _ABSENT)
    if len(present) == 1:
        bias[present] = 0.0
        return weights, bias
    with threadpool_limits(1):  # small matrices: threads would only wait for each other
        model = LogisticRegression(C=STRENGTH, max_iter=1000).fit(vectors, labels)
    if len(present) == 2:  # noqa: PLR2004  # two classes share one row of coefficients
        weights[present] = np.vstack([-model.coef_[0] / 2, model.coef_[0] / 2])
        bias[present] = [-model.intercept_[0] / 2, model.intercept_[0] / 2]
    else:
        weights[present], bias[present] = model.coef_, model.intercept_
    return weights, bias


def _held_out(vectors: Vectors, labels: Labels) -> tuple[Labels, Scores]:
    """Rows and their scores by regressions that have not seen them."""
    rows: list[Labels] = []
    scores: list[Scores] = []
    fold = _folds(labels)
    for number in range(int(fold.max()) + 1):
        rest, own = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        if not len(rest):
            rest = own  # one example in all: there is nothing to hold it out from
        weights, bias = _fit(vectors[rest], labels[rest])
        found = np.full((len(own), int(labels.max()) + 1), _ABSENT)
        found[:, : len(bias)] = vectors[own] @ weights.T + bias
        rows.append(own)
        scores.append(found)
        if sum(map(len, rows)) >= ENOUGH_HELD_OUT:
            break
    return np.concatenate(rows), np.concatenate(scores)


def _folds(labels: Labels) -> Labels:
    """A fold for each row; every intent is spread over all of them."""
    random = np.random.default_rng(SEED)
    fold = np.zeros(len(labels), dtype=np.int64)
    for label in np.unique(labels):
        rows = random.permutation(np.flatnonzero(labels == label))
        fold[rows] = (np.arange(len(rows)) + label) % MOST_FOLDS
    return fold
