"""An article that ends in the middle of a sentence: an export or a scraper kept so many characters of it.

What is cut off misleads whoever reads it as an answer ("Then select the"), a way that lacks its end above all.
The end is marked, so that no reply tells it and a person sees why. A last sentence that only lacks its full stop,
as in a hurried note, is whole: it is cut off where its last word is none, or one that no sentence ends with.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from memory.knowledge.documents.model import Block, Item, ItemList, Note, Paragraph
from memory.sentences import sentences

MARK = "…"
"""Behind what is cut off."""
FEWEST_WORDS = 8
"""Of an article that somebody may have cut; fewer are a note."""
LONGEST_SHOWN = 60
"""Characters of it in the notice."""
LONGEST_WORD = 40
"""Characters of a last word that may be half of one; a longer one is an address or data."""
_AROUND_A_WORD = ".,;:!?()[]\"'“”‘’„«»"
_GOES_ON = frozenset(
    """
    a an and are as at be because been but by can could did do does due either every from has have if into is its
    may might must my nor of or our should than that the their these this those to unless until was were when where
    whether which while who whose will with would your
    """.split()
)
"""Words that no sentence ends with."""
_INFLECTIONS = frozenset(
    """
    s es d ed r er or ing ly al ally y ity ness ful less able ible ment ments ion ions ation ations
    ance ence ative ive work house time line book day
    """.split()
)
"""What stands behind a whole word in a form or a compound of it: who ends with "open" may have said "opening"."""
_WORDS_OF_A_LETTER = frozenset("aeiouy")


def marked(blocks: Sequence[Block], words: Sequence[str]) -> tuple[list[Block], str]:
    """The blocks with the mark where the last one is cut off, and the cut words; "" where nothing is.

    `words`: of the whole article, in order.
    """
    if not blocks or len(words) < FEWEST_WORDS or not _is_cut(words[-1], words[:-1]):
        return list(blocks), ""
    ends = " ".join(words)[-LONGEST_SHOWN:]
    if is_cut(ends):
        return list(blocks), ends
    *kept, last = blocks
    above = kept[-1] if kept else None
    if isinstance(last, Paragraph) and isinstance(above, ItemList) and _continues(above, last):
        last = replace(above, items=(*above.items, Item(last.text)))  # a step without its end
        kept.pop()
    return [*kept, _with_mark(last)], ends


def _continues(steps: ItemList, last: Paragraph) -> bool:
    same = steps.ordered and steps.heading == last.heading
    return same and len(sentences(last.text)) == 1


def is_cut(said: str) -> bool:
    """Whether a sentence or an item is marked so."""
    return said.endswith(MARK)


def _is_cut(last: str, others: Sequence[str]) -> bool:
    """Whether the last word goes on, or is the beginning of another one and stands nowhere else."""
    if last.endswith((",", MARK)) or last.lower() in _GOES_ON:
        return True
    if not last.isalpha() or len(last) > LONGEST_WORD:
        return False
    if len(last) == 1:
        return last.islower() and last not in _WORDS_OF_A_LETTER
    known = {one.strip(_AROUND_A_WORD) for one in others}
    return last not in known and any(
        one.startswith(last) and not _INFLECTIONS & {one[len(last) :], _undoubled(one, last)}
        for one in known
    )


def _undoubled(word: str, last: str) -> str:
    """What follows in it behind the doubled end of a shorter word; "" where nothing is doubled."""
    at = len(last)
    return word[at + 1 :] if word[at : at + 1] == last[-1:] else ""


def _with_mark(block: Block) -> Block:
    """The block with the mark at its very end; as it is where it ends with a table or code."""
    match block:
        case Paragraph(text=text):
            return replace(block, text=text.rstrip() + MARK)
        case ItemList(items=(*others, last)):
            return replace(block, items=(*others, _item(last)))
        case Note(blocks=(*inner, last)):
            return replace(block, blocks=(*inner, _with_mark(last)))
    return block


def _item(item: Item) -> Item:
    if not item.blocks:
        return replace(item, text=item.text.rstrip() + MARK)
    return replace(item, blocks=(*item.blocks[:-1], _with_mark(item.blocks[-1])))
