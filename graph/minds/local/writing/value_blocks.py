"""Whether a block tells the value that was asked for, and of the thing that was asked about."""

from __future__ import annotations

from graph.minds.local.writing.rows import WHOLE_TABLE, names_a_row
from graph.minds.local.writing.values import holds_a_value
from graph.text.offers import asks_a_price, priced
from graph.text.passages import Block
from graph.text.words import content_words


def tells_a_value(block: Block, asked: str) -> bool:
    """Whether one stands in it that is no step of a way."""
    alone = block.kind not in {"steps", "code"}
    return alone and any(holds_a_value(unit, asked) for unit in block.units)


def is_the_value(block: Block, asked: str) -> bool:
    """Whether it tells one, and not for something else: of a table it is a row that was asked about."""
    named = block.kind != "table" or names_a_row(block, asked) or _names_a_sum(block, asked)
    return named and tells_a_value(block, asked)


def tells_of_it(block: Block, asked: str) -> bool:
    """Whether what tells a value in it is about what was asked; of a sum by a word besides those of money."""
    about = _bought(asked)
    return any(
        holds_a_value(unit, asked) and (not about or not about.isdisjoint(content_words(unit)))
        for unit in block.units
    )


def tells_of_all(block: Block, matter: set[str], asked: str) -> bool:
    """Whether one of its sentences tells a value, and of all that `matter` names; of nothing none does."""
    return bool(matter) and any(
        holds_a_value(unit, asked) and matter <= set(content_words(unit)) for unit in block.units
    )


def _bought(asked: str) -> set[str]:
    """Stems of what has the price that is asked for; none where no price is."""
    return priced(asked) if asks_a_price(asked) else set()


def tells_each(block: Block, asked: str) -> bool:
    """Whether it is a table that is told whole, with such a value in most rows: a list of prices."""
    if block.kind != "table" or len(block.rows) > WHOLE_TABLE:
        return False
    held = [any(holds_a_value(value, asked) for name, value in row.cells) for row in block.rows]
    return 2 * sum(held) > len(held)


def _names_a_sum(block: Block, asked: str) -> bool:
    """Whether a cell tells a sum of what was asked for by name: "Late fee of 15 euros"."""
    about = _bought(asked)
    return any(
        holds_a_value(value, asked) and not about.isdisjoint(content_words(value))
        for row in block.rows
        for _, value in row.cells
    )
