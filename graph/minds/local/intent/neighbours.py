"""How like a text is to the nearest examples of each intent: by meaning and by its letters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from memory.encoder.encoder import Vectors

Likeness = npt.NDArray[np.float32]
Labels = npt.NDArray[np.int64]

LETTERS = (2, 5)
"""Lengths of the runs of letters that are compared: they survive typing errors and bare words."""
ITSELF = -1.0
"""Likeness that a held-out row is given to what it must not see."""


@dataclass(frozen=True)
class Neighbours:
    """Examples in the order of their intents; every intent has at least one."""

    vectors: Vectors
    labels: Labels
    """Ascending, from 0 without gaps."""
    letters: Any
    """scikit-learn's vectorizer of runs of letters, fitted on the examples."""
    spelled: Any
    """Sparse matrix, one column an example: the other way round each product would turn it over."""

    def meaning(self, vectors: Vectors) -> Likeness:
        """Cosine of each text to each example, shape (texts, examples)."""
        return vectors @ self.vectors.T

    def spelling(self, texts: Sequence[str]) -> Likeness:
        """The same of their runs of letters, weighed by rareness; 0 if nothing is shared."""
        found: Likeness = (self.letters.transform(texts) @ self.spelled).toarray()
        return found

    def nearest(self, likeness: Likeness) -> Likeness:
        """The best of each intent's examples, shape (texts, intents)."""
        starts = np.searchsorted(self.labels, np.arange(int(self.labels[-1]) + 1))
        best: Likeness = np.maximum.reduceat(likeness, starts, axis=1)
        return best


def find_neighbours(texts: Sequence[str], vectors: Vectors, labels: Labels) -> Neighbours:
    """Reads the examples; `labels` must be ascending and without gaps."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    letters = TfidfVectorizer(
        analyzer="char_wb", ngram_range=LETTERS, sublinear_tf=True, dtype=np.float32
    )
    return Neighbours(vectors, labels, letters, letters.fit_transform(texts).T.tocsr())
