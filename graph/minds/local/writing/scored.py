"""What a writer chooses from: pieces of evidence, and their blocks with how near each is to the ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from graph.text.passages import Block, Kind
from graph.text.words import content_words


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
