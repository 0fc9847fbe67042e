"""Lists of things that somebody asks about: what leads to them, and their items."""

from __future__ import annotations

from collections.abc import Sequence

from graph.text.requests import WISHED, requests, strength
from graph.text.words import says
from memory.patterns import linear

_LEAD_IN = linear(
    r"\b(?:questions?|things?|issues?|problems?|points?|requests?|wishes|topics|matters|anliegen|wünsche|souhaits|demandes|deseos|fragen|preguntas|domande|vragen)\b[^.?!]{0,40}[:.]?$",
    ignore_case=True,
)
_LEAD = linear(
    r"^(?:(?:and|oh|just|only|ok|okay|so|also|now|then|plus|ps|p\.s\.?|btw|by the way|an?|the|my|our|here is|one|two|another|next|last|first(?:ly)?|second(?:ly)?|third(?:ly)?|final(?:ly)?|q|quick|short|follow-?up|other|more"
    r"|thing|question|point|request|issue|matter|noch|eine|andere|weitere|frage|une|autre|question|otra|pregunta|un'altra|domanda)[ ,.]*){1,6}[:–—]\s*",
    ignore_case=True,
)
"""What says only that more comes: "PS:", "One more question:"."""
_COUNTED = linear(
    r"\b(?:two|three|four|five|six|couple|few|several|some|following|\d|zwei|drei|deux|trois|dos|tres)\b",
    ignore_case=True,
)
_DID = linear(
    r"^(?:i|we)(?:['’]ve| have| had)? (?:already |also |just |only )?(?:tried|bought|ordered|did|done|checked|received|sent|returned|changed)\b",
    ignore_case=True,
)
"""Tells of several things that were done: nothing is asked of each."""
_STEPS = linear(
    r"\b(?:steps|reproduce|reproduction|schritte)\b[^.?!]{0,30}:$|\bwhat (?:i|we) (?:did|do|have|saw|see|tried)\b[^.?!]{0,30}:$",
    ignore_case=True,
)
"""Leads to the steps by which something goes wrong: "To reproduce:"."""
MOST_NAMED_WORDS = 8
_TELLS = linear(
    r"^(?:i|we|he|she|it|they|this|that|you|there)\b|\b(?:is|are|was|were|be|been|has|have|had|do|does|did|can|could|will|would|not|who|because)\b|n't\b",
    ignore_case=True,
)
"""What merely names a thing, as "The API limits." does, holds none of these."""
_EACH = linear(
    r"\b(?:each|all|both|any) of (?:them|these|those)\b|\b(?:the following|the above|these|those|all) (?:\w+ )?(?:things|points|topics|questions)\b",
    ignore_case=True,
)
"""Says in a wish that each item of a list is asked about; "I tried all of these" is none."""
_ITEM = linear(r"^(?:[-*•‣–]|\(?\d{1,2}[.)]|\(?[a-h][.)])\s+")


def leads_in(sentence: str) -> bool:
    """Whether it says that several things follow, and asks nothing: "Two questions:", "Could you please:"."""
    if sentence.endswith(":") and not says(sentence):
        return requests(sentence)
    counted = _LEAD_IN.search(sentence) and _COUNTED.search(sentence)
    return bool(counted) and not sentence.endswith("?") and _DID.match(sentence) is None


def without_dash(sentence: str) -> tuple[str, bool]:
    """Without the dash or number of an item, and whether there was one."""
    item = _ITEM.match(sentence)
    return (sentence[item.end() :], True) if item else (sentence, False)


def asks_each(sentence: str) -> bool:
    """Whether it wishes to know of each item of a list."""
    return speaks_of_each(sentence) and strength(sentence) >= WISHED


def asks_by_items(every: Sequence[str]) -> bool:
    """Whether an item of a list asks for something, so that the other items do, too; not where it tells what was done.

    >>> asks_by_items(["1. Reset the PIN", "2. Copies of bills"]), asks_by_items(["We tried:", "- reset the PIN"])
    (True, False)
    """
    asking = (strength(words) >= WISHED for words, item in map(without_dash, every) if item)
    return any(asking) and not any(_DID.search(one) or _STEPS.search(one) for one in every)


def speaks_of_each(text: str) -> bool:
    """Whether it says "each of these", "the following points" and the like."""
    return _EACH.search(text) is not None


def names(sentence: str) -> bool:
    """Whether it names a thing and tells nothing of it: an item of a list without its dash. Nor is it a signature."""
    words = sentence.split()
    plain = any(word.islower() for word in words[1:]) and len(words) <= MOST_NAMED_WORDS
    return plain and says(sentence) and _TELLS.search(sentence) is None


def without_lead(sentence: str) -> str:
    """Without what merely says that more comes: "One more: how do I pay?"."""
    found = _LEAD.match(sentence)
    rest = sentence[found.end() :] if found else ""
    return rest[:1].upper() + rest[1:] if says(rest) and strength(rest) >= WISHED else sentence
