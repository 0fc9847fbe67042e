"""A linear model of a tenant's intents, fitted in a second from a handful of phrasings each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from memory.embeddings import Vectors

Probabilities = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]

STRENGTH = 20.0
"""Inverse penalty of the regression on unit vectors; flat between 10 and 100."""
MOST_FOLDS = 5
ENOUGH_HELD_OUT = 2000
"""Held-out rows from which further folds would only cost time."""
NEIGHBOURS = 3
TEMPERATURES = np.geomspace(0.2, 5.0, 41)
SEED = 7
_TINY = 1e-12


@dataclass(frozen=True)
class IntentModel:
    """Scores of each intent, and what is known of texts that belong to none."""

    weights: npt.NDArray[np.float64]
    """Shape (intents, width)."""
    bias: npt.NDArray[np.float64]
    temperature: float
    """Divides the scores so that held-out probabilities are calibrated."""
    examples: Vectors
    labels: Labels
    usual: tuple[float, float]
    """Median and spread of an example's likeness to its nearest fellow."""

    def probabilities(self, vectors: Vectors) -> Probabilities:
        """Calibrated probabilities given that some intent applies, shape (texts, intents)."""
        return softmax((vectors @ self.weights.T + self.bias) / self.temperature)

    def features(self, vectors: Vectors) -> list[dict[str, float]]:
        """What tells a text of these intents from a foreign one; see scope.py."""
        chances = self.probabilities(vectors)
        likeness = vectors @ self.examples.T
        return [
            scope_features(row, like, self.labels, self.usual)
            for row, like in zip(chances, likeness, strict=True)
        ]


def scope_features(
    chances: Probabilities, likeness: Vectors, labels: Labels, usual: tuple[float, float]
) -> dict[str, float]:
    """Features of one text from its probabilities and its likeness to every example."""
    size = min(NEIGHBOURS, len(likeness))
    top = np.argpartition(-likeness, size - 1)[:size]
    nearest = float(likeness[top].max())
    best = int(chances.argmax())
    own = likeness[labels == best]
    ordered = np.sort(chances)[::-1]
    return {
        "nearest": nearest,
        "nearest_usual": (nearest - usual[0]) / usual[1],
        "neighbours": float(likeness[top].mean()),
        "own": float(np.sort(own)[::-1][:NEIGHBOURS].mean()) if len(own) else 0.0,
        "agree": float(np.mean(labels[top] == best)),
        "best": float(ordered[0]),
        "margin": float(ordered[0] - ordered[1]) if len(ordered) > 1 else float(ordered[0]),
        "entropy": float(-(chances * np.log(chances + _TINY)).sum() / np.log(max(len(chances), 2))),
    }


def fit_intents(vectors: Vectors, labels: Labels) -> tuple[IntentModel, list[dict[str, float]]]:
    """Fit, and the scope features of held-out examples (each judged without itself)."""
    held = _held_out(vectors, labels)
    weights, bias = _fit(vectors, labels)
    scores = np.concatenate([scores for _, scores in held])
    rows = np.concatenate([rows for rows, _ in held])
    temperature = _temperature(scores, labels[rows])
    likeness = vectors[rows] @ vectors.T
    likeness[np.arange(len(rows)), rows] = -1.0
    nearest = likeness.max(axis=1)
    spread = float(np.percentile(nearest, 75) - np.percentile(nearest, 25))
    usual = (float(np.median(nearest)), max(spread, 0.05))
    model = IntentModel(weights, bias, temperature, vectors, labels, usual)
    chances = softmax(scores / temperature)
    found = [
        scope_features(row, like, labels, usual)
        for row, like in zip(chances, likeness, strict=True)
    ]
    return model, found


def softmax(scores: npt.NDArray[np.floating]) -> Probabilities:
    """Scores to probabilities along the last axis."""
    shifted = np.exp(scores - scores.max(axis=-1, keepdims=True))
    found: Probabilities = shifted / shifted.sum(axis=-1, keepdims=True)
    return found


def _fit(
    vectors: Vectors, labels: Labels
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    count = int(labels.max()) + 1
    present = np.unique(labels)
    weights = np.zeros((count, vectors.shape[1]))
    bias = np.full(count, -20.0)
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


def _held_out(vectors: Vectors, labels: Labels) -> list[tuple[Labels, npt.NDArray[np.float64]]]:
    """Rows and their scores by models that have not seen them."""
    found: list[tuple[Labels, npt.NDArray[np.float64]]] = []
    fold = _folds(labels)
    for number in range(int(fold.max()) + 1):
        rest, rows = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        weights, bias = _fit(vectors[rest], labels[rest])
        scores = np.full((len(rows), int(labels.max()) + 1), -20.0)
        scores[:, : len(bias)] = vectors[rows] @ weights.T + bias
        found.append((rows, scores))
        if sum(len(rows) for rows, _ in found) >= ENOUGH_HELD_OUT:
            break
    return found


def _folds(labels: Labels) -> Labels:
    """A fold for each row; every intent is spread over all of them."""
    random = np.random.default_rng(SEED)
    fold = np.zeros(len(labels), dtype=np.int64)
    for label in np.unique(labels):
        rows = random.permutation(np.flatnonzero(labels == label))
        fold[rows] = (np.arange(len(rows)) + label) % MOST_FOLDS
    return fold


def _temperature(scores: npt.NDArray[np.float64], labels: Labels) -> float:
    losses = [
        -np.log(softmax(scores / value)[np.arange(len(labels)), labels] + _TINY).mean()
        for value in TEMPERATURES
    ]
    return float(TEMPERATURES[int(np.argmin(losses))])
