"""What is told with an answer because it says less, or misleads, without it."""

from __future__ import annotations

from collections.abc import Sequence

from graph.minds.local.writing.narrowing import points_back
from graph.minds.local.writing.scored import Scored, right_above
from graph.minds.local.writing.statements import goes_on, is_a_case, leans
from graph.minds.local.writing.value_blocks import tells_each, tells_of_it
from graph.minds.local.writing.values import asks_a_figure, holds_a_value
from graph.text.offers import asks_a_price
from graph.text.passages import Block
from graph.text.words import NEGATIONS, words
from memory.patterns import linear

_OF_CODE = linear(
    r"\b(?:the|this|that) (?:script|command|snippet|query|code (?:above|below)|macro|formula)\b",
    ignore_case=True,
)
ALL_OF_THEM = frozenset({"all", "both", "each", "every", "these"})


def needed_with(told: Sequence[Scored], scored: Sequence[Scored], asked: str) -> list[Scored]:
    """What these blocks need beside them, the first of which is the answer."""
    best = told[0]
    bounds = [
        one
        for step in told
        for one in (*_bound(step, scored), *_resumed(step, scored), *_place_of(step, scored))
    ]
    return [
        *bounds,
        *_cases(best, scored),
        *_prices(told, scored, asked),
        *_values_after(best, scored, asked),
        *_code_of(best, scored),
    ]


def _cases(told: Scored, scored: Sequence[Scored]) -> list[Scored]:
    """The other cases beside one: who is in none of them so far is in the last one."""
    if told.block.kind != "text" or not is_a_case(told.block.units[0]):
        return []
    return [
        one
        for one in scored
        if one.passage.id == told.passage.id
        and one.block.path == told.block.path
        and one.block.kind == "text"
        and is_a_case(one.block.units[0])
    ]


def _bound(told: Scored, scored: Sequence[Scored]) -> list[Scored]:
    """The paragraph right before steps or a table, if it says where they do not hold, or of what all rows are."""
    match told.block.kind:
        case "steps":
            needed = restricts
        case "table":
            needed = _of_all
        case _:
            return []
    return [one for one in right_above(told, scored, "text") if needed(one.block)]


def restricts(block: Block) -> bool:
    """Whether it denies something."""
    return bool(NEGATIONS & set(words(" ".join((block.lead, *block.units)))))


def _of_all(block: Block) -> bool:
    """Whether it begins as what holds for each row: a price for each person misleads without it."""
    return block.units[0].split(" ", 1)[0].casefold() in ALL_OF_THEM


def _prices(told: Sequence[Scored], scored: Sequence[Scored], asked: str) -> list[Scored]:
    """The list of prices of its article, where a sum is asked for beside something else and none is told of it."""
    best = told[0]
    if not asks_a_price(asked) or any(tells_of_it(one.block, asked) for one in told):
        return []
    lists = [
        one
        for one in scored
        if one.passage.source == best.passage.source and tells_each(one.block, asked)
    ]
    own = [one for one in lists if one.block.path == best.block.path]
    return [max(own or lists, key=lambda one: one.score)] if lists else []


def _code_of(best: Scored, scored: Sequence[Scored]) -> list[Scored]:
    """The only code of its article, where it speaks of that: "Run the script" says nothing without it."""
    found = [
        one
        for one in scored
        if one.block.kind == "code" and one.passage.source == best.passage.source
    ]
    speaks = best.block.kind in {"text", "steps"} and any(map(_OF_CODE.search, best.block.units))
    return found if speaks and len(found) == 1 else []


def _values_after(best: Scored, scored: Sequence[Scored], asked: str) -> list[Scored]:
    """The paragraph right below that goes on from a value with another one: "After that we charge half of it"."""
    rank, place = best.order
    return [
        one
        for one in scored
        if one.order == (rank, place + 1)
        and one.block.path == best.block.path
        and best.block.kind == one.block.kind == "text"
        and points_back(one.block.units[0])
        and asks_a_figure(asked)
        and holds_a_value(one.block.units[0], asked)
    ]


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
    return right_above(text, scored, "steps")
