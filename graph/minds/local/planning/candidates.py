"""What may be an ask, and which of them are one: a wish and the question what it takes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from graph.minds.local.planning.joints import other_way
from graph.minds.local.planning.referring import FEWEST_WORDS, asks_otherwise
from graph.text.requests import ASKED, WISHED
from graph.text.words import content_words, says

MOST_CONTEXT = 3
"""Sentences that merely tell, kept as context before an ask."""
MOST_ASK_CHARS = 2_000
"""Length from which an ask takes in no more sentences that merely lean on it."""
_FOLLOWS = frozenset(
    content_words(
        "need require pay cost price fee charge happen possible take long bring expect follow"
    )
)
"""Words by which one asks what a deed takes, naming nothing."""


@dataclass(frozen=True)
class Candidate:
    """A possible ask: its words, what was told before it, and how plainly it asks."""

    text: str
    context: tuple[str, ...]
    strength: int
    refers: bool = False
    """It points back and cannot be understood alone."""


def merged(chosen: list[Candidate]) -> list[Candidate]:
    """An ask that only points back joins the one before; repeated ones are kept once."""
    kept: list[Candidate] = []
    for one in chosen:
        thin = not says(one.text, FEWEST_WORDS if one.refers else 1)
        again = thin or repeats(kept[-1], one) or _of_the_wish(kept[-1], one) if kept else False
        if again and not (asks_otherwise(one.text) or other_way(kept[-1].text, one.text)):
            kept[-1] = _joined(kept[-1], one)
        else:
            kept.append(one)
    return kept


def _of_the_wish(wish: Candidate, one: Candidate) -> bool:
    """Whether it asks what follows from the wish before it, in a word: "We want to go to Italy. What do we need?"."""
    asked = set(content_words(one.text))
    return (
        wish.strength == WISHED
        and one.strength == ASKED
        and len(asked) < FEWEST_WORDS
        and asked <= _FOLLOWS
    )


def _joined(last: Candidate, one: Candidate) -> Candidate:
    if len(last.text) > MOST_ASK_CHARS:
        return last
    told = tuple(p for p in one.context if p not in last.context and p not in last.text)
    text = last.text if one.text in last.text else f"{last.text} {one.text}"
    return replace(last, text=text, context=(last.context + told)[: 2 * MOST_CONTEXT])


def repeats(before: Candidate, one: Candidate) -> bool:
    """Whether `one` says little that `before` does not: a wish and then its question."""
    mine, theirs = (set(content_words(each.text)) for each in (one, before))
    return len(mine & theirs) > 0.6 * min(len(mine), len(theirs)) or (
        one.refers and len(mine - theirs) <= FEWEST_WORDS
    )
