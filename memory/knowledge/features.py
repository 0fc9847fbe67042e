"""The numbers behind a hit, for the model that says how sure an answer is."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from memory.knowledge.fulltext import Occurrences
from memory.knowledge.reading_closely import Alignment


def describe(
    order: Sequence[str],
    dense: Mapping[str, float],
    lexical: Mapping[str, float],
    alignments: Mapping[str, Alignment],
    words: Occurrences,
) -> dict[str, dict[str, float]]:
    """Features of each passage: cosine, BM25, alignment and coverage of the query's words.

    `floor` says what a passage that was not among the nearest has for a cosine at most.
    """
    floor = min(dense.values(), default=0.0)
    found = {}
    for one in order:
        numbers = {
            "dense": dense.get(one, floor),
            "lexical": lexical.get(one, 0.0),
            "coverage": words.coverage(one),
            "unseen": words.unseen,
            "terms": float(len(words.passages)),
        }
        if (aligned := alignments.get(one)) is not None:
            numbers |= {
                "aligned": aligned.plain,
                "telling": aligned.score,
                "weakest": aligned.weakest,
            }
        found[one] = {
            name: round(value, 5) for name, value in numbers.items() if math.isfinite(value)
        }
    return found
