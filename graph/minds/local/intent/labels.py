"""Several intents in one message: one calibrated yes or no for each."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from graph.text.words import words
from memory.encoder.encoder import Encoder

STRENGTH = 50.0
"""Inverse penalty of each regression."""
LEXICAL_WEIGHT = 1.0
"""Weight of the word features beside the unit vector of meaning."""
FEWEST = 2
"""Examples below which a label cannot be learned."""
LIMITS = np.linspace(0.1, 0.7, 25)
"""Probabilities tried as the one above which a label is given."""
DISTANCE_COST = 0.004
"""Micro-F1 that a label's own limit must bring for each step of 1.0 away from the common one."""
PASSES = 2
"""Rounds over the labels: what one is given changes what another is worth."""
FOLDS = 4
SEED = 7

Matrix = npt.NDArray[np.float64]


class LabelModel:
    """A regression for each label over meaning and words together."""

    def __init__(
        self, encoder: Encoder, texts: Sequence[str], labels: Sequence[Sequence[str]]
    ) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer

        self._encoder = encoder
        counts: dict[str, int] = {}
        for row in labels:
            for name in set(row):
                counts[name] = counts.get(name, 0) + 1
        self.names = sorted(name for name, count in counts.items() if count >= FEWEST)
        wanted = np.array([[name in row for name in self.names] for row in labels])
        self._vectorizer = TfidfVectorizer(
            analyzer=_grams, sublinear_tf=True, min_df=2, lowercase=False
        ).fit(texts)
        features = self._features(texts)
        self.limits = _own_limits(_held_out(features, wanted), wanted)
        self._models = _fit(features, wanted)

    def probabilities(self, texts: Sequence[str]) -> Matrix:
        """Shape (texts, labels), in the order of `names`."""
        return _predict(self._models, self._features(texts))

    def labels(self, texts: Sequence[str]) -> list[list[str]]:
        """The labels of each text whose probability reaches its limit."""
        found = self.probabilities(texts) >= self.limits
        return [[name for name, yes in zip(self.names, row, strict=True) if yes] for row in found]

    def _features(self, texts: Sequence[str]) -> object:
        from scipy.sparse import csr_matrix, hstack

        meaning = csr_matrix(self._encoder.encode(texts))
        return hstack([meaning, LEXICAL_WEIGHT * self._vectorizer.transform(texts)]).tocsr()


def _grams(text: str) -> list[str]:
    """Words, pairs of neighbours and pieces of four letters."""
    found = words(text)
    pairs = [f"{one} {other}" for one, other in pairwise(found)]
    pieces = [f"#{word[:4]}" for word in found if len(word) > 4]  # noqa: PLR2004
    return found + pairs + pieces


def _fit(features: object, wanted: npt.NDArray[np.bool_]) -> list[object]:
    from sklearn.linear_model import LogisticRegression

    return [
        LogisticRegression(C=STRENGTH, max_iter=1000, solver="liblinear").fit(features, column)
        if 0 < column.sum() < len(column)
        else float(column.any())
        for column in wanted.T
    ]


def _predict(models: Sequence[object], features: object) -> Matrix:
    rows = features.shape[0]  # type: ignore[attr-defined]
    columns = [
        np.full(rows, model) if isinstance(model, float) else model.predict_proba(features)[:, 1]  # type: ignore[attr-defined]
        for model in models
    ]
    return np.column_stack(columns)


def _held_out(features: object, wanted: npt.NDArray[np.bool_]) -> Matrix:
    """Probabilities of each row by models that have not seen it."""
    fold = np.random.default_rng(SEED).integers(0, FOLDS, len(wanted))
    found = np.zeros(wanted.shape)
    for number in range(FOLDS):
        rest, rows = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        if len(rows) and len(rest):
            models = _fit(features[rest], wanted[rest])  # type: ignore[index]
            found[rows] = _predict(models, features[rows])  # type: ignore[index]
    return found


def _own_limits(chances: Matrix, wanted: npt.NDArray[np.bool_]) -> Matrix:
    """A limit for each label: together they have the best micro-F1 on held-out rows."""
    common = LIMITS[int(np.argmax([_f1(chances >= limit, wanted) for limit in LIMITS]))]
    limits = np.full(chances.shape[1], common)
    for _ in range(PASSES):
        for label in range(len(limits)):
            given = chances >= limits
            scores = []
            for limit in LIMITS:
                given[:, label] = chances[:, label] >= limit
                scores.append(_f1(given, wanted) - DISTANCE_COST * abs(limit - common))
            limits[label] = LIMITS[int(np.argmax(scores))]
    return limits


def _f1(given: npt.NDArray[np.bool_], wanted: npt.NDArray[np.bool_]) -> float:
    return float(2 * (given & wanted).sum() / max(given.sum() + wanted.sum(), 1))
