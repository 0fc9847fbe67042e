"""Whether words point to something that was said before them."""

from __future__ import annotations

from graph.text.requests import opens_a_question
from graph.text.words import says
from memory.patterns import linear

FEWEST_WORDS = 2
"""Words of substance by which a piece stands alone, as each half of a split sentence must."""
RECORD_NUMBER = linear(r"\b[A-Za-z]{1,6}-?\d[\d-]{3,20}\b")
"""Names a record, such as an order: a piece that holds one stands alone, however few its words."""
_REFERS = linear(
    r"\b(?:its?|this|that|these|those|them|they|their|so|there|he|she|him|his|hers?|theirs|one|both|meanwhile|same|the (?:first|second|other))\b|\bthen[?.! ]*$",
    ignore_case=True,
)

_LEANS = linear(
    r"^(?:ok(?:ay)?[,.]? )?(?:and|or|but|what about|how about|what if|then|und|et|y)\b",
    ignore_case=True,
)

_SITUATION = linear(
    r"^(?:we|i|it|this|mine|they)(?:['’](?:re|m|s)| are| am| is) (?:on|using|an?|the|with|running|in)\b"
    r"|^(?:it|this|that|here|(?:the|my|our) (?:\w+ ){0,2}\w+) (?:just |now |still |only )?(?:says?|shows?|reads?|displays?)\b"
    r"|^(?:i|we)(?:['’]ve got| have got| have|['’]ve) (?:an?|the|your) (?:\w+ ){0,3}(?:plan|account|subscription|membership|card|licen[cs]e|contract|tariff|policy|version|model|pass|package|phone|computer)\b"
    r"|^(?:i|we)(?:['’]ve| have)? (?:already |just )?(?:bought|booked|ordered|paid|joined|subscribed|signed up|use|live)\b",
    ignore_case=True,
)
"""Who asks, with what, or where it is from, as a plan, a role, a device, a shop; what a screen says of it."""

_OTHERWISE = linear(
    r"^(?:and |but |or )?(?:if (?:not|so|that|it|they|we|you)\b[^,?]{0,40},|otherwise\b|or else\b|failing that\b|wenn (?:nicht|ja)\b|falls (?:nicht|ja)\b|sinon\b|si no\b|se no\b|zo (?:niet|ja)\b)",
    ignore_case=True,
)
"""Asks what to do in either case of the question before it: neither answers the other."""

_EXISTS = linear(r"\b(?:is|are|was|were) there\b|\bthere(?: is| are|['’]s)\b", ignore_case=True)
"""This "there" points nowhere: "Is there a trial?"."""


def refers(text: str) -> bool:
    """Whether it points to something that was said before it, as "How long does it take?" does."""
    return _REFERS.search(_EXISTS.sub(" ", text)) is not None


def points_back(text: str) -> bool:
    """Whether it does, and says too little by itself: "Rota: how do I print it?" names what it means."""
    topic, colon, _ = text.partition(": ")
    if colon and says(topic) and len(topic.split()) <= FEWEST_WORDS and not refers(topic):
        return False
    return refers(text) and not says(text, 2 * FEWEST_WORDS + 1)


def says_nothing(text: str) -> bool:
    """Whether it is a word or two that point at nothing, as "Refund?" and "Why?"."""
    short = len(text.split()) <= FEWEST_WORDS and not refers(text)
    return short and (says(text) or text[:3].lower() in {"why", "how"})


def leans(text: str) -> bool:
    """Whether it goes on from what was said before, as "And who pays?" does."""
    return _LEANS.match(text) is not None


def only_refers(text: str) -> bool:
    """Whether it does, and says nothing else."""
    return refers(text) and not says(text, FEWEST_WORDS)


def is_a_situation(text: str) -> bool:
    """Whether it says who asks, or with what, as "We are on Team." does."""
    return _SITUATION.match(text) is not None


def asks_otherwise(text: str) -> bool:
    """Whether something is asked in a case: "If not, how do I send it back?", and no mere "If not, why?"."""
    found = _OTHERWISE.match(text)
    rest = text[found.end() :].lstrip(" ,") if found else ""
    return opens_a_question(rest) and says(rest)
