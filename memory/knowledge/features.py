"""The numbers behind a hit, for the model that says how sure an answer is."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from memory.knowledge.late_interaction import Alignment

SHARPNESS = 6.0
"""Makes a lead in the score a ratio of odds. From 5 to 8 it hardly matters."""
DECIMALS = 5
"""Of each number: what comes behind them depends on which texts were encoded in one run."""
NEXT = 4
"""Best passages among which those of the best article are counted."""


@dataclass(frozen=True)
class Looks:
    """What each look at a base said, by passage."""

    dense: Mapping[str, float]
    """Cosine of the nearest window."""
    lexical: Mapping[str, float]
    """BM25."""
    alignments: Mapping[str, Alignment]
    """Of the passages that were read closely."""
    covered: Mapping[str, float]
    """Share of the words asked for that stand in it; of the same passages."""


def describe(
    order: Sequence[str],
    doc_of: Mapping[str, str],
    scores: Mapping[str, float],
    looks: Looks,
) -> dict[str, dict[str, float]]:
    """Features of each passage, given best first.

    doc_of: its article. scores: of those that were read closely. dense, lexical, aligned, telling,
    covered: see `Looks` and `Alignment`. The others are of the search as a whole: doubt, the
    entropy (nats) over the articles that may be meant; same_article, the share of the best
    passages that are the best article's.
    """
    whole = {
        "doubt": doubt({one: score for one, score in scores.items() if one in doc_of}, doc_of),
        "same_article": _same_article(order[:NEXT], doc_of),
    }
    return {
        one: {name: round(value, DECIMALS) for name, value in (_own(one, looks) | whole).items()}
        for one in order
    }


def _own(one: str, looks: Looks) -> dict[str, float]:
    floor = min(looks.dense.values(), default=0.0)
    found = {"dense": looks.dense.get(one, floor), "lexical": looks.lexical.get(one, 0.0)}
    if (read := looks.alignments.get(one)) is not None:
        found |= {"aligned": read.plain, "telling": read.score, "covered": looks.covered[one]}
    return found


def doubt(scores: Mapping[str, float], doc_of: Mapping[str, str]) -> float:
    """The entropy over articles, each by its best passage's score; 0 for one article or none."""
    best: dict[str, float] = {}
    for one, score in scores.items():
        best[doc_of[one]] = max(best.get(doc_of[one], score), score)
    top = max(best.values(), default=0.0)
    odds = [math.exp(SHARPNESS * (score - top)) for score in best.values()]
    total = sum(odds)
    return -sum(one / total * math.log(one / total) for one in odds if one > 0)


def _same_article(best: Sequence[str], doc_of: Mapping[str, str]) -> float:
    return sum(doc_of[one] == doc_of[best[0]] for one in best) / NEXT if best else 0.0
