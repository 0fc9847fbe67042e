"""Which block opens an answer, and what is told besides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from graph.minds.local.writing.asked import Form, asks_to_stop, asks_why_not
from graph.minds.local.writing.scored import Scored, named_by, right_above, said_of
from graph.minds.local.writing.statements import (
    fits_a_case,
    forbids,
    is_done_to_it,
    refuses,
    settles,
    shows_a_way,
    speaks_of_a_list,
    tells_of_stopping,
)
from graph.minds.local.writing.value_blocks import (
    is_the_value,
    tells_a_value,
    tells_each,
    tells_of_all,
    tells_of_it,
)
from graph.minds.local.writing.values import asks_a_figure, names_a_case
from graph.minds.local.writing.yes_no import OTHER_MATTER
from graph.text.bounds import concerns
from graph.text.particulars import undoes
from graph.text.passages import Block
from graph.text.words import NEGATIONS, content_words, says, words
from memory.patterns import linear

FEWEST_WORDS = 3
"""Words of substance below which the context counts for more than the ask's own words."""
FEWEST_TOLD = 2
"""Words of what was merely told by which a sentence is about the customer's case."""
MOST_SPECIAL = 1
"""Blocks of an article that may name a thing of which one of them says that it is otherwise."""
WAY_FLOOR = 0.65
"""Share of the best score with which the way comes before what scored best."""
CLOSE_BESIDE = 0.5
"""The same under the same heading."""
VALUE_FLOOR = 0.75
"""The same of what tells the time, sum or count that is asked for, where what scored best tells none."""

_WHERE = linear(
    r"\bwhere(?:['’]s| is| are| do (?:i|we) (?:find|see)| can (?:i|we) (?:find|see))\b",
    ignore_case=True,
)
_STANDS = linear(r" (?:is|are) (?:shown|found|listed|printed|displayed)\b| > ")
"""Says where something is to be found."""


def answering(scored: Sequence[Scored], form: Form, asked: str, context: str = "") -> Scored:
    """The best block; to a how the best way that its article shows, if it is about as near.

    And to a how much not the way, where the article tells the value by itself: a step may name another one.
    """
    best = _led_to(_no_aside(scored, form, asked), scored)
    if form == "value" and best.block.kind == "steps":
        return _nearest(best, scored, lambda block: tells_a_value(block, asked))
    if form == "value" and asks_a_figure(asked):
        best = _with_a_value(best, scored, asked)
    if asks_why_not(asked):
        best = _nearest(best, scored, _tells_why_not, CLOSE_BESIDE)
    elif form in {"how", "open"} and (never := _forbidding(best, scored, asked)):
        return never
    elif form == "how" and not _is_the_answer(best.block, asked):
        undoing = wants_undone(asked, context)
        best = _nearest(
            best,
            scored,
            lambda block: _shows_a_way(block) and not (undoing and does_it(block)),
        )
    if asks_to_stop(asked) and not stops(best.block):
        best = _nearest(best, scored, lambda block: _stops_it(block, asked), CLOSE_BESIDE)
    best = _settled(best, scored, asked, context, yes_no=form == "yes_no")
    if form == "how" and not speaks_of_a_list(best.block.units[0]):
        return best
    return _listed_above(best, scored)


def _no_aside(scored: Sequence[Scored], form: Form, asked: str) -> Scored:
    """The best block; where that is a note on another matter than the ask, or on an exception, the best that is none.

    An exception to the value of the article, as "Bought in December, they are valid for longer", says no more of what
    is asked than a sentence that tells the value.
    """
    best, wanted = max(scored, key=lambda one: one.score), set(content_words(asked))
    if not best.block.aside or form == "yes_no":
        return best
    told = wanted & set(content_words(" ".join(best.block.units)))
    if form == "value":
        titled = set(content_words(best.passage.title))
        if not names_a_case(" ".join(best.block.units), wanted | titled):
            return best
        matter = told - titled
        return _nearest(
            best, scored, lambda block: not block.aside and tells_of_all(block, matter, asked)
        )
    covers = len(told) >= OTHER_MATTER * len(wanted)
    return best if covers else _nearest(best, scored, lambda block: not block.aside)


def _forbidding(best: Scored, scored: Sequence[Scored], asked: str) -> Scored | None:
    """The sentence of its article that says that just what is asked for cannot be done, be it a note inside a step."""
    wanted = set(content_words(asked))
    lines = (
        (one, place, line.strip(" -*"))
        for one in scored
        if one.passage.source == best.passage.source
        for place, unit in enumerate(one.block.units)
        for line in unit.split("\n")
    )
    for one, place, said in lines:
        if forbids(said, wanted):
            alone = Block("text", one.block.path, "", (said,))
            return replace(one, block=alone, units=one.units[place : place + 1])
    return None


def _settled(
    best: Scored, scored: Sequence[Scored], asked: str, context: str, *, yes_no: bool
) -> Scored:
    """What says that it is otherwise with the very thing that is asked about, where the best one names it not.

    What several blocks speak of is the article's matter, not a thing of its own.
    """
    article = [one for one in scored if one.passage.source == best.passage.source]
    spoken = Counter(
        word for one in article for word in set(content_words(" ".join(said_of(one.block))))
    )
    known = named_by(best) | {word for word, blocks in spoken.items() if blocks > MOST_SPECIAL}
    special, told = set(content_words(asked)) - known, set(content_words(context)) - known
    own = [
        one
        for one in article
        if one.score >= CLOSE_BESIDE * best.score
        and (
            _excludes(one.block, special, 1)
            or _excludes(one.block, told, FEWEST_TOLD)
            or (yes_no and shuts_out(one.block, context))
        )
    ]
    return max(own, key=lambda one: one.score, default=best)


def _listed_above(best: Scored, scored: Sequence[Scored]) -> Scored:
    """The list right above a text that begins with what to do with it, as "To change it, open ...", or says what is in it."""
    said = best.block.units[0]
    if best.block.kind != "text" or not (is_done_to_it(said) or speaks_of_a_list(said)):
        return best
    above = (*right_above(best, scored, "bullets"), *right_above(best, scored, "table"))
    return replace(above[0], score=best.score) if above else best


def shuts_out(block: Block, said: str) -> bool:
    """Whether it is a list of whom or what something is not for, among them an age or a figure that was told."""
    listed = block.kind == "bullets" and bool(NEGATIONS & set(words(block.lead)))
    return listed and any(concerns(one, said) for one in block.units)


def _excludes(block: Block, special: set[str], fewest: int) -> bool:
    if block.kind == "bullets":
        denied = NEGATIONS & set(words(block.lead))
        held = (len(special & set(content_words(one))) for one in block.units)
        return bool(denied) and any(count >= fewest for count in held)
    return block.kind == "text" and any(settles(one, special, fewest) for one in block.units)


def _nearest(
    best: Scored,
    scored: Sequence[Scored],
    fits: Callable[[Block], bool],
    floor: float = WAY_FLOOR,
) -> Scored:
    """The best block of its article that fits, if it is about as near; else the best one itself."""
    own = [
        one
        for one in scored
        if one.passage.source == best.passage.source
        and fits(one.block)
        and one.score >= min(floor, _way_floor(best, one)) * best.score
    ]
    return max(own, key=lambda one: one.score, default=best)


def _way_floor(best: Scored, one: Scored) -> float:
    """The steps above a remark are their section's own: they need not be as near."""
    above = (
        one.block.kind == "steps" and one.block.path == best.block.path and one.order < best.order
    )
    return CLOSE_BESIDE if above else WAY_FLOOR


def stops(block: Block) -> bool:
    """Whether it says of something that it ends, is off, or does not happen."""
    return tells_of_stopping(" ".join(said_of(block)))


def _with_a_value(best: Scored, scored: Sequence[Scored], asked: str) -> Scored:
    """What tells the value that the best one does not, of a price the one that was asked for; else a list of prices.

    A short table that scored best is the answer: a sentence that tells a value tells another thing's.
    """
    if tells_each(best.block, asked) or (
        is_the_value(best.block, asked) and tells_of_it(best.block, asked)
    ):
        return best
    found = _nearest(
        best,
        scored,
        lambda block: is_the_value(block, asked) and tells_of_it(block, asked),
        VALUE_FLOOR,
    )
    if found is not best:
        return found
    return _nearest(best, scored, lambda block: tells_each(block, asked), CLOSE_BESIDE)


def _stops_it(block: Block, asked: str) -> bool:
    same = set(content_words(asked)) & set(content_words(" ".join(said_of(block))))
    return stops(block) and len(same) >= FEWEST_TOLD


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


def _tells_why_not(block: Block) -> bool:
    """Whether it lists or says in which cases something cannot be."""
    said = block.lead if block.kind == "bullets" else block.units[0]
    return block.kind in {"bullets", "text"} and refuses(said)


def wants_undone(asked: str, context: str) -> bool:
    """Whether something is to be taken back; who asks in a word or two may have told it before."""
    return undoes(asked) or (not says(asked, FEWEST_WORDS) and undoes(context))


def does_it(block: Block) -> bool:
    """Whether it is the way to do what the ask wants to be undone: "Can I take the order back?"."""
    return block.kind == "steps" and not undoes(" ".join((block.lead, *block.units)))


def _is_the_answer(block: Block, asked: str) -> bool:
    """Whether no way answers better: it is code, says that there is none, or where the thing is that is looked for."""
    tells_where = _WHERE.search(asked) is not None and any(map(_STANDS.search, block.units))
    return block.kind == "code" or refuses(block.units[0]) or tells_where


def _shows_a_way(block: Block) -> bool:
    return block.kind == "steps" or (block.kind == "text" and shows_a_way(block.units[0]))
