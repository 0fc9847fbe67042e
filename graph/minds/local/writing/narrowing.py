"""A block brought down to what was asked for: one item, some rows, a run of sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from graph.minds.local.writing.asked import Form
from graph.minds.local.writing.rows import MOST_ROWS, Scores, rows_asked_for, told_apart
from graph.minds.local.writing.statements import instructs, leans
from graph.text.bounds import concerns
from graph.text.particulars import named_in, particulars
from graph.text.passages import Block
from graph.text.words import NEGATIONS, content_words, words
from memory.patterns import linear

MOST_SENTENCES = 5
"""Sentences of running text for one ask."""
LEAD_BY = 0.1
"""By how much one item must be nearer than all others to be the one that was asked for."""
SAME_ITEM = 0.6
"""Share of the ask's words that its list is not about by which an item that no other rivals is meant."""
MOST_LABEL_WORDS = 6
"""Before the colon of an item that has a label."""
MOST_STAGE_WORDS = 8
"""Of what names a stage at its beginning."""

_PRESSED = linear(
    r"\b(?:press|click|select|choose|tap|tick|type|enter|open|order|go to)\b", ignore_case=True
)
_HAPPENS = linear(
    r"^(?:[^.:]{1,60}[.:] )?(?:(?:the|an?|your|our|their|this|that|these|it|we|you|they|he|she|somebody|someone|nobody|within|after|before|then|once|as soon as|on the|in the)\b|\p{Lu}\p{L}+ (?:is|are|was|has|have|will|can|takes?)\b)",
    ignore_case=True,
)
"""Begins with who or what something is told of, behind the name of the stage; an order begins with its verb."""
_LASTS = frozenset(
    content_words("take takes taking last lasts long time until finish done need happen")
)
"""Words of a question how long something takes, which a stage has as well as the whole."""
_TOGETHER = linear(
    r"\b(?:all|both|each|two|three|four|five|need(?:s|ed)?|must|requires?|required)\b",
    ignore_case=True,
)
"""In what leads items in of which none holds without the others: "Two things are needed:"."""
_ANY_OF = linear(r"\b(?:if|when|where)(?: [\p{L}'’]+){0,2} ?:?$", ignore_case=True)
"""Ends a lead in to cases of which each is enough: "You pay nothing if you:"."""
_OF_SOMETHING = linear(r"^(?:it|its|they|them|their|both|neither|that|this) ", ignore_case=True)
_WHEN = linear(
    r"^(?:for|during|after|before|until|within|from|in|on|with|without|while|as long as) (?:the|an?|your|my|our|\d)\b|^(?:the )?(?:first|last|next|second) (?:\w+ )?(?:hours?|days?|weeks?|months?|years?|night)\b",
    ignore_case=True,
)
"""A heading that says when or for whom what stands below it holds."""
_POINTS_BACK = linear(
    r"^(?:it|its|this|that|these|those|they|them|their|he|she|his|her|then|otherwise|however|therefore|so|also|instead"
    r"|both|in (?:this|that|such) (?:case|way)|if (?:so|not|it|they|this|that)|after (?:that|this|it)|afterwards|until then|such)\b",
    ignore_case=True,
)


def narrowed(block: Block, scores: Scores, asked: str, form: Form, context: str = "") -> Block:
    """The block, or the part of it that was asked for; steps and code stay whole.

    `context`: what the customer told besides, as "We are on Team": it may name a row.
    """
    if block.kind == "text":
        run = _run(block.units, scores)
        return replace(block, units=block.units[run])
    if block.kind == "table":
        return rows_asked_for(block, scores, asked, context)
    if block.kind == "bullets":
        return _items(block, scores, asked, form, f"{asked} {context}")
    if block.kind == "steps" and form == "value" and is_a_course(block):
        return _stage(block, scores, asked)
    return block


def _items(block: Block, scores: Scores, asked: str, form: Form, said: str) -> Block:
    """The items that were asked for; of those for whom something is not, the one of a figure that was told."""
    block, scores = _of_the_device(block, scores, said)
    if coded := [one for one in block.units if named_in(particulars(asked), one)]:
        return replace(block, units=tuple(map(_ended, coded[:MOST_ROWS])))
    if (named := _labelled(block, asked)) is not None:
        return named
    if form == "yes_no" and is_met_by_any(block):  # which of them is the customer's, nobody knows
        return block
    own = [one for one in block.units if concerns(one, said)]
    if own and form == "yes_no" and NEGATIONS & set(words(block.lead)):
        return replace(block, units=tuple(map(_ended, own)))
    if form in {"value", "yes_no"}:
        return _item(block, scores, set(content_words(asked)))
    return block


def _labelled(block: Block, asked: str) -> Block | None:
    """The items whose label the ask names, as "Yellow: ..." is named by "it is yellow"; None where there are none."""
    labels = [one.partition(":")[0] if ":" in one else "" for one in block.units]
    if any(not 0 < len(one.split()) <= MOST_LABEL_WORDS for one in labels):
        return None
    named = told_apart([set(content_words(one)) for one in labels], set(content_words(asked)))
    if not 0 < len(named) <= MOST_ROWS or len(named) == len(labels):
        return None
    return replace(block, units=tuple(block.units[at] for at in named))


def is_met_by_any(block: Block) -> bool:
    """Whether its items are cases in each of which something holds."""
    return _ANY_OF.search(block.lead) is not None


def is_a_course(block: Block) -> bool:
    """Whether each of its numbered items tells who does what or what happens, and none what to do."""
    return all(map(_HAPPENS.match, block.units)) and not any(
        instructs(one) or "\n" in one or _PRESSED.search(one) for one in block.units
    )


def _stage(block: Block, scores: Scores, asked: str) -> Block:
    """The stages of a course that were asked about, one in words; the whole where none stands out."""
    labels = [one.split(": ")[0].split(". ")[0] for one in block.units]
    keys = [
        set(content_words(one)) if len(one.split()) <= MOST_STAGE_WORDS else set() for one in labels
    ]
    named = told_apart(keys, set(content_words(asked)))
    if 1 < len(named) <= MOST_ROWS and len(named) < len(keys):
        return replace(block, kind="bullets", units=tuple(block.units[at] for at in named))
    wanted = set(content_words(asked))
    one = _item(block, scores, wanted)
    whole = set(content_words(f"{block.lead} {block.heading}")) | _LASTS
    of_it = (
        wanted & set(content_words(one.units[0])) - whole
    )  # else the whole course is asked about
    if len(one.units) > 1 or len(block.units) == 1 or not of_it:
        return block
    return replace(one, kind="text", lead="", units=one.units)


def _of_the_device(block: Block, scores: Scores, said: str) -> tuple[Block, Scores]:
    """Without the items for other devices than those that are named: "Android: ..." to an iPhone's owner."""
    named = particulars(said).platforms
    kept = [
        at
        for at, one in enumerate(block.units)
        if not named or not (own := particulars(one.partition(":")[0]).platforms) or own & named
    ]
    if not kept or len(kept) == len(block.units):
        return block, scores
    return replace(block, units=tuple(block.units[at] for at in kept)), scores[kept]


def whole_thought(units: tuple[str, ...], before: str) -> tuple[str, ...]:
    """With the sentence before it where the first one points back at it, unless that one points elsewhere, too."""
    points = bool(units) and bool(before) and points_back(units[0])
    return (before, *units) if points and not before.endswith((":", " it.", " them.")) else units


def points_back(sentence: str) -> bool:
    """Whether it leans on the one before it: "This costs 3 euros"."""
    return _POINTS_BACK.match(sentence) is not None


def needs_heading(sentence: str, heading: str) -> bool:
    """Whether it says less without its heading: "Stitches" are "they", and "For the first week" bounds it."""
    return (
        leans(sentence)
        or _OF_SOMETHING.match(sentence) is not None
        or _WHEN.match(heading) is not None
    )


def _item(block: Block, scores: Scores, wanted: set[str]) -> Block:
    """The one item with a word of the ask that no other has, if it leads all others or they have none."""
    if len(scores) < 2 or _TOGETHER.search(block.lead):  # noqa: PLR2004
        return block
    if (announced := _announced(block, scores, wanted)) is not None:
        return replace(block, units=(_ended(announced),))
    order = np.argsort(-scores)
    best = int(order[0])
    others = {
        word for at, one in enumerate(block.units) if at != best for word in content_words(one)
    }
    named = set(content_words(block.units[best])) & wanted
    left = wanted - set(content_words(" ".join((block.lead, *block.path[-1:]))))
    alone = wanted.isdisjoint(others) and len(named & left) >= SAME_ITEM * len(left)
    if not named - others or (scores[best] - scores[order[1]] < LEAD_BY and not alone):
        return block
    return replace(block, units=(_ended(block.units[best]),))


def _announced(block: Block, scores: Scores, wanted: set[str]) -> str | None:
    """The one item with words of the ask, of which its heading announces one beside others: "Gas, dogs and prams"."""
    heading = block.path[-1] if block.path else ""
    held = [set(content_words(one)) & wanted for one in block.units]
    own = [at for at, one in enumerate(held) if one]
    if len(own) != 1 or ("," not in heading and " and " not in heading):
        return None
    near = scores[own[0]] >= scores.max() - LEAD_BY
    return block.units[own[0]] if near and held[own[0]] & set(content_words(heading)) else None


def _ended(item: str) -> str:
    """An item as it stands alone: what tied it to the next one is left out."""
    for tie in ("; and", "; or", ", and", ", or", ";", ","):
        if item.endswith(tie):
            return f"{item.removesuffix(tie)}."
    return item


def _run(units: Sequence[str], scores: Scores) -> slice:
    """The best stretch: a sentence out of its place misleads, so does one that points back."""
    if len(units) <= MOST_SENTENCES:
        return slice(0, len(units))
    sums = np.convolve(scores, np.ones(MOST_SENTENCES), "valid")
    start = int(sums.argmax())
    end = start + MOST_SENTENCES
    while start > 0 and points_back(units[start]):
        start -= 1
    return slice(start, end)
