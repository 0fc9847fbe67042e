"""What an ask wants that the best article has not: another deed, a thing that it does not name, a price.

However near the article is, it then answers something else. A person reads what is missing.
"""

from __future__ import annotations

from collections.abc import Sequence

from graph.minds.local.planning.forbidding import ruled_out
from graph.minds.local.planning.joints import questions
from graph.minds.local.writing.asked import form_of
from graph.minds.local.writing.rows import WHOLE_TABLE, told_apart
from graph.state import Evidence
from graph.text.codes import is_named_alone
from graph.text.deeds import deeds, told
from graph.text.offers import unnamed, unpriced
from graph.text.particulars import named_in, particulars
from graph.text.passages import Block, blocks
from graph.text.synonyms import other_names
from graph.text.words import content_words
from memory.patterns import linear

FEWEST_OF_TABLE = 2
"""Words of substance that an ask has in common with a table's heading and columns that it asks about."""

_NAMED = linear(
    r"\b(?:an?|at|by|does|for|from|in|is|my|of|on|our|the|to|with|your) (?P<name>\p{Lu}\p{L}*\p{Ll}\p{L}*)"
)


def missing(ask: str, ranked: Sequence[Evidence]) -> str:
    """In words, what of it the best article does not tell; empty where nothing is missing.

    The next article is no better where it does not: it is about another thing.
    """
    best = _best(ranked)
    texts = [_whole(one) for one in best]
    whole = " ".join(texts)
    if not deeds(ruled_out(ask)[1]) <= frozenset().union(*map(told, texts)):
        return "the nearest article does not tell of what is to be done"
    if is_named_alone(ask) and not any(named_in(particulars(ask), text) for text in texts):
        return "the nearest article has not the code or number that is asked about"
    if name := unnamed(ask, whole):
        return f"the nearest article names no {name}"
    if unpriced(ask, whole):
        return "the nearest article tells no price of it"
    tables = [
        block
        for one in best
        for block in blocks(one["text"], one["title"], one["heading"])
        if block.kind == "table"
    ]
    names = (one["name"] for one in _NAMED.finditer(ask))
    name = next((one for one in names if _unlisted(one, ask, whole, tables)), "")
    return f"the nearest article has no row for {name}" if name else ""


def left_open(ask: str, ranked: Sequence[Evidence]) -> str:
    """In words, which of its questions the best article has no word of; empty where it may answer each.

    Only of a yes or no that is asked beside something else: a sum or a time is told in other words.
    """
    every = questions(ask)
    told = set(content_words(" ".join(map(_whole, _best(ranked)))))
    for one in every if len(every) > 1 else ():
        own = set(content_words(one))
        named = own | {word for name in own for word in content_words(" ".join(other_names(name)))}
        if own and form_of(one) == "yes_no" and named.isdisjoint(told):
            return f"the nearest article tells nothing of this: {one}"
    return ""


def _best(ranked: Sequence[Evidence]) -> list[Evidence]:
    """What was found of the article that was found first."""
    return [one for one in ranked if one["source"] == ranked[0]["source"]]


def _whole(passage: Evidence) -> str:
    return f"{passage['title']} {passage['heading']} {passage['text']}"


def _unlisted(name: str, ask: str, whole: str, tables: Sequence[Block]) -> bool:
    """Whether a long table is asked about by a name that its article does not have: any row would be another's."""
    if not set(content_words(name)).isdisjoint(content_words(whole)):
        return False
    said = set(content_words(ask))
    return any(
        len(one.rows) > WHOLE_TABLE
        and not told_apart([set(content_words(row.key)) for row in one.rows], said)
        and len(said & _headed(one)) >= FEWEST_OF_TABLE
        for one in tables
    )


def _headed(table: Block) -> set[str]:
    columns = " ".join(name for row in table.rows for name, _ in row.cells)
    return set(content_words(f"{' '.join(table.path[-1:])} {table.lead} {columns}"))
