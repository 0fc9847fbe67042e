"""Which block opens an answer, and what is told besides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from graph.minds.local.writing.asked import (
    Form,
    allows,
    excepts,
    fits_a_case,
    goes_on,
    holds_a_value,
    instructs,
    leans,
    refuses,
)
from graph.minds.local.writing.narrowing import names_a_row
from graph.text.particulars import undoes
from graph.text.passages import Block, Kind
from graph.text.words import NEGATIONS, content_words, words

ALL_OF_THEM = frozenset({"all", "both", "each", "every", "these"})
MOST_BLOCKS = 4
WAY_FLOOR = 0.65
"""Share of the best score with which the way comes before what scored best."""
CLOSE = 0.62
"""Share of the best score that a further block of the same article must reach."""
CLOSE_BESIDE = 0.5
"""The same under the same heading."""
SHORTER = 0.06
"""How much nearer it must be where a value or a yes or no was asked for."""
CLOSE_STEPS = 0.94
"""The same of a second list of steps: it is probably the way to something else."""
CLOSE_QUESTION = 0.85
"""The same of what answers another question of a list: as near as that, it may be the one that was meant."""


@dataclass(frozen=True)
class Passage:
    """A piece of evidence to choose from."""

    id: str
    title: str
    text: str
    heading: str = ""
    source: str = ""
    """The article it is from."""


@dataclass(frozen=True)
class Scored:
    """A block with how near it is to the ask."""

    block: Block
    passage: Passage
    order: tuple[int, int]
    before: str
    """The sentence before its first one."""
    units: npt.NDArray[np.float64]
    score: float


def answering(scored: Sequence[Scored], form: Form, asked: str) -> Scored:
    """The best block; to a how the best way that its article shows, if it is about as near.

    And to a how much not the way, where the article tells the value by itself: a step may name another one.
    """
    best = _led_to(max(scored, key=lambda one: one.score), scored)
    if form == "value" and best.block.kind == "steps":
        return _nearest(best, scored, lambda block: _tells_a_value(block, asked))
    if form != "how" or best.block.kind == "code" or refuses(best.block.units[0]):
        return best
    return _nearest(best, scored, _shows_a_way)


def _nearest(best: Scored, scored: Sequence[Scored], fits: Callable[[Block], bool]) -> Scored:
    """The best block of its article that fits, if it is about as near; else the best one itself."""
    own = [one for one in scored if one.passage.source == best.passage.source and fits(one.block)]
    near = max(own, key=lambda one: one.score, default=best)
    return near if near.score >= WAY_FLOOR * best.score else best


def _tells_a_value(block: Block, asked: str) -> bool:
    alone = block.kind not in {"steps", "code"}
    return alone and any(holds_a_value(unit, asked) for unit in block.units)


def _led_to(best: Scored, scored: Sequence[Scored]) -> Scored:
    """The way right below a sentence that only says when it helps, as near as that sentence is."""
    if best.block.kind != "text" or not fits_a_case(best.block.units[-1]):
        return best
    rank, place = best.order
    for one in scored:
        right_below = one.order == (rank, place + 1) and one.block.heading == best.block.heading
        if right_below and one.block.kind in {"steps", "code"}:
            return replace(one, score=best.score)
    return best


def _shows_a_way(block: Block) -> bool:
    return block.kind == "steps" or (block.kind == "text" and instructs(block.units[0]))


def companions(best: Scored, scored: Sequence[Scored], asked: str, form: Form) -> list[Scored]:
    """What else is needed: near blocks of the same article, in its order; of a table named rows only.

    Who wants to take something back is not told the way to do it.
    """
    own = [
        one
        for one in scored
        if one.passage.source == best.passage.source and one.order != best.order
    ]
    ranked, undoing = sorted(own, key=lambda one: -one.score), undoes(asked)
    kept = [
        one
        for one in ranked
        if one.score >= _floor(best, one, form) * best.score
        and (one.block.kind != "table" or names_a_row(one.block, asked))
        and not (undoing and _does_it(one.block))
        and (
            one.score >= CLOSE_QUESTION * best.score or not _answers_another(one.block, best.block)
        )
        and not _defines_another(one.block, best.block, asked)
    ]
    chosen = kept[: MOST_BLOCKS - 1]
    bounds = [
        one
        for step in (best, *chosen)
        for one in (*_bound(step, scored), *_resumed(step, scored), *_place_of(step, scored))
    ]
    chosen += [one for one in bounds if all(one is not other for other in (best, *chosen))]
    return sorted(chosen, key=lambda one: (not _is_led_by(best, one), one.order))


def _answers_another(block: Block, best: Block) -> bool:
    """Whether it stands below another question of the list of questions in which the answer stands."""
    own, other = (one.path[-1] if one.path else "" for one in (best, block))
    return own.endswith("?") and other.endswith("?") and other not in best.path


def _defines_another(block: Block, best: Block, asked: str) -> bool:
    """Whether the ask names the term that the answer defines, and not this one."""
    said, term, other = (set(content_words(text)) for text in (asked, best.term, block.term))
    return bool(term and other) and bool(said & (term - other)) and not said & (other - term)


def _does_it(block: Block) -> bool:
    """Whether it is the way to do what the ask wants to be undone: "Can I take the order back?"."""
    return block.kind == "steps" and not undoes(" ".join((block.lead, *block.units)))


def _is_led_by(best: Scored, one: Scored) -> bool:
    """Whether a list goes on from the best block, which is a part of its lead."""
    return best.block.kind == "text" and one.block.lead.startswith(best.block.units[0])


def _bound(told: Scored, scored: Sequence[Scored]) -> list[Scored]:
    """The paragraph right before steps or a table, if it says where they do not hold, or of what all rows are."""
    match told.block.kind:
        case "steps":
            needed = _restricts
        case "table":
            needed = _of_all
        case _:
            return []
    return [one for one in _right_above(told, scored, "text") if needed(one.block)]


def _right_above(told: Scored, scored: Sequence[Scored], kind: Kind) -> list[Scored]:
    """The block right before it, if it is of that kind and stands under the same heading."""
    rank, place = told.order
    return [
        one
        for one in scored
        if one.order == (rank, place - 1)
        and one.block.kind == kind
        and one.block.path == told.block.path
    ]


def _restricts(block: Block) -> bool:
    return bool(NEGATIONS & set(words(" ".join(block.units))))


def _of_all(block: Block) -> bool:
    """Whether it begins as what holds for each row: a price for each person misleads without it."""
    return block.units[0].split(" ", 1)[0].casefold() in ALL_OF_THEM


def _place_of(best: Scored, scored: Sequence[Scored]) -> list[Scored]:
    """The last block before it that names a way through menus, where its first sentence leans on one."""
    if best.block.kind != "text" or not leans(best.block.units[0]):
        return []
    before = [
        one
        for one in scored
        if one.passage.source == best.passage.source
        and one.order < best.order
        and any(" > " in unit for unit in one.block.units)
    ]
    return [max(before, key=lambda one: one.order)] if before else []


def _resumed(text: Scored, scored: Sequence[Scored]) -> list[Scored]:
    """The steps right above a paragraph that says what to do when they did not help."""
    if text.block.kind != "text" or not goes_on(text.block.units[0]):
        return []
    return _right_above(text, scored, "steps")


def _floor(best: Scored, one: Scored, form: Form) -> float:
    if one.block.kind == best.block.kind == "steps":
        return CLOSE_STEPS
    if one.passage.id == best.passage.id and one.block.path == best.block.path:
        return CLOSE_BESIDE
    return CLOSE + (SHORTER if form in {"value", "yes_no"} else 0.0)


def rule_first(best: Scored, beside: Sequence[Scored], asked: str) -> list[Scored]:
    """What opens the answer: what is possible at all before when it is not, if that is told beside.

    An ask about just the excepted case keeps its exception alone.
    """
    case = excepts(best.block.lead, best.block.units[0])
    rules = [one for one in beside if case and _is_rule(one, best, asked)]
    if not rules:
        return [best]
    rule = max(rules, key=lambda one: (one.block.kind == "table", one.score))
    own = set(content_words(case)) - set(content_words(" ".join(rule.block.units)))
    return [best] if own & set(content_words(asked)) else [rule, best]


def _is_rule(one: Scored, best: Scored, asked: str) -> bool:
    """Whether it says in words, or by the row that was named, what is possible with the same thing."""
    if one.passage.source != best.passage.source:
        return False
    if one.block.kind == "table":
        return names_a_row(one.block, asked)
    return allows(one.block.units[0])
