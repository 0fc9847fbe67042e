"""Does the evidence answer the ask? Retrieval scores to a calibrated probability.

A logistic model over a handful of numbers that every search brings (memory/knowledge/features.py).
Its coefficients stand in confidence.json with the data they were fitted on; `python -m evals
calibrate-default` makes that file, and chose the features by leaving out one help centre at a time.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from graph.minds.contract import Confidence
from graph.minds.local.logistic import HERE, Logistic, load_logistic
from graph.minds.local.words import content_words
from graph.state import Ask, Evidence, StepResult

MODEL = HERE / "confidence.json"
MOST_CITED = 4
"""Passages a reply is written from."""
CITED_WITHIN = 0.3
"""How far below the best a passage may score to be written from, too."""
RIVALS_WITHIN = 0.1
"""How close another article must come to make a short ask ambiguous."""
VAGUE_WORDS = 2
"""Words with a meaning below or at which an ask with close rivals is too vague."""
OFFERED = 3
"""Titles that a clarifying question offers."""
RECORD_CONFIDENCE = 0.99
"""Of a record that a tool gave, or of what a person told the agent."""


def default_threshold(max_error: float) -> float:
    """The shipped threshold for a stated share of wrong answers: of the next smaller one stored.

    It was chosen on other companies' questions; `python -m evals calibrate` on the tenant's own
    is better. 1.0, which delivers nothing, where none is stored for so small an error.
    """
    stored = load_logistic(MODEL).about["thresholds"]
    fitting = [float(error) for error in stored if float(error) <= max_error]
    return float(stored[str(max(fitting))]) if fitting else 1.0


class LocalAssessor:
    """`Assessor` by a fitted model."""

    def __init__(self, model: Logistic | None = None) -> None:
        self._model = model if model is not None else load_logistic(MODEL)

    async def confidence(self, ask: Ask, results: Sequence[StepResult]) -> Confidence:
        """See `Assessor.confidence`."""
        given = [item for result in results for item in result["evidence"]]
        if certain := [item["id"] for item in given if item["kind"] in {"tool", "guidance"}]:
            return Confidence(RECORD_CONFIDENCE, certain)
        ranked = ranking(given)
        question = clarifying_question(ask["text"], ranked)
        if not ranked:
            return Confidence(0.0, [], question)
        row = answer_features(ranked)
        value = self._model.probability(row)
        return Confidence(value, _cited(ranked), question, {**row, "confidence": value})


def ranking(evidence: Sequence[Evidence]) -> list[Evidence]:
    """Passages of all steps, each once with its best score, best first."""
    best: dict[str, Evidence] = {}
    for item in evidence:
        if item["id"] not in best or item["score"] > best[item["id"]]["score"]:
            best[item["id"]] = item
    return sorted(best.values(), key=lambda item: (-item["score"], item["id"]))


def answer_features(ranked: Sequence[Evidence]) -> dict[str, float]:
    """What the model looks at, given the passages best first; one at least.

    Chosen from some twenty, leaving out one help centre at a time: the others (coverage of the
    words, their rarity, agreement of the two searches, spread of the scores) added nothing.
    """
    top = ranked[0]["features"]
    return {
        "telling_lead": top.get("telling_lead", 0.0),
        "dense_lead": top.get("dense_lead", 0.0),
        "aligned": top.get("aligned", 0.0),
        "telling": top.get("telling", 0.0),
        "lexical": math.log1p(max(top.get("lexical", 0.0), 0.0)),
    }


def clarifying_question(ask: str, ranked: Sequence[Evidence]) -> str | None:
    """A question where the ask is too vague to be answered, None where it is not."""
    words = set(content_words(ask))
    if not words:
        return (
            "Could you tell us what you need help with, and which product or feature it is about?"
        )
    if len(words) > VAGUE_WORDS or not ranked:
        return None
    near = [item for item in ranked if ranked[0]["score"] - item["score"] <= RIVALS_WITHIN]
    titles = list(dict.fromkeys(item["title"] for item in near if item["title"]))[:OFFERED]
    if len(titles) < 2:  # noqa: PLR2004
        return None
    offered = ", ".join(f"“{title}”" for title in titles[:-1])
    return f"Is it about {offered} or “{titles[-1]}”, or about something else?"


def _cited(ranked: Sequence[Evidence]) -> list[str]:
    floor = ranked[0]["score"] - CITED_WITHIN
    return [item["id"] for item in ranked[:MOST_CITED] if item["score"] >= floor]
