"""The rows and the one column of a table that were asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from math import inf

import numpy as np
import numpy.typing as npt

from graph.minds.local.writing.columns import column_asked_for, goes_by_place
from graph.minds.local.writing.values import RATES, asks_a_kind, holds_a_value, named_otherwise
from graph.text.ages import ages, within, without_ages
from graph.text.bounds import OF_MANY, bounds, met, stated
from graph.text.particulars import named_in, particulars
from graph.text.passages import Block
from graph.text.rows import Row, denied
from graph.text.words import NEGATIONS, content_words, numbers, parted, stem, words
from memory.patterns import linear

MOST_ROWS = 3
WHOLE_TABLE = 6
"""Rows up to which a table is told whole where none of them was asked for."""
MOST_NAME_WORDS = 3
"""Words of a cell that is a name."""
_SAY_WHETHER = frozenset({"yes", "free", "included", "none", "possible"})
Scores = npt.NDArray[np.float64]
_UNITS = frozenset(
    content_words(
        "metre meter centimetre millimetre kilometre mile inch foot kilo kilogram gram pound litre minute hour day week month year"
    )
)
"""By which a customer's figure is measured: "3.8 metres" names no row "for each metre"."""
_ANOTHER_PLACE = linear(
    r"\b(?P<which>(?:North|South|East|West)(?:ern)?|New|Upper|Lower|Greater) (?P<place>\p{Lu}\p{L}+)\b"
)

_DONE = linear(r"\b(?:i|we|you|to|they) (?P<verb>\p{L}{2,20})\b", ignore_case=True)
_TAIL = linear(r"\b\p{Lu}\p{L}+ (?P<tail>\p{Lu}\p{L}+)\b")


def rows_asked_for(block: Block, scores: Scores, asked: str, context: str) -> Block:
    """A table brought down to them. `context`: what was told besides."""
    wanted = set(content_words(asked)) | named_otherwise(asked)
    told = wanted if _named(block.rows, wanted, asked) else wanted | set(content_words(context))
    chosen = (
        _coded(block.rows, asked)
        or _by_two_cells(block.rows, asked)
        or _within(block.rows, asked, context)
        or _described(block.rows, asked)
        or _chosen(block.rows, scores, told, asked)
    )
    chosen = _with_value(block.rows, _of_the_kind(block.rows, chosen, scores, asked), asked)
    column = column_asked_for(block.rows, asked, context)
    if conditions := _conditions(block.rows, chosen, wanted, asked):
        chosen = _having(block.rows, chosen, conditions, asked)
        column = None if column in conditions else column
    if column and any(goes_by_place(block.rows[at], column) for at in chosen):
        column = None
    said = tuple(dict.fromkeys(block.rows[at].sentence(column) for at in chosen))
    return replace(block, units=said, rows=tuple(block.rows[at] for at in chosen))


def _of_the_kind(
    rows: Sequence[Row], chosen: Sequence[int], scores: Scores, asked: str
) -> list[int]:
    """The rows that hold a time or a sum, where one is asked for: no price is "yes" or "up to 15"."""
    held = [at for at, row in enumerate(rows) if asks_a_kind(asked) and _holds(row, asked)]
    if not held or len(held) == len(rows):
        return list(chosen)
    return [at for at in chosen if at in held] or sorted(
        sorted(held, key=lambda at: -scores[at])[:MOST_ROWS]
    )


def _with_value(rows: Sequence[Row], chosen: list[int], asked: str) -> list[int]:
    """Of several rows with one key those with a value that the ask names: the red light, not the green one."""
    if len({rows[at].key.casefold() for at in chosen}) != 1:
        return chosen
    said, figures = set(words(asked)), numbers(asked)
    own = [
        at
        for at in chosen
        if any(_stands_in(value.casefold(), said, figures) for _, value in rows[at].cells)
    ]
    return own or chosen


def _conditions(
    rows: Sequence[Row], chosen: Sequence[int], wanted: set[str], asked: str
) -> list[str]:
    """Columns that say yes or no and are named where a price is asked for: "how much is one with a balcony"."""
    if not asks_a_kind(asked) or not any(_holds(rows[at], asked) for at in chosen):
        return []
    marked = sorted(frozenset().union(*(rows[at].marked for at in chosen)))
    return [one for one in marked if (own := set(content_words(one))) and own <= wanted]


def _having(
    rows: Sequence[Row], chosen: list[int], columns: Sequence[str], asked: str
) -> list[int]:
    """The rows that have all of these; as they are where something is denied or none has them."""
    having = [
        at for at in chosen if not any(denied(dict(rows[at].cells).get(one, "")) for one in columns)
    ]
    return chosen if NEGATIONS & set(words(asked)) else having or chosen


def _holds(row: Row, asked: str) -> bool:
    return any(holds_a_value(value, asked) for _, value in row.cells)


def _coded(rows: Sequence[Row], asked: str) -> list[int]:
    """Places of the rows that hold the very code or number that was asked about."""
    named = particulars(asked)
    return [at for at, row in enumerate(rows) if named_in(named, row.sentence())][:MOST_ROWS]


def _by_two_cells(rows: Sequence[Row], asked: str) -> list[int]:
    """Places of the rows of which the ask names the key and another cell: "from Plus to Basic".

    Where a cell stands behind its column's name, as "to Basic" does, it is meant so.
    """
    said = f" {' '.join(words(asked))} "
    found: dict[int, bool] = {}
    for at, row in enumerate(rows):
        keys = {one for one in _names_in(row.key) if f" {one} " in said}
        hits = [
            f" {' '.join(words(name))} {one} " in said
            for name, value in row.cells
            for one in _names_in(value)
            if keys and one not in keys and f" {one} " in said
        ]
        if hits:
            found[at] = any(hits)
    meant = [at for at, led in found.items() if led] or list(found)
    return meant if len(meant) <= MOST_ROWS else []


def _names_in(cell: str) -> list[str]:
    """The names that it is made of: of "Basic or Plus" two."""
    parts = [one for one in cell.split(" or ") if len(one.split()) <= MOST_NAME_WORDS]
    named = (" ".join(words(one)) for one in parts if content_words(one))
    return [one for one in named if any(map(str.isalpha, one)) and one not in _SAY_WHETHER]


def bounding(rows: Sequence[Row], said: str) -> list[int]:
    """Places of the rows whose bounds a figure of the customer is within: "more than 24 hours before"."""
    told, old = stated(said), ages(said)
    kept = [
        at
        for at, row in enumerate(rows)
        if any(one for _, one in met(told, row.key)) or any(within(row.key, age) for age in old)
    ]
    kept = _lowest(rows, kept, told) or _sized(rows, told, said)
    return kept if len(kept) <= MOST_ROWS and len(kept) < len(rows) else []


def _sized(rows: Sequence[Row], told: Mapping[str, float], said: str) -> list[int]:
    """Places of the rows of which a cell holds a size that was told, where each row has such a bound: "20 to 40 kg".

    Of several those that have most of the words of their keys in common with what was said. Times and sums are told of many things.
    """
    sizes = {kind: figure for kind, figure in told.items() if kind not in OF_MANY}
    cells = [[met(sizes, value) for _, value in row.cells] for row in rows]
    within = [[holds for cell in row for _, holds in cell] for row in cells]
    if not sizes or not all(within):
        return []
    kept = [at for at, one in enumerate(within) if any(one)]
    wanted = set(content_words(said))
    shared = {at: len(wanted & set(content_words(rows[at].key))) for at in kept}
    return [at for at in kept if shared[at] == max(shared.values())]


def _lowest(rows: Sequence[Row], kept: list[int], told: Mapping[str, float]) -> list[int]:
    """Of rows that all go "up to" a figure the first that is high enough: 12 kg cost what "up to 15 kg" does."""
    own = [[one for one in bounds(rows[at].key) if one.kind in told] for at in kept]
    if len(kept) < 2 or any(len(one) != 1 or one[0].low != -inf for one in own):  # noqa: PLR2004
        return kept
    return [min(zip(kept, own, strict=True), key=lambda one: one[1][0].high)[0]]


def _within(rows: Sequence[Row], asked: str, context: str) -> list[int]:
    """Places of the rows whose bounds a figure is within; beside a row that the ask names only by one of its own."""
    named = _named(rows, set(content_words(without_ages(asked))), asked)
    if not named:
        return bounding(rows, f"{asked} {context}")
    both = sorted({*named, *bounding(rows, asked)})
    return both if len(both) <= MOST_ROWS else []


def _described(rows: Sequence[Row], asked: str) -> list[int]:
    """Places of the rows with most of the values that the ask names, where no key is named.

    A value counts if it stands in the ask whole, and in half of the rows at most.
    """
    if _named(rows, set(content_words(asked)), asked):
        return []
    said, figures = set(words(asked)), numbers(asked)
    values = [{value.casefold() for _, value in row.cells} for row in rows]
    most = max(len(rows) / 2, 1)
    hits = [
        sum(
            _stands_in(value, said, figures) and sum(value in one for one in values) <= most
            for value in row
        )
        for row in values
    ]
    best = max(hits, default=0)
    found = [at for at, count in enumerate(hits) if count == best]
    return found if best and len(found) <= MOST_ROWS else []


def _stands_in(value: str, said: set[str], figures: set[str]) -> bool:
    return value in figures or (bool(content_words(value)) and set(words(value)) <= said)


def names_a_row(block: Block, asked: str) -> bool:
    """Whether the ask names a row of the table by what tells its key from the others."""
    return bool(_named(block.rows, set(content_words(asked)), asked))


def _named(rows: Sequence[Row], wanted: set[str], asked: str) -> list[int]:
    verbs = {stem(one["verb"].lower()) for one in _DONE.finditer(asked)}
    keys = [_key_words(row.key, wanted) - (verbs & _tails(row.key)) for row in rows]
    rates = _rates(asked, rows)
    found = told_apart(keys, wanted - rates) or told_apart(keys, wanted)
    said = f" {' '.join(words(asked))} "
    whole = [at for at in found if f" {' '.join(words(rows[at].key))} " in said]
    if whole and all(len(words(rows[at].key)) > 1 for at in found):
        found = whole
    measured = {stem(unit) for figure, unit in pairwise(words(asked)) if figure[0].isdigit()}
    return [at for at in found if not keys[at] & wanted <= measured & _UNITS] or found


def _tails(key: str) -> set[str]:
    """Stems of what stands behind another large word: one who wants to pay names no "Apple Pay"."""
    return {stem(one["tail"].lower()) for one in _TAIL.finditer(key)}


def _rates(asked: str, rows: Sequence[Row]) -> set[str]:
    """Stems of "monthly" and its like where a column holds "a month": they name no row by themselves."""
    columns = {word for row in rows for name, _ in row.cells for word in content_words(name)}
    return {stem(word) for word, unit in RATES.items() if unit in columns and word in words(asked)}


def _whole_keys(rows: Sequence[Row], asked: str) -> list[int]:
    """Places of the rows whose key stands in the ask, where all others say more: "Cover" beside "Cover Plus"."""
    said = f" {' '.join(words(asked))} "
    whole = [at for at, row in enumerate(rows) if f" {' '.join(words(row.key))} " in said]
    own = set(words(rows[whole[0]].key)) if whole else set()
    rest = [set(words(row.key)) for at, row in enumerate(rows) if at not in whole]
    return whole if own and rest and all(own < one for one in rest) else []


def _key_words(key: str, wanted: set[str]) -> set[str]:
    """Those of a row's key; of another place by the name of one that was asked about nothing: "Northern X" is not X."""
    others = {
        stem(one["place"].lower())
        for one in _ANOTHER_PLACE.finditer(key)
        if stem(one["which"].lower()) not in wanted
    }
    return {*content_words(key), *parted(key, wanted)} - others


def _chosen(rows: Sequence[Row], scores: Scores, wanted: set[str], asked: str) -> list[int]:
    """Places of the rows whose key was named; else the nearest, or all of a short table."""
    named = _named(rows, wanted, asked) or _whole_keys(rows, asked)
    if 0 < len(named) <= MOST_ROWS:
        return named
    if not named and len(rows) <= WHOLE_TABLE:
        return list(range(len(rows)))
    most = named or range(len(rows))
    return sorted(sorted(most, key=lambda at: -scores[at])[:MOST_ROWS])


def told_apart(keys: Sequence[set[str]], wanted: set[str]) -> list[int]:
    """Places of the keys of which the most is wanted, by the words that tell them from the others."""
    most = max(len(keys) / 2, 1)
    told_apart = [
        {word for word in key if sum(word in one for one in keys) <= most} for key in keys
    ]
    held = [key & wanted for key in told_apart]
    return [at for at, one in enumerate(held) if one and not any(one < other for other in held)]
