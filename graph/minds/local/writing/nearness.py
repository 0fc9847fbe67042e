"""How near each block of the evidence is to an ask: by meaning, by words, and by what form it has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from graph.minds.local.writing.asked import Form
from graph.minds.local.writing.choosing import FEWEST_WORDS, wants_undone
from graph.minds.local.writing.narrowing import is_a_course
from graph.minds.local.writing.rows import bounding, names_a_row
from graph.minds.local.writing.scored import Passage, Scored, said_whole
from graph.minds.local.writing.statements import instructs, mends, tells_a_trouble
from graph.minds.local.writing.values import holds_a_value
from graph.state import Ask
from graph.text.ages import ages, holds_for
from graph.text.particulars import undoes
from graph.text.passages import Block, blocks
from graph.text.requests import PROBLEM
from graph.text.words import NEGATIONS, content_words, words
from memory.encoder.encoder import SentenceEncoder
from memory.patterns import linear

RANK_DISCOUNT = 0.1
"""What each article before its own costs a passage."""
PLACE_DISCOUNT = 0.01
"""What each passage before it costs, of whichever article."""
LEXICAL_SHARE = 0.35
STEPS_BONUS = 0.08
"""For a list of steps where the customer asks how to do something."""
VALUE_BONUS = 0.04
"""For a block with a figure where the customer asks how much or when."""
UNDO_BONUS = 0.08
"""For a block about undoing where the customer wants to undo something."""
MENDS_BONUS = 0.06
"""For a block that says what to do where the customer tells of a trouble."""
NAMED_BONUS = 0.06
"""For a table of which the customer names a row, and for what stands below a heading that is named."""
AGE_BONUS = 0.15
"""For a block that holds for the age of somebody whom the customer speaks of, and a table with a row for a figure."""
QUOTED_BONUS = 0.15
"""For a block that holds what the customer quotes word for word, as a message on a screen is."""
TITLED_BONUS = 0.15
"""For the steps right below a title where the customer asks how and says no more than the title."""
HEADED_BONUS = 0.15
"""For what stands below a heading that the customer says whole, be it in other words between: "It is cold at the bottom"."""
CASE_DISCOUNT = 0.1
"""What it costs to stand below a case, as "If the owner has moved", of which the customer says no word."""
TROUBLE_DISCOUNT = 0.15
"""What it costs to stand below a trouble, as "A payment was declined", of which the customer tells nothing."""
HEADING_SHARE = 0.25
OWN_SHARE = 0.6
"""Weight of the ask's own words against the query with its context."""

WISHING = frozenset(["want", "wish"])
"""Stems by which an ask says that it is one: "I want to ..." names no heading that begins so, too."""

_IF = linear(r"^(?:if|when|in case|once)\b", ignore_case=True)
_QUOTED = linear(r"[\"“«„]([^\"“”«»„]{4,80})[\"”»“]")

Found = tuple[int, int, Passage, Block, str]
"""A block with the places of its passage and in it, the passage, and the sentence before it."""


def scored(
    encoder: SentenceEncoder,
    ask: Ask,
    found: Sequence[Found],
    passages: Sequence[Passage],
    form: Form,
    *,
    troubled: bool,
) -> list[Scored]:
    """Each block with how near it is; to one who is `troubled`, what says what to do is nearer."""
    scores = _likeness(encoder, ask, [one[3] for one in found])
    discounts = _discounts(passages)
    kept, start = [], 0
    for rank, place, passage, block, before in found:
        own = scores[start : start + 1 + len(block.units)]
        start += 1 + len(block.units)
        score = _score(block, own, form, ask["text"], passage.title) - discounts[rank]
        kept.append(Scored(block, passage, (rank, place), before, own[1:], score))
    gains = _gains(ask, passages, form, troubled=troubled)
    return [replace(one, score=one.score + gains(one)) for one in kept]


def _gains(
    ask: Ask, passages: Sequence[Passage], form: Form, *, troubled: bool
) -> Callable[[Scored], float]:
    """What a block gains or loses by what it is about."""
    undoing, told = wants_undone(ask["text"], ask["query"]), ages(ask["query"])
    named = _named_headings(ask["text"], passages)
    asked, said = set(content_words(ask["text"])), set(content_words(ask["query"]))
    quoted = [one[1].casefold() for one in _QUOTED.finditer(ask["text"])]
    calm = form in {"value", "yes_no"} and not (
        PROBLEM.search(ask["query"]) or NEGATIONS & set(words(ask["query"]))
    )

    def gain(one: Scored) -> float:
        block, source = one.block, one.passage.source
        heading = block.path[-1] if block.path else ""
        row = block.kind == "table" and form != "how" and names_a_row(block, ask["text"])
        own = source == passages[0].source
        aged = any(holds_for(unit, age) for unit in block.units for age in told)
        within = own and form != "how" and bool(bounding(block.rows, ask["query"]))
        undone = undoing and own and undoes(_whole(block))
        return (
            NAMED_BONUS * (row or (source, heading) in named)
            - TROUBLE_DISCOUNT * (calm and tells_a_trouble(heading))
            - CASE_DISCOUNT * _another_case(heading, one.passage.title, said)
            + TITLED_BONUS * (form == "how" and _is_the_way(one, asked))
            + MENDS_BONUS * (troubled and any(map(mends, block.units)))
            + AGE_BONUS * (aged or within)
            + UNDO_BONUS * undone
            + HEADED_BONUS * (own and said_whole(heading, one.passage.title, asked))
            + QUOTED_BONUS * any(one in _whole(block).casefold() for one in quoted)
        )

    return gain


def _names_an_item(block: Block, asked: str, title: str) -> bool:
    """Whether one item alone has a word that is asked about, and tells a value."""
    if block.kind != "bullets":
        return False
    items = [set(content_words(unit)) for unit in block.units]
    shared = Counter(word for item in items for word in item)
    wanted = set(content_words(asked)) - set(content_words(f"{title} {block.lead}"))
    own = {word for word in wanted if shared[word] == 1}
    return any(
        not own.isdisjoint(item) and holds_a_value(unit, asked)
        for item, unit in zip(items, block.units, strict=True)
    )


def _another_case(heading: str, title: str, said: set[str]) -> bool:
    if _IF.match(heading) is None or NEGATIONS & set(words(heading)):
        return False  # "If there is no outage" is for all others
    own = set(content_words(heading)) - set(content_words(title))
    return bool(own) and own.isdisjoint(said)


def _is_the_way(one: Scored, asked: set[str]) -> bool:
    """Whether it is the way that the article's title promises, to one who asks for just that."""
    alone = one.block.kind == "steps" and set(one.block.path) <= {one.passage.title}
    return alone and bool(asked) and asked <= set(content_words(one.passage.title))


def _whole(block: Block) -> str:
    return f"{_head(block)} {' '.join(block.units)}"


def _likeness(
    encoder: SentenceEncoder, ask: Ask, found: Sequence[Block]
) -> npt.NDArray[np.float64]:
    """How near each text of the blocks is, by its meaning, and by its words with those of its heading."""
    texts = [text for block in found for text in _compared(block)]
    heads = [" ".join(block.path[-1:]) for block in found for _ in _compared(block)]
    vectors = encoder.encode([ask["text"], ask["query"], *texts])
    own = set(content_words(ask["text"]))
    share = OWN_SHARE if len(own) >= FEWEST_WORDS else 1 - OWN_SHARE
    meaning = share * vectors[2:] @ vectors[0] + (1 - share) * vectors[2:] @ vectors[1]
    wanted = own if len(own) >= FEWEST_WORDS else own | set(content_words(ask["query"]))
    rows = [set(content_words(f"{text} {head}")) for text, head in zip(texts, heads, strict=True)]
    common = {word: sum(word in row for row in rows) for word in wanted}
    weight = {word: np.log(1 + len(rows) / (1 + common[word])) for word in wanted}
    total = sum(weight.values()) or 1.0
    lexical = np.array([sum(weight[word] for word in wanted & row) / total for row in rows])
    likeness: npt.NDArray[np.float64] = (1 - LEXICAL_SHARE) * meaning + LEXICAL_SHARE * lexical
    return likeness


def _named_headings(asked: str, passages: Sequence[Passage]) -> set[tuple[str, str]]:
    """(article, heading) of which the ask has a word that no other heading of the article has, nor its title."""
    found: dict[str, dict[str, set[str]]] = {}
    for one in passages:
        for block in blocks(one.text, one.title, one.heading):
            if block.path:
                own = set(content_words(block.path[-1])) - set(content_words(one.title))
                found.setdefault(one.source, {})[block.path[-1]] = own
    wanted = set(content_words(asked)) - WISHING
    return {
        (source, heading)
        for source, headings in found.items()
        for heading, own in headings.items()
        if any(
            word in wanted and sum(word in one for one in headings.values()) == 1 for word in own
        )
    }


def _discounts(passages: Sequence[Passage]) -> list[float]:
    """What each passage's place costs it: further parts of the best article cost little."""
    articles = list(dict.fromkeys(one.source for one in passages))
    return [
        RANK_DISCOUNT * articles.index(one.source) + PLACE_DISCOUNT * place
        for place, one in enumerate(passages)
    ]


def sentences_of(title: str, heading: str, text: str) -> list[str]:
    """All of a passage that asks are set beside, to be encoded beforehand."""
    return [one for block in blocks(text, title, heading) for one in _compared(block)]


def _compared(block: Block) -> list[str]:
    return [_head(block), *(_read(block, unit) for unit in block.units)]


def _head(block: Block) -> str:
    return block.lead or block.heading or " ".join(block.units)[:400]


def _read(block: Block, unit: str) -> str:
    """A unit as it is compared: an item says little without what leads it in."""
    return f"{block.lead} {unit}" if block.kind == "bullets" else unit


def _score(
    block: Block, scores: npt.NDArray[np.float64], form: Form, asked: str, title: str
) -> float:
    head, units = scores[0], scores[1:]
    listed = block.kind != "text"
    inner = 0.5 * (units.max() + units.mean()) if listed else float(units.max())
    alone = form == "value" and (
        (block.kind == "steps" and is_a_course(block)) or _names_an_item(block, asked, title)
    )
    if block.kind == "table" or alone:  # a row, an item or a stage is told by itself
        inner = float(units.max())
    score = (1 - HEADING_SHARE) * inner + HEADING_SHARE * max(head, inner)
    if form == "how" and (block.kind == "steps" or instructs(block.units[0])):
        score += STEPS_BONUS
    if form == "value" and any(holds_a_value(unit, asked) for unit in block.units):
        score += VALUE_BONUS
    return float(score)
