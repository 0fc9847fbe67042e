"""What is told besides the block that answers, and which of them comes first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from graph.minds.local.writing.asked import Form, asks_to_stop
from graph.minds.local.writing.choosing import (
    CLOSE_BESIDE,
    FEWEST_WORDS,
    does_it,
    stops,
    wants_undone,
)
from graph.minds.local.writing.needed import needed_with, restricts
from graph.minds.local.writing.rows import names_a_row
from graph.minds.local.writing.scored import Scored, named_by, said_of
from graph.minds.local.writing.statements import allowed, excepts, is_a_case
from graph.minds.local.writing.yes_no import SAME_MATTER
from graph.text.bounds import met, stated
from graph.text.passages import Block
from graph.text.requests import opens_a_question
from graph.text.synonyms import other_names
from graph.text.words import content_words, says
from memory.patterns import linear

_WHEN = frozenset({"after", "befor", "dur", "sinc", "until", "within"})
"""Stems of words that say of no case which one it is."""
_EXAMPLES = linear(r"\b(?:examples?|beispiele?|exemples?|ejemplos?)\b", ignore_case=True)
MOST_BLOCKS = 4
FEWEST_ADDED = 2
"""Words of what was told that the answer lacks, by which another question with its answer is needed."""
FEWEST_BLOCKS = 4
"""Blocks of an article that speak of a matter by more than chance."""
CLOSE = 0.62
"""Share of the best score that a further block of the same article must reach."""
SHORTER = 0.06
"""How much nearer it must be where a value or a yes or no was asked for."""
CLOSE_STEPS = 0.94
"""The same of a second list of steps: it is probably the way to something else."""
AS_NEAR = 0.9
"""The same from which it may as well be the answer."""
CLOSE_QUESTION = 0.85
"""The same of what answers another question of a list: as near as that, it may be the one that was meant."""


def companions(
    best: Scored, scored: Sequence[Scored], asked: str, form: Form, query: str
) -> list[Scored]:
    """What else is needed: near blocks of the same article, in its order; of a table named rows only.

    `query`: the ask with what was told before it.

    Who wants to take something back, or to stop it, is not told the way to do it.
    """
    own = [
        one
        for one in scored
        if one.passage.source == best.passage.source and one.order != best.order
    ]
    ranked, undoing = sorted(own, key=lambda one: -one.score), wants_undone(asked, query)
    stopping = asks_to_stop(asked) and stops(best.block)
    said, every = _wanted(asked if says(asked, FEWEST_WORDS) else query), _wanted(query)
    known = _matter(best, scored)
    left, unsaid = said - _told_by(best, said) - known, every - _told_by(best, every)
    enough = form in {"value", "yes_no"} and len(left) <= (1 - SAME_MATTER) * len(said)
    kept = [
        one
        for one in ranked
        if one.score >= _floor(best, one, form) * best.score
        and (one.block.kind != "table" or names_a_row(one.block, asked))
        and not (undoing and does_it(one.block))
        and not (stopping and _goes_on_with_it(one, best))
        and (
            one.score >= CLOSE_QUESTION * best.score or not _answers_another(one.block, best.block)
        )
        and not _defines_another(one.block, best.block, asked)
        and not _is_an_example(one.block, best.block)
        and (
            one.score >= CLOSE_QUESTION * best.score
            or not _asks_by_itself(one.block)
            or _is_needed_of(one.block, unsaid - known, query)
        )
        and (not enough or one.score >= AS_NEAR * best.score or _adds(one, best, left))
    ]
    chosen = [
        one
        for one in kept[: MOST_BLOCKS - 1]
        if not _another_matter(one, best, every) or _adds(one, best, unsaid)
    ]
    bounds = needed_with([best, *chosen], scored, asked)
    taken = {id(one) for one in (best, *chosen)}
    chosen += {id(one): one for one in bounds if id(one) not in taken}.values()
    return sorted(chosen, key=lambda one: (not _is_led_by(best, one), one.order))


def _wanted(asked: str) -> set[str]:
    return {word for word in content_words(asked) if not word.isdigit() and "'" not in word}


def _matter(best: Scored, scored: Sequence[Scored]) -> set[str]:
    """What most blocks of the article speak of: no block adds that."""
    blocks = [one for one in scored if one.passage.source == best.passage.source]
    spoken = Counter(
        word for one in blocks for word in set(content_words(" ".join(said_of(one.block))))
    )
    return {word for word, count in spoken.items() if 2 * count > max(len(blocks), FEWEST_BLOCKS)}


def _told_by(best: Scored, wanted: set[str]) -> set[str]:
    """What of it the best one tells, be it by another name."""
    told = named_by(best)
    return {
        word
        for word in wanted
        if word in told or not told.isdisjoint(content_words(" ".join(other_names(word))))
    }


def _adds(one: Scored, best: Scored, left: set[str]) -> bool:
    """Whether it tells of something that is left to be told, or bounds the best one."""
    same = one.block.path == best.block.path
    return (same and restricts(one.block)) or not left.isdisjoint(
        content_words(" ".join(said_of(one.block)))
    )


def _another_matter(one: Scored, best: Scored, wanted: set[str]) -> bool:
    """Whether the best one's section is what was asked about, and this one is not of it.

    The sections of an article are parallel where both tell the same of the ask: "iPhone", "Android".
    """
    own = wanted & set(content_words(" ".join(said_of(best.block))))
    told = set(content_words(" ".join(said_of(one.block))))
    apart = one.block.path[: len(best.block.path)] != best.block.path
    meant = 2 * len(own) >= len(wanted) and not own <= set(content_words(best.passage.title))
    return apart and meant and not own <= told


def _answers_another(block: Block, best: Block) -> bool:
    """Whether it stands below a question, and the answer in another section."""
    other = block.path[-1] if block.path else ""
    return other.endswith("?") and bool(best.path) and other not in best.path


def _is_needed_of(block: Block, unsaid: set[str], query: str) -> bool:
    """Whether it tells of what was told and the answer lacks, or bounds a figure that was told."""
    said = set(content_words(" ".join(block.units)))
    bound = any(met(stated(query), unit) for unit in block.units)
    return bound or len(said & unsaid) >= FEWEST_ADDED


def _asks_by_itself(block: Block) -> bool:
    """Whether it is another question with its answer; "No mail?" only names a case."""
    asked = block.kind == "text" and len(block.units) > 1 and block.units[0].endswith("?")
    return asked and opens_a_question(block.units[0])


def _is_an_example(block: Block, best: Block) -> bool:
    """Whether it stands below "Two examples", and the answer does not: it is of somebody else's case."""
    return block.path[-1:] != best.path[-1:] and any(map(_EXAMPLES.search, block.path[-1:]))


def _defines_another(block: Block, best: Block, asked: str) -> bool:
    """Whether the ask names the term that the answer defines, and not this one."""
    said, term, other = (set(content_words(text)) for text in (asked, best.term, block.term))
    return bool(term and other) and bool(said & (term - other)) and not said & (other - term)


def _goes_on_with_it(one: Scored, best: Scored) -> bool:
    """Whether it is a way, or was passed over for the best one, and says of nothing that it ends."""
    return (one.block.kind == "steps" or one.score > best.score) and not stops(one.block)


def _is_led_by(best: Scored, one: Scored) -> bool:
    """Whether a list goes on from the best block, which is a part of its lead."""
    return best.block.kind == "text" and one.block.lead.startswith(best.block.units[0])


def _floor(best: Scored, one: Scored, form: Form) -> float:
    if one.block.kind == "steps" and (
        best.block.kind == "steps"
        or (
            best.block.kind == "text"
            and is_a_case(best.block.units[0])
            and one.block.path != best.block.path
        )
    ):
        return CLOSE_STEPS
    if one.passage.id == best.passage.id and one.block.path == best.block.path:
        return CLOSE_BESIDE
    return CLOSE + (SHORTER if form in {"value", "yes_no"} else 0.0)


def rule_first(
    best: Scored, beside: Sequence[Scored], scored: Sequence[Scored], asked: str
) -> list[Scored]:
    """What opens the answer: what is possible at all before when it is not, if that is told beside.

    An ask about just the excepted case keeps its exception alone. Of one that the customer's own figure is
    out of, as two weeks of "after the first 30 days", the rule may stand anywhere in the article.
    """
    case = excepts(best.block.lead, best.block.units[int(best.units.argmax())])
    out = any(not within for _, within in met(stated(asked), case))
    rules = [one for one in (scored if out else beside) if case and _is_rule(one, best, asked)]
    if not rules:
        return [best]
    rule = max(rules, key=lambda one: (one.block.kind == "table", one.score))
    own = set(content_words(case)) - set(content_words(" ".join(rule.block.units))) - _WHEN
    return [best] if own & set(content_words(asked)) and not out else [rule, best]


def _is_rule(one: Scored, best: Scored, asked: str) -> bool:
    """Whether it says in words, or by the row that was named, what is possible with the same thing."""
    if one.passage.source != best.passage.source:
        return False
    if one.block.kind == "table":
        return names_a_row(one.block, asked)
    same = set(content_words(asked)) & set(content_words(" ".join(said_of(one.block))))
    return bool(same) and allowed(one.block.units[0]) is not None
