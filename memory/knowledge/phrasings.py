"""What a tenant's customers are known to ask, as a bridge from a ticket's words to an article's.

"Our boss retires and I take over" and "Transfer ownership" share no word, but both are near to
"Make another person the owner", which a desk gives as an example. A passage that is near to the
examples that a query is near to is more likely meant.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from memory.encoder.encoder import Encoder, Vectors

MOST_PHRASINGS = 5_000
"""Of a tenant; what comes after is not looked at."""
NEAREST = 3
"""Phrasings that a query is taken to say. With 1 to 5 the search finds alike."""
LEAST_COSINE = 0.4
"""Below it a phrasing says something else."""
SHARPNESS = 10.0
"""By how much the nearest of them counts more."""


@dataclass(frozen=True)
class Meant:
    """A phrasing that a query may mean."""

    vector: Vectors
    """Unit length, shape (width,)."""
    weight: float
    """Those of one query add up to 1."""


class Phrasings:
    """A tenant's known questions, encoded once."""

    def __init__(self, encoder: Encoder, texts: Sequence[str]) -> None:
        distinct = list(dict.fromkeys(texts))[:MOST_PHRASINGS]
        self._vectors = encoder.encode(distinct)

    def meant(self, query: Vectors) -> list[Meant]:
        """The nearest to a query's unit vector, nearest first; empty where none is near."""
        cosines = self._vectors @ query
        best = np.argsort(-cosines, kind="stable")[:NEAREST]
        near = [at for at in best if cosines[at] >= LEAST_COSINE]
        odds = [float(np.exp(SHARPNESS * (cosines[at] - cosines[near[0]]))) for at in near]
        return [
            Meant(self._vectors[at], one / sum(odds)) for at, one in zip(near, odds, strict=True)
        ]


def bridged(looks: Sequence[tuple[float, Mapping[str, float]]]) -> dict[str, float]:
    """The mean nearness of passages to some phrasings.

    looks: (weight, cosine of the nearest window by passage) of each. A passage that one of them did
    not find is at most as near as the last that it found.
    """
    floors = [min(found.values(), default=0.0) for _, found in looks]
    every = dict.fromkeys(one for _, found in looks for one in found)
    return {
        one: sum(
            weight * found.get(one, floor)
            for (weight, found), floor in zip(looks, floors, strict=True)
        )
        for one in every
    }
