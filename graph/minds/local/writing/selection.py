"""Which sentences, steps, items and rows of the evidence answer an ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from graph.minds.local.planning.joints import questions
from graph.minds.local.planning.referring import refers
from graph.minds.local.writing.asked import Form, form_of
from graph.minds.local.writing.beside import companions, rule_first
from graph.minds.local.writing.choosing import FEWEST_WORDS, answering
from graph.minds.local.writing.narrowing import (
    narrowed,
    needs_heading,
    points_back,
    whole_thought,
)
from graph.minds.local.writing.nearness import scored
from graph.minds.local.writing.parts import Selection, bounded, distinct, told_apart
from graph.minds.local.writing.scored import Passage, Scored, of_the_case
from graph.minds.local.writing.statements import instructs, unanswered
from graph.minds.local.writing.values import opening_by_figure
from graph.minds.local.writing.yes_no import (
    answers_another,
    opening,
    opening_by_case,
    opening_of_a_cell,
    settled_at,
)
from graph.state import Ask
from graph.text.bounds import met, stated
from graph.text.particulars import Particulars, fitting, named_in, particulars, subjects
from graph.text.passages import Block, blocks, headings
from graph.text.requests import PROBLEM
from graph.text.words import content_words, says
from memory.encoder.encoder import SentenceEncoder

MOST_QUESTIONS = 4
"""Single questions of one ask that are answered each."""
FEWEST_OWN = 2
"""Words of substance of such a question that say what it is about: "Will you cut us off?" needs what was told before."""
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
            query = one if says(one, FEWEST_OWN) else ask["query"]
            answer += self._one({**ask, "text": one, "query": query}, own, banned, context)[0]
        return told_apart(distinct(bounded([*answer, *beside], len(answer))))

    def _one(
        self, ask: Ask, passages: Sequence[Passage], banned: set[str], context: str = ""
    ) -> tuple[list[Selection], list[Selection]]:
        """What answers a single question, and what else is needed.

        `context`: what was asked besides, if it points there: it may name the row of a table.
        """
        wanted = _about(ask)
        form = form_of(ask["text"])
        troubled = form == "open" and PROBLEM.search(ask["text"]) is not None
        if troubled:
            form = "how"  # what does not work is told so that the way out is told
        fitted = _fitting(wanted, passages)
        near = self._scored(ask, fitted, banned, form, troubled=troubled)
        if not near:
            return [], []
        near = of_the_case(near, set(content_words(ask["text"])))
        best = answering(near, form, ask["text"], ask["query"])
        said = ask["text"] if says(ask["text"], FEWEST_WORDS) else ask["query"]
        rest = companions(best, near, ask["text"], form, ask["query"])
        opens = rule_first(best, rest, near, said) if form == "yes_no" else [best]
        named = context or ask["query"]
        told = [_selection(one, ask, form, named) for one in opens]
        first = told[0]
        if form != "yes_no" or _below_another(opens[0], ask):
            first = _asked(first, opens[0].block)
        beside = [
            _asked(_selection(one, ask, form, named), one.block)
            for one in rest
            if one is not opens[0]
        ]
        opened = _opened(first, ask, f"{opens[0].passage.title} {' '.join(opens[0].block.path)}")
        return [replace(opened, ahead=len(opens) > 1), *told[1:]], beside

    def _scored(
        self,
        ask: Ask,
        passages: Sequence[Passage],
        banned: set[str],
        form: Form,
        *,
        troubled: bool,
    ) -> list[Scored]:
        """All that may be told, by how near it is."""
        wanted = _about(ask)
        found = [
            (rank, place, passage, left, before)
            for rank, passage in enumerate(passages)
            for place, (block, before) in enumerate(_with_before(passage, wanted))
            if (left := _without(block, banned)) is not None
        ]
        if not found:
            return []
        return scored(self._encoder, ask, found, passages, form, troubled=troubled)


def _about(ask: Ask) -> Particulars:
    """What the ask names; the device also from what was told before it."""
    wanted = particulars(ask["text"])
    told = wanted.platforms or particulars(ask["query"]).platforms
    return replace(wanted, platforms=told)


def _fitting(wanted: Particulars, passages: Sequence[Passage]) -> list[Passage]:
    """Those about what was asked, in their order; none where all are about another thing."""
    said = [(headings(one.text, one.title, one.heading), one.text) for one in passages]
    fits = fitting(wanted, said, mixed=True)
    return [one for one, fit in zip(passages, fits, strict=True) if fit]


def _source(selection: Selection, passages: Sequence[Passage]) -> str:
    return next(one.source for one in passages if one.id == selection.evidence)


def _with_before(passage: Passage, wanted: Particulars) -> list[tuple[Block, str]]:
    """The passage's blocks that fit, each with the sentence before it."""
    told = blocks(passage.text, passage.title, passage.heading)
    found = [one for one in told if not _is_button(one, passage.title)]
    ends = [(one.path, one.units[-1] if one.kind == "text" else "") for one in found]
    before = [
        "",
        *(
            end if path == one.path else ""
            for (path, end), one in zip(ends, found[1:], strict=False)
        ),
    ]
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
    named = named_in(particulars(ask["text"]), heading) and "?" not in heading
    leaning = kept.kind == "text" and bool(heading) and (named or needs_heading(units[0], heading))
    lead = f"{heading}:" if leaning and heading[-1].isalnum() else kept.lead
    return Selection(kept.kind, one.passage.id, lead, units, start=kept.start, heading=heading)


def _below_another(one: Scored, ask: Ask) -> bool:
    """Whether its yes or no belongs to the question above it, and need not hold for the one that is asked.

    Nor does it for a figure of the customer that is out of its bounds: "Yes, from 150 on", told 120.
    """
    question, told = _question(one.block), " ".join((one.passage.title, *one.block.units))
    out = any(not within for _, within in met(stated(ask["query"]), one.block.units[0]))
    return bool(question) and (out or answers_another(ask["text"], question, told))


def _question(block: Block) -> str:
    return block.path[-1] if block.path and block.path[-1].endswith("?") else ""


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
    return replace(told, lead=_question(block) or told.lead)


def _opened(answer: Selection, ask: Ask, above: str) -> Selection:
    """With yes or no before a sentence that says so; that sentence then comes first.

    `above`: the titles under which it stands.
    """
    if answer.kind == "table" and len(answer.units) == 1:
        return replace(answer, opening=opening_of_a_cell(ask["text"], answer.units[0]))
    if answer.kind == "bullets" and len(answer.units) == 1:
        needed = f"{answer.lead} {answer.units[0]}"
        return replace(answer, opening=opening_by_figure(ask["text"], ask["query"], needed))
    if answer.kind != "text":
        return answer
    at = settled_at(ask["text"], answer.units, above)
    said = opening(ask["text"], answer.units[at], above)
    if at and not points_back(answer.units[at]):
        answer = replace(answer, units=answer.units[at:], lead="")
    for one in () if said else answer.units:
        figure = opening_by_figure(ask["text"], ask["query"], one)
        if figure := figure or opening_by_case(ask["text"], ask["query"], one):
            rest = tuple(other for other in answer.units if other != one)
            moved = answer.units if points_back(one) else (one, *rest)
            return replace(answer, opening=figure, units=moved)
    return replace(answer, opening=said)
