"""The one column of a table that was asked for."""

from __future__ import annotations

from collections.abc import Sequence

from graph.minds.local.writing.asked import form_of
from graph.minds.local.writing.values import named_otherwise
from graph.text.ages import without_ages
from graph.text.rows import Row
from graph.text.words import content_words

FEWEST = 3
"""Columns beside the key of which one is told alone."""


def column_asked_for(rows: Sequence[Row], asked: str, context: str) -> str | None:
    """The one that the ask names, or that was told beside it; None where it names none, or several."""
    said = set(content_words(without_ages(asked)))
    named = _named(rows, said, named_otherwise(asked))
    return named if named is not None else _told_of(rows, said, asked, context)


def _named(rows: Sequence[Row], said: set[str], otherwise: set[str]) -> str | None:
    """The one that the ask names; by another name only where no word of a column was said.

    Of "how much is a unit" the unit's rates are meant, and no fee.
    """
    column = _column_of(rows, said | otherwise)
    keys = {word for row in rows for word in content_words(row.key)}
    names = {word for row in rows for name, _ in row.cells for word in content_words(name)}
    meant = (said & names) - keys
    another = column is not None and meant.isdisjoint(content_words(column))
    return None if meant and another else column


def _told_of(rows: Sequence[Row], said: set[str], asked: str, context: str) -> str | None:
    """The one column whose whole name was told beside an ask that names none: "The order says Being packed".

    Of another ask than whether something is so nobody knows: what was asked before it is in the context, too.
    """
    if form_of(asked) != "yes_no":
        return None
    names = {name: set(content_words(name)) for row in rows for name, _ in row.cells}
    told = set(content_words(context)) - {word for row in rows for word in content_words(row.key)}
    held = [name for name, own in names.items() if own and own <= told]
    none = all(own.isdisjoint(said) for own in names.values())
    return held[0] if none and len(held) == 1 and len(names) >= FEWEST else None


def _column_of(rows: Sequence[Row], wanted: set[str]) -> str | None:
    """The one column whose whole name is wanted, or the word that tells it from the others."""
    names = list(dict.fromkeys(name for row in rows for name, _ in row.cells if name))
    said = [set(content_words(name.partition(" (")[0])) for name in names]
    whole = [own for own in said if own and own <= wanted]
    held = [
        name
        for name, own in zip(names, said, strict=True)
        if own in whole and not any(own < other for other in whole)
    ]
    keys = {word for row in rows for word in content_words(row.key)}
    apart = [
        name
        for name, own in zip(names, said, strict=True)
        if any(word in wanted - keys and sum(word in one for one in said) == 1 for word in own)
    ]
    one = held or apart
    return one[0] if len(one) == 1 and len(names) >= FEWEST else None


def goes_by_place(row: Row, column: str) -> bool:
    """Whether its cell holds several values that those of another cell name: prices "9 / 16" of sizes "S / L"."""
    sizes = {name: len(value.split(" / ")) for name, value in row.cells}
    own = sizes.pop(column, 1)
    return own > 1 and own in sizes.values()
