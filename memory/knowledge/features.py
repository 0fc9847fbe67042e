"""The numbers behind a hit, for the model that says how sure an answer is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from memory.knowledge.fulltext import Occurrences
from memory.knowledge.reading_closely import Alignment


def describe(
    doc_of: Mapping[str, str],
    dense: Mapping[str, float],
    lexical: Mapping[str, float],
    alignments: Mapping[str, Alignment],
    words: Occurrences,
) -> dict[str, dict[str, float]]:
    """Features of each passage, given best first with its article.

    dense, lexical: cosine of its nearest window; BM25. coverage, unseen: the share of the
    query's words, by rarity, that it has, and that no passage has. aligned, telling, weakest:
    see `Alignment`; where it was not read closely they are missing. *_lead: by how much it is
    ahead of the best passage of any other article (negative: behind).
    """
    floor = min(dense.values(), default=0.0)
    found: dict[str, dict[str, float]] = {}
    for one in doc_of:
        numbers = {
            "dense": dense.get(one, floor),
            "lexical": lexical.get(one, 0.0),
            "coverage": words.coverage(one),
            "unseen": words.unseen,
            "terms": float(len(words.passages)),
        }
        if (aligned := alignments.get(one)) is not None:
            numbers["aligned"] = aligned.plain
            numbers["telling"] = aligned.score
            numbers["weakest"] = aligned.weakest
        found[one] = numbers
    for name in ("dense", "lexical", "telling", "coverage"):
        _add_lead(name, found, doc_of)
    return {
        one: {name: round(value, 5) for name, value in numbers.items()}
        for one, numbers in found.items()
    }


def _add_lead(name: str, found: Mapping[str, dict[str, float]], doc_of: Mapping[str, str]) -> None:
    best: dict[str, float] = {}
    for one, numbers in found.items():
        doc = doc_of[one]
        best[doc] = max(best.get(doc, 0.0), numbers.get(name, 0.0))
    ranked: Sequence[tuple[str, float]] = sorted(best.items(), key=lambda item: -item[1])[:2]
    for one, numbers in found.items():
        rivals = [score for doc, score in ranked if doc != doc_of[one]]
        numbers[f"{name}_lead"] = numbers.get(name, 0.0) - (rivals[0] if rivals else 0.0)
