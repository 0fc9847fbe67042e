"""Which sentences and steps of the evidence answer an ask."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from graph.minds.local.writing.passages import Block, Kind, blocks
from graph.state import Ask
from graph.text.words import content_words
from memory.encoder.encoder import Encoder

MOST_SENTENCES = 5
"""Sentences of running text for one ask."""
MOST_STEPS = 12
"""Items of one list; a longer list is cut to its best stretch."""
MOST_BLOCKS = 3
CLOSE = 0.72
"""Share of the best score that a further block must reach."""
RANK_DISCOUNT = 0.06
"""What each place further down the evidence costs a passage."""
LEXICAL_SHARE = 0.35
STEPS_BONUS = 0.08
"""For a list of steps where the customer asks how to do something."""
HEADING_SHARE = 0.25
OWN_SHARE = 0.6
"""Weight of the ask's own words against the query with its context."""
FEWEST_WORDS = 3
"""Words of substance below which the context counts for more than the ask's own words."""

_HOW = re.compile(
    r"\bhow (?:do|can|to|would|should|could)\b|\bwhere (?:do|can|is|are)\b|\bwhat do (?:i|we) (?:click|need|have to)\b|\bsteps?\b|\bset ?up\b"
    r"|\b(?:i|we) (?:want|need|would like|'d like) to\b|\btrying to\b|\bhow\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Passage:
    """A piece of evidence to choose from."""

    id: str
    title: str
    text: str


@dataclass(frozen=True)
class Selection:
    """A paragraph of the reply, from one passage."""

    kind: Kind
    evidence: str
    lead: str
    units: tuple[str, ...]


@dataclass(frozen=True)
class _Scored:
    block: Block
    passage: Passage
    order: tuple[int, int]
    units: npt.NDArray[np.float64]
    score: float


class Selector:
    """Scores every sentence by meaning and words, then takes whole blocks or runs of sentences."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    def select(self, ask: Ask, passages: Sequence[Passage], banned: set[str]) -> list[Selection]:
        """Paragraphs in the order of the evidence; empty where nothing is left.

        `banned` statements are left out; of a list of steps the whole list, as a gap misleads.
        """
        scored = self._scored(ask, passages, banned)
        if not scored:
            return []
        best = max(one.score for one in scored)
        chosen = sorted(scored, key=lambda one: -one.score)[:MOST_BLOCKS]
        chosen = [one for one in chosen if one.score >= CLOSE * best]
        return _distinct([_selection(one) for one in sorted(chosen, key=lambda one: one.order)])

    def _scored(self, ask: Ask, passages: Sequence[Passage], banned: set[str]) -> list[_Scored]:
        found = [
            (rank, place, passage, left)
            for rank, passage in enumerate(passages)
            for place, block in enumerate(blocks(passage.text, passage.title))
            if (left := _without(block, banned)) is not None
        ]
        if not found:
            return []
        texts = [
            unit
            for _, _, _, block in found
            for unit in (block.lead or block.heading or block.text, *block.units)
        ]
        scores = self._likeness(ask, texts)
        how = bool(_HOW.search(ask["text"]))
        scored, start = [], 0
        for rank, place, passage, block in found:
            own = scores[start : start + 1 + len(block.units)]
            start += 1 + len(block.units)
            scored.append(_score(block, passage, (rank, place), own, how=how))
        return scored

    def _likeness(self, ask: Ask, texts: Sequence[str]) -> npt.NDArray[np.float64]:
        vectors = self._encoder.encode([ask["text"], ask["query"], *texts])
        own = set(content_words(ask["text"]))
        share = OWN_SHARE if len(own) >= FEWEST_WORDS else 1 - OWN_SHARE
        meaning = share * vectors[2:] @ vectors[0] + (1 - share) * vectors[2:] @ vectors[1]
        wanted = own if len(own) >= FEWEST_WORDS else own | set(content_words(ask["query"]))
        rows = [set(content_words(text)) for text in texts]
        common = {word: sum(word in row for row in rows) for word in wanted}
        weight = {word: np.log(1 + len(rows) / (1 + common[word])) for word in wanted}
        total = sum(weight.values()) or 1.0
        lexical = np.array([sum(weight[word] for word in wanted & row) / total for row in rows])
        found: npt.NDArray[np.float64] = (1 - LEXICAL_SHARE) * meaning + LEXICAL_SHARE * lexical
        return found


def _score(
    block: Block,
    passage: Passage,
    order: tuple[int, int],
    scores: npt.NDArray[np.float64],
    *,
    how: bool,
) -> _Scored:
    head, units = scores[0], scores[1:]
    listed = block.kind != "text"
    inner = 0.5 * (units.max() + units.mean()) if listed else float(units.max())
    score = (1 - HEADING_SHARE) * inner + HEADING_SHARE * max(head, inner)
    if how and block.kind == "steps":
        score += STEPS_BONUS
    return _Scored(block, passage, order, units, float(score) - RANK_DISCOUNT * order[0])


def _without(block: Block, banned: set[str]) -> Block | None:
    if block.kind == "steps" and banned & {block.lead, *block.units}:
        return None
    units = tuple(unit for unit in block.units if unit not in banned)
    lead = "" if block.lead in banned else block.lead
    return Block(block.kind, block.heading, lead, units) if units else None


def _selection(one: _Scored) -> Selection:
    block = one.block
    if block.kind == "text":
        kept = _run(one.units, MOST_SENTENCES)
        return Selection("text", one.passage.id, "", block.units[kept])
    if block.kind == "table":
        rows = sorted(np.argsort(-one.units)[:2].tolist())
        return Selection(
            "table", one.passage.id, block.lead, tuple(block.units[row] for row in rows)
        )
    return Selection(block.kind, one.passage.id, block.lead, block.units[:MOST_STEPS])


def _run(scores: npt.NDArray[np.float64], size: int) -> slice:
    """The best stretch of at most `size` sentences: a sentence out of its place misleads."""
    if len(scores) <= size:
        return slice(0, len(scores))
    sums = np.convolve(scores, np.ones(size), "valid")
    start = int(sums.argmax())
    return slice(start, start + size)


def _distinct(found: list[Selection]) -> list[Selection]:
    """Overlapping passages bring the same sentence twice; it is said once."""
    said: set[str] = set()
    kept = []
    for one in found:
        units = one.units if one.kind == "steps" else tuple(u for u in one.units if u not in said)
        if units and not set(units) <= said:
            kept.append(Selection(one.kind, one.evidence, one.lead, units))
            said |= set(units)
    return kept
