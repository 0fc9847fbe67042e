"""The numbers behind a hit, for the model that says how sure an answer is."""

from __future__ import annotations

from collections.abc import Mapping

from memory.knowledge.reading_closely import Alignment

LEADS = ("dense", "lexical", "telling")
"""Numbers by which a passage is compared with those of other articles."""


def describe(
    doc_of: Mapping[str, str],
    dense: Mapping[str, float],
    lexical: Mapping[str, float],
    alignments: Mapping[str, Alignment],
) -> dict[str, dict[str, float]]:
    """Features of each passage, given with its article.

    dense, lexical: cosine of its nearest window; BM25. aligned, telling: see `Alignment`; missing
    where it was not read closely. *_lead: by how much it is ahead of the best passage of any
    other article (negative: behind).
    """
    floor = min(dense.values(), default=0.0)
    found: dict[str, dict[str, float]] = {}
    for one in doc_of:
        found[one] = {"dense": dense.get(one, floor), "lexical": lexical.get(one, 0.0)}
        if (read := alignments.get(one)) is not None:
            found[one] |= {"aligned": read.plain, "telling": read.score}
    for name in LEADS:
        _add_lead(name, found, doc_of)
    return {
        one: {name: round(value, 5) for name, value in numbers.items()}
        for one, numbers in found.items()
    }


def _add_lead(name: str, found: Mapping[str, dict[str, float]], doc_of: Mapping[str, str]) -> None:
    best: dict[str, float] = {}
    for one, numbers in found.items():
        best[doc_of[one]] = max(best.get(doc_of[one], 0.0), numbers.get(name, 0.0))
    first_two = sorted(best.items(), key=lambda item: -item[1])[:2]
    for one, numbers in found.items():
        rival = next((score for doc, score in first_two if doc != doc_of[one]), 0.0)
        numbers[f"{name}_lead"] = numbers.get(name, 0.0) - rival
