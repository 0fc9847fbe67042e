"""Whether words point to something that was said before them."""

from __future__ import annotations

from graph.text.words import says
from memory.patterns import linear

FEWEST_WORDS = 2
"""Words of substance by which a piece stands alone, as each half of a split sentence must."""
_REFERS = linear(
    r"\b(?:its?|this|that|these|those|them|they|their|so|there|he|she|him|her|one|both|meanwhile|same|the (?:first|second|other))\b",
    ignore_case=True,
)


def refers(text: str) -> bool:
    """Whether it points to something that was said before it, as "How long does it take?" does."""
    return _REFERS.search(text) is not None


def points_back(text: str) -> bool:
    """Whether it does, and says too little by itself."""
    return refers(text) and not says(text, 2 * FEWEST_WORDS + 1)


def only_refers(text: str) -> bool:
    """Whether it does, and says nothing else."""
    return refers(text) and not says(text, FEWEST_WORDS)
