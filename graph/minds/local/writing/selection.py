"""Which sentences, steps, items and rows of the evidence answer an ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from graph.minds.local.planning.asks import questions
from graph.minds.local.planning.referring import refers
from graph.minds.local.writing.asked import (
    Form,
    form_of,
    holds_a_value,
    instructs,
    leans,
    mends,
    opening,
    unanswered,
)
from graph.minds.local.writing.choosing import Passage, Scored, answering, companions, rule_first
from graph.minds.local.writing.narrowing import names_a_row, narrowed, whole_thought
from graph.minds.local.writing.parts import Selection, bounded, distinct, told_apart
from graph.state import Ask
from graph.text.ages import ages, holds_for
from graph.text.particulars import Particulars, fitting, particulars, subjects, undoes
from graph.text.passages import Block, blocks
from graph.text.requests import PROBLEM
from graph.text.words import content_words
from memory.encoder.encoder import SentenceEncoder

MOST_QUESTIONS = 4
"""Single questions of one ask that are answered each."""
RANK_DISCOUNT = 0.1
"""What each article before its own costs a passage."""
PLACE_DISCOUNT = 0.01
"""What each passage before it costs, of whichever article."""
LEXICAL_SHARE = 0.35
STEPS_BONUS = 0.08
"""For a list of steps where the customer asks how to do something."""
VALUE_BONUS = 0.04
"""For a block with a figure where the customer asks how much or when."""
UNDO_BONUS = 0.08
"""For a block about undoing where the customer wants to undo something."""
MENDS_BONUS = 0.06
"""For a block that says what to do where the customer tells of a trouble."""
NAMED_BONUS = 0.06
"""For a table of which the customer names a row."""
AGE_BONUS = 0.15
"""For a block that holds for the age of somebody whom the customer speaks of."""
HEADING_SHARE = 0.25
OWN_SHARE = 0.6
"""Weight of the ask's own words against the query with its context."""
FEWEST_WORDS = 3
"""Words of substance below which the context counts for more than the ask's own words."""

MOST_BUTTON_WORDS = 5
"""Words of substance behind the verb of a button."""


class Selector:
    """Scores every sentence by meaning and words, then takes whole blocks or runs of sentences."""

    def __init__(self, encoder: SentenceEncoder) -> None:
        self._encoder = encoder

    def select(self, ask: Ask, passages: Sequence[Passage], banned: set[str]) -> list[Selection]:
        """Paragraphs, the answer first; empty if nothing is left.

        `banned` statements are left out; of a list of steps the whole list, as a gap misleads.
        """
        answer, beside = self._one(ask, passages, banned)
        asked = questions(ask["text"])[:MOST_QUESTIONS]
        if not answer or len(asked) <= 1:
            return told_apart(distinct(bounded([*answer, *beside])))
        own = [one for one in passages if one.source == _source(answer[0], passages)]
        for one in asked:  # the article is found: what was told before would hide the question
            context = ask["text"] if refers(one) else ""
            answer += self._one({**ask, "text": one, "query": one}, own, banned, context)[0]
        return told_apart(distinct(bounded([*answer, *beside], len(answer))))

    def _one(
        self, ask: Ask, passages: Sequence[Passage], banned: set[str], context: str = ""
    ) -> tuple[list[Selection], list[Selection]]:
        """What answers a single question, and what else is needed.

        `context`: what was asked besides, if it points there: it may name the row of a table.
        """
        wanted = particulars(ask["text"])
        form = form_of(ask["text"])
        troubled = form == "open" and PROBLEM.search(ask["text"]) is not None
        if troubled:
            form = "how"  # what does not work is told so that the way out is told
        fitted = _fitting(wanted, passages)
        scored = self._scored(ask, fitted, banned, form, MENDS_BONUS if troubled else 0.0)
        if not scored:
            return [], []
        best = answering(scored, form, ask["text"])
        rest = companions(best, scored, ask["text"], form)
        opens = rule_first(best, rest, ask["text"]) if form == "yes_no" else [best]
        named = context or ask["query"]
        told = [_selection(one, ask, form, named) for one in opens]
        first = told[0] if form == "yes_no" else _asked(told[0], opens[0].block)
        beside = [
            _asked(_selection(one, ask, form, named), one.block)
            for one in rest
            if one is not opens[0]
        ]
        return [replace(_opened(first, ask), ahead=len(opens) > 1), *told[1:]], beside

    def _scored(
        self,
        ask: Ask,
        passages: Sequence[Passage],
        banned: set[str],
        form: Form,
        mending: float,
    ) -> list[Scored]:
        """All that may be told, by how near it is; `mending`: what it gains that says what to do."""
        wanted = particulars(ask["text"])
        found = [
            (rank, place, passage, left, before)
            for rank, passage in enumerate(passages)
            for place, (block, before) in enumerate(_with_before(passage, wanted))
            if (left := _without(block, banned)) is not None
        ]
        if not found:
            return []
        texts = [unit for _, _, _, block, _ in found for unit in _compared(block)]
        scores = self._likeness(ask, texts)
        undoing, discounts = undoes(ask["text"]), _discounts(passages)
        told = ages(ask["query"])
        scored, start = [], 0
        for rank, place, passage, block, before in found:
            own = scores[start : start + 1 + len(block.units)]
            start += 1 + len(block.units)
            score = _score(block, own, form, ask["text"]) - discounts[rank]
            if block.kind == "table" and form != "how" and names_a_row(block, ask["text"]):
                score += NAMED_BONUS
            if mending and any(map(mends, block.units)):
                score += mending
            if any(holds_for(unit, age) for unit in block.units for age in told):
                score += AGE_BONUS
            if (
                undoing
                and passage.source == passages[0].source
                and undoes(f"{_head(block)} {' '.join(block.units)}")
            ):
                score += UNDO_BONUS
            scored.append(Scored(block, passage, (rank, place), before, own[1:], score))
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


def _fitting(wanted: Particulars, passages: Sequence[Passage]) -> list[Passage]:
    """Those about what was asked, in their order; none where all are about another thing."""
    fits = fitting(wanted, [(f"{one.title} {one.heading}", one.text) for one in passages])
    return [one for one, fit in zip(passages, fits, strict=True) if fit]


def _discounts(passages: Sequence[Passage]) -> list[float]:
    """What each passage's place costs it: further parts of the best article cost little."""
    articles = list(dict.fromkeys(one.source for one in passages))
    return [
        RANK_DISCOUNT * articles.index(one.source) + PLACE_DISCOUNT * place
        for place, one in enumerate(passages)
    ]


def _source(selection: Selection, passages: Sequence[Passage]) -> str:
    return next(one.source for one in passages if one.id == selection.evidence)


def _with_before(passage: Passage, wanted: Particulars) -> list[tuple[Block, str]]:
    """The passage's blocks that fit, each with the sentence before it."""
    told = blocks(passage.text, passage.title, passage.heading)
    found = [one for one in told if not _is_button(one, passage.title)]
    before = ["", *(one.units[-1] if one.kind == "text" else "" for one in found)]
    texts = [(one.path, " ".join((one.lead, *one.units))) for one in found]
    heads = [f"{passage.title} {one.heading} {one.lead}" for one in found]
    about = [
        f"{text} {above}" for (_, text), above in zip(texts, subjects(wanted, texts), strict=True)
    ]
    fits = fitting(wanted, list(zip(heads, about, strict=True))) if found else []
    return [pair for pair, fit in zip(zip(found, before, strict=False), fits, strict=True) if fit]


def _is_button(block: Block, title: str) -> bool:
    """Whether it is the words of a button or a link alone, "Choose a plan to cancel": the title says as much."""
    said = block.units[0]
    if block.kind != "text" or len(block.units) > 1 or not said[-1:].isalpha():
        return False
    words = content_words(said)[1:]
    return (
        len(words) < MOST_BUTTON_WORDS
        and instructs(said)
        and set(words) <= {*content_words(title), "now"}
    )


def sentences_of(title: str, heading: str, text: str) -> list[str]:
    """All of a passage that asks are set beside, to be encoded beforehand."""
    return [one for block in blocks(text, title, heading) for one in _compared(block)]


def _compared(block: Block) -> list[str]:
    return [_head(block), *(_read(block, unit) for unit in block.units)]


def _head(block: Block) -> str:
    return block.lead or block.heading or " ".join(block.units)[:400]


def _read(block: Block, unit: str) -> str:
    """A unit as it is compared: an item says little without what leads it in."""
    return f"{block.lead} {unit}" if block.kind == "bullets" else unit


def _score(block: Block, scores: npt.NDArray[np.float64], form: Form, asked: str) -> float:
    head, units = scores[0], scores[1:]
    listed = block.kind != "text"
    inner = 0.5 * (units.max() + units.mean()) if listed else float(units.max())
    if block.kind == "table":
        inner = float(units.max())
    score = (1 - HEADING_SHARE) * inner + HEADING_SHARE * max(head, inner)
    if form == "how" and (block.kind == "steps" or instructs(block.units[0])):
        score += STEPS_BONUS
    if form == "value" and any(holds_a_value(unit, asked) for unit in block.units):
        score += VALUE_BONUS
    return float(score)


def _without(block: Block, banned: set[str]) -> Block | None:
    if block.kind == "steps" and banned & {block.lead, *block.units}:
        return None
    if block.lead in banned:
        return None
    kept = [place for place, unit in enumerate(block.units) if unit not in banned]
    if block.kind == "text":  # what introduces nothing says nothing
        kept = [place for place in kept if not block.units[place].endswith(":")]
    rows = tuple(block.rows[place] for place in kept) if block.rows else ()
    units = tuple(block.units[place] for place in kept)
    return replace(block, units=units, rows=rows) if units else None


def _selection(one: Scored, ask: Ask, form: Form, context: str) -> Selection:
    kept = narrowed(one.block, one.units, ask["text"], form, context)
    units = whole_thought(kept.units, one.before) if kept.kind == "text" else kept.units
    heading = kept.path[-1] if kept.path and not kept.path[-1].endswith("?") else ""
    leaning = kept.kind == "text" and bool(heading) and leans(units[0])
    lead = f"{heading}:" if leaning and heading[-1].isalnum() else kept.lead
    return Selection(kept.kind, one.passage.id, lead, units, start=kept.start, heading=heading)


def _asked(told: Selection, block: Block) -> Selection:
    """Without the "No," or "Absolutely." to a question that stands above it and was not asked.

    What does not stand without it, as "Yes, if you are on Team.", is led in by its question.
    """
    if told.kind != "text" or not (stands := unanswered(told.units[0])):
        return told
    if stands != told.units[0]:
        return replace(told, units=(stands, *told.units[1:]))
    if len(told.units) > 1 and " " not in told.units[0]:
        return replace(told, units=told.units[1:])
    question = block.path[-1] if block.path and block.path[-1].endswith("?") else ""
    return replace(told, lead=question or told.lead)


def _opened(answer: Selection, ask: Ask) -> Selection:
    """With yes or no before a sentence that says so; that sentence then comes first."""
    if answer.kind != "text":
        return answer
    return replace(answer, opening=opening(ask["text"], answer.units[0]))
