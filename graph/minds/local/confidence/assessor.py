"""Does the answer that would be written answer the ask? A calibrated probability.

A logistic model over a handful of numbers: of the search (memory/knowledge/features.py), and of the
answer that the evidence makes (`written`).
Its coefficients stand in confidence.json with the data they were fitted on; `python -m evals
calibrate-default` makes such a file, and chose the features by leaving out one help centre at a time.
The shipped one was fitted on a part of the cases that the command takes: see docs/experiments.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from typing_extensions import override

from graph.minds.contract import Assessor, Confidence
from graph.minds.local.confidence import written
from graph.minds.local.confidence.missing import left_open, missing
from graph.minds.local.logistic import Logistic, load_logistic
from graph.minds.local.planning.referring import leans, points_back
from graph.minds.local.planning.vagueness import (
    bare,
    clarifying_question,
    told_beside,
    what_of_it,
)
from graph.state import Ask, Evidence, StepResult
from graph.text.codes import is_named_alone
from graph.text.disputed import disputes_a_charge
from graph.text.particulars import fitting, named_in, particulars
from graph.text.passages import headings
from graph.text.withdrawn import called_off
from graph.text.words import content_words, negations, numbers
from graph.thresholds import NEVER, Threshold
from memory.admission import compute
from memory.encoder.encoder import Encoder
from memory.knowledge import approved

MODEL = Path(__file__).with_name("confidence.json")
MOST_CITED = 8
"""Passages a reply is written from."""
CITED_WITHIN = 0.3
"""How far below the best a passage may score to be written from, too."""
FEATURES = ("doubt", "dense", "lead", *written.FEATURES)
"""What the model looks at. Chosen from some seventy, leaving out one help centre at a time; see
docs/experiments.md. The size of the base seemed to help, but only told whether articles had been
withheld."""
LED = "telling"
"""The look by which the best article's lead over the next one is measured."""
COPY = 0.7
"""Share of the words of two passages that both have, from which one is a copy of the other."""
FEWEST_OF_COPY = 6
"""Words of substance of such a passage: shorter ones are alike by chance."""
MANY_WORDS = 6
"""Words of substance above which an ask has said what it is about, with what was told before it: "can I
undo it?" points at something, and the sentence before named it. To ask what is meant would be deaf."""
SHORTFALL = 0.03
"""By how much the default's error may exceed the stated one, if nothing better is known."""
OWN_LEAD = "own_lead"
NEAR, AHEAD = 0.40, 0.13
"""Cosine of the best article in another language than the desk's, and its lead, from which it answers.
Chosen on 30 questions of our own to a small library in three languages (`tests/languages`): 11 of the 18
that it covers pass, all of them rightly, and none of the 12 that it does not."""
OWN_LANGUAGE = 0.74
"""The lower end of the interval around 11 of 11: so few cases show no more."""
UNSURE = 0.05
APPROVED = 0.9
"""Where a person sent the article that was found first to a question that says the same; see
`memory.knowledge.approved`."""
NAMED = 0.9
"""Where nothing is asked but what one code or number is, and one article alone has it: no other can be meant."""
HALF = 0.4
"""The most where one of the questions is left open: half an answer may be suggested, and is not sent."""
RECORD_CONFIDENCE = 0.99
"""Of a record that a tool gave, or of what a person told the agent."""


def default_threshold(max_error: float) -> Threshold:
    """The shipped threshold for a stated share of wrong answers: of the next smaller one stored.

    It was chosen on other companies' questions; `python -m evals calibrate` on the tenant's own
    is better. Where none is stored for so small an error: the most careful one, if it is at most
    `SHORTFALL` above it, and says so; otherwise one that delivers nothing.
    """
    stored = [Threshold(**one) for one in load_logistic(MODEL).about["thresholds"]]
    shown = [one for one in stored if one.sufficient]
    if fitting := [one for one in shown if one.max_error <= max_error]:
        return max(fitting, key=lambda one: one.max_error)
    careful = min(shown, key=lambda one: one.max_error)
    if careful.max_error <= max_error + SHORTFALL:
        return replace(careful, note=f"{careful.note} {_short(careful.max_error, max_error)}")
    return replace(
        min(stored, key=lambda one: one.max_error),
        threshold=NEVER,
        max_error=max_error,
        delivered=0,
        realised_error=None,
        coverage=0.0,
        sufficient=False,
        note=_short(min(one.max_error for one in shown), max_error),
    )


def _short(shown: float, stated: float) -> str:
    return (
        f"Other companies' cases show {shown:.0%} at best, not the stated {stated:.0%}: calibrate "
        "on questions of your own."
    )


def model_version() -> str:
    """12 hex digits of the model's file: a threshold holds for one model."""
    return hashlib.sha256(MODEL.read_bytes()).hexdigest()[:12]


class LocalAssessor(Assessor):
    """`Assessor` by a fitted model."""

    def __init__(self, encoder: Encoder | None = None, model: Logistic | None = None) -> None:
        """Without an encoder nothing is known of the written answer: it counts as average."""
        self._written = None if encoder is None else written.WrittenAnswer(encoder)
        self._model = model if model is not None else load_logistic(MODEL)

    @override
    async def confidence(self, ask: Ask, results: Sequence[StepResult]) -> Confidence:
        given = [item for result in results for item in result["evidence"]]
        if certain := [item["id"] for item in given if item["kind"] in {"tool", "guidance"}]:
            return Confidence(RECORD_CONFIDENCE, certain)
        found = ranking(given)
        if found and OWN_LEAD in found[0]["features"]:
            return _in_own_language(found)
        if called_off(ask["text"]) or disputes_a_charge(ask["text"]):
            return Confidence(0.0, [])
        # "What does that mean?" asks about what was told before it
        ranked = about(ask["query"] if points_back(ask["text"]) else ask["text"], found)
        question = None if _says_enough(ask) else clarifying_question(ask["text"], found)
        lacks = _displaced(ranked, found) or missing(ask["text"], ranked) if found else ""
        if lacks or not found:
            return Confidence(0.0, [], question, lacks=lacks)
        if bare(ask["query"]):
            return Confidence(0.0, [], what_of_it(ask["text"], found))
        cited = _cited(ranked)
        row = search_features(ranked)
        if self._written is not None:
            row |= await compute(self._written.features, ask, ranked, cited)
        value = self._model.probability(row)
        likeness = _approved(ask, results, ranked[0]["source"])
        if is_named_alone(ask["text"]) and _names_it(ask["text"], found):
            value = max(value, NAMED)
        if likeness is not None and question is None:
            value, row = max(value, APPROVED), {**row, approved.FEATURE: likeness}
        lacks = left_open(ask["text"], ranked)
        value = min(value, HALF) if lacks else value
        return Confidence(value, cited, question, {**row, "confidence": value}, lacks)


def _names_it(ask: str, found: Sequence[Evidence]) -> bool:
    """Whether the article that was found first names the very code that was asked about, and no other article does."""
    named = particulars(ask)
    sources = {one["source"] for one in found if named_in(named, f"{one['heading']} {one['text']}")}
    return sources == {found[0]["source"]}


def _says_enough(ask: Ask) -> bool:
    text, query = ask["text"], ask["query"]
    return len(set(content_words(query))) > MANY_WORDS or told_beside(text, query)


def _approved(ask: Ask, results: Sequence[StepResult], source: str) -> float | None:
    """How like it is to a question that a person sent this article to; None if there is none.

    Only the ask itself is such a question, not what else was searched for. Where it goes on from what was said
    elsewhere, the same words may ask for something else.
    """
    if points_back(ask["text"]) or leans(ask["text"]):
        return None
    likeness = (
        one["features"].get(approved.FEATURE)
        for result in results
        if result["arguments"].get("query") == ask["query"]
        for one in result["evidence"]
        if one["source"] == source
    )
    return next((one for one in likeness if one is not None), None)


def _in_own_language(found: Sequence[Evidence]) -> Confidence:
    """By the nearness of the best article in the customer's language alone, and its lead."""
    features = found[0]["features"]
    sure = features["multilingual"] >= NEAR and features[OWN_LEAD] >= AHEAD
    cited = [one["id"] for one in found if one["source"] == found[0]["source"]]
    return Confidence(OWN_LANGUAGE if sure else UNSURE, cited[:MOST_CITED], None)


def ranking(evidence: Sequence[Evidence]) -> list[Evidence]:
    """Passages of all steps, each once with its best score, best first."""
    best: dict[str, Evidence] = {}
    for item in evidence:
        if item["id"] not in best or item["score"] > best[item["id"]]["score"]:
            best[item["id"]] = item
    return sorted(best.values(), key=lambda item: (-item["score"], item["id"]))


def about(ask: str, ranked: Sequence[Evidence]) -> list[Evidence]:
    """Those that are about what the ask names in particular; see `graph.text.particulars`."""
    said = [(headings(one["text"], one["title"], one["heading"]), one["text"]) for one in ranked]
    fits = fitting(particulars(ask), said, mixed=True)
    return [one for one, fit in zip(ranked, fits, strict=True) if fit]


def _displaced(fitting: Sequence[Evidence], found: Sequence[Evidence]) -> str:
    """In words, that the article that was found first is about another thing than the ask names; empty if it is not.

    The next one was the right one for none of 30 asks of public help centres.
    """
    about = bool(fitting) and fitting[0]["source"] == found[0]["source"]
    return "" if about else "the nearest article is about another one than is named"


def search_features(ranked: Sequence[Evidence]) -> dict[str, float]:
    """What the search says, given the passages best first; one at least.

    A number that a search did not bring (evidence of an older release) counts as the average.
    """
    top = ranked[0]["features"]
    found = {name: top[name] for name in FEATURES if name in top}
    if LED in top:
        found["lead"] = _lead(ranked)
    return found


def _lead(ranked: Sequence[Evidence]) -> float:
    """How much nearer the best article is than the next that says something else; 0 if there is no other."""
    best: dict[str, float] = {}
    for one in ranked:
        if LED in one["features"]:
            best[one["source"]] = max(best.get(one["source"], 0.0), one["features"][LED])
    same = {one["source"] for one in ranked if _says_the_same(one, ranked[0])}
    others = [value for source, value in best.items() if source not in same]
    return best[ranked[0]["source"]] - max(others) if others else 0.0


def _says_the_same(one: Evidence, best: Evidence) -> bool:
    """Whether it is of the same article, or a copy of its passage: help centres keep several.

    A copy says more or less than the passage. What says another thing in its place, as of another product
    or with another figure, is a rival, and so is what denies it.
    """
    if one["source"] == best["source"]:
        return True
    own, other = set(content_words(one["text"])), set(content_words(best["text"]))
    less, more = sorted((own, other), key=len)
    same = less <= more and all(
        tell(one["text"]) == tell(best["text"]) for tell in (negations, numbers)
    )
    return same and len(own) >= FEWEST_OF_COPY and len(less) >= COPY * len(more)


def _cited(ranked: Sequence[Evidence]) -> list[str]:
    """The best, what is nearly as good, and what else was found of the best one's article."""
    best = ranked[0]
    kept = [
        item
        for item in ranked
        if item["score"] >= best["score"] - CITED_WITHIN or item["source"] == best["source"]
    ]
    return [item["id"] for item in kept[:MOST_CITED]]
