"""What a writer chooses from: pieces of evidence, and their blocks with how near each is to the ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from graph.text.passages import Block, Kind
from graph.text.words import content_words
from memory.patterns import linear

_CASE = linear(
    r"\b(?:is|are|was|were|has|have|does|do|did|stays?|keeps?)\b|n['’]t\b", ignore_case=True
)
"""In a heading that tells what is the case, as "It is cold at the bottom"; "Change the date" tells none."""
FEWEST_OF_HEADING = 2
"""Words of substance of a heading that names a case by itself."""


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


def named_by(one: Scored) -> set[str]:
    """What its article is about, and itself."""
    return set(content_words(" ".join((one.passage.title, *said_of(one.block)))))


def said_of(block: Block) -> tuple[str, ...]:
    """Its words, with what leads it in and the heading right above it."""
    return (block.lead, *block.path[-1:], *block.units)


def said_whole(heading: str, title: str, said: set[str]) -> bool:
    """Whether what was said has all the words of a heading below the title, which are two at least.

    >>> said_whole("It is cold at the bottom", "Radiators", set(content_words("the bottom stays cold")))
    True
    """
    own = set(content_words(heading)) - set(content_words(title))
    return len(own) >= FEWEST_OF_HEADING and own <= said


def of_the_case(scored: list[Scored], said: set[str]) -> list[Scored]:
    """Without what its article has below other cases, where the best one stands below the very case that was told."""
    best = max(scored, key=lambda one: one.score)
    title, own = best.passage.title, best.block.path
    if not own or not _CASE.search(own[-1]) or not said_whole(own[-1], title, said):
        return scored
    words = set(content_words(own[-1]))
    return [
        one
        for one in scored
        if one.passage.source != best.passage.source
        or len(one.block.path) < len(own)
        or words <= set(content_words(one.block.path[-1]))
        or said_whole(one.block.path[-1], title, said)
    ]


def right_above(told: Scored, scored: Sequence[Scored], kind: Kind) -> list[Scored]:
    """The block right before it, if it is of that kind and stands under the same heading."""
    rank, place = told.order
    return [
        one
        for one in scored
        if one.order == (rank, place - 1)
        and one.block.kind == kind
        and one.block.path == told.block.path
    ]
