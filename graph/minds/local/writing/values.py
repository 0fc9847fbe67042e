"""What is asked for by "how much", "how long", "how many", "how heavy", and whether a sentence tells it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from graph.minds.local.writing.asked import form_of
from graph.minds.local.writing.yes_no import turns
from graph.text.ages import ages, within
from graph.text.bounds import VERSIONED, met, stated
from graph.text.money import tells_a_sum
from graph.text.words import NEGATIONS, NUMBER_WORDS, content_words, words
from memory.patterns import Pattern, linear

_TIME_ASKED = linear(
    r"\bhow (?:long|soon|late|early|often|quick(?:ly)?|fast)\b|\bwhat (?:time|day|date)\b"
    r"|\bwhen(?:['’]s)? (?:exactly )?(?:do|does|did|is|are|was|were|will|would|can|could|should|shall|must|may|might|has|have)\b"
    r"|\b(?:know|knows|tell|see|say|idea|sure|about|until|since|by|from) when\b|\bwhen ?\?",
    ignore_case=True,
)
_MONEY_ASKED = linear(
    r"\bhow (?:much|expensive)\b|\bcosts?\b|\bpric(?:es?|ing)\b|\btariffs?\b|\bfees?\b|\bcharges?\b|\bcheap",
    ignore_case=True,
)
_COUNT_ASKED = linear(r"\bhow many\b", ignore_case=True)
_FEW = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|few|several"
_SPAN = "(?:seconds?|minutes?|mins?|hours?|days?|nights?|weeks?|months?|quarters?|years?)"
_TIME = linear(
    rf"\d[\d.,:]*\s?(?:business |working )?(?:{_SPAN}|am\b|pm\b|o['’]clock)|\d:\d\d"
    rf"|\b(?:{_FEW}|every|each|same|next|last|first) (?:business |working |calendar |full )?{_SPAN}\b"
    rf"|\b(?:takes?|within|for|in|after|about|only|up to|least|than) an? (?:business |working |full )?{_SPAN}\b"
    r"|\d(?:st|nd|rd|th)?\s(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
    r"|\b(?:january|february|april|june|july|august|september|october|november|december|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|midnight|noon|overnight|(?:at )?any time|at once|immediately|at the (?:end|beginning|start) of)\b",
    ignore_case=True,
)
_NO_LIMIT = linear(
    r"\b(?:unlimited|as many as|no (?:upper )?limit|any number|dozen)\b", ignore_case=True
)
_COUNTS = frozenset(NUMBER_WORDS) - {"one", "zero"}
_KINDS: tuple[tuple[Pattern, Callable[[str], object]], ...] = (
    (_TIME_ASKED, _TIME.search),
    (_MONEY_ASKED, tells_a_sum),
)
_OF_WHAT: Mapping[str, str] = MappingProxyType(
    {
        "heavy": "weight weigh",
        "big": "size dimension capacity",
        "large": "size dimension capacity",
        "tall": "height high",
        "high": "height",
        "wide": "width",
        "deep": "depth",
        "thick": "thickness",
        "fast": "speed",
        "loud": "noise volume decibel",
        "far": "distance range",
        "powerful": "power",
        "expensive": "price cost fee",
        "much": "price cost fee",
        "old": "age",
    }
)
"""What an article calls that which is asked for by "how" and such a word."""
RATES = MappingProxyType(
    {
        "hourly": "hour",
        "daily": "day",
        "weekly": "week",
        "monthly": "month",
        "yearly": "year",
        "annual": "year",
    }
)
_OF_A_VALUE = frozenset(
    content_words(
        "note tip important minute hour day night week month year business working calendar full valid last"
        f" {' '.join(NUMBER_WORDS)}"
    )
)
"""Words of a sentence that tells a value and no case in which it holds."""
_HOW = linear(r"\bhow (?P<what>\p{L}{3,12})\b", ignore_case=True)
_MUCH_ELSE = linear(
    r"\bhow much (?:can|could|may|might|should|more|less)\b|\bhow much (?:\p{L}+ )(?:is|are|do|does|can|may|will|has|have)\b"
    r"|\bhow much (?:do|does|did|will|would) [^?]{1,60} (?:weigh|hold|use|spend|get|earn|save|store|contain|need|carry|consume)\b",
    ignore_case=True,
)
"""Asks for an amount that is no price: how much one can spend, how much space there is."""


_NEEDS = linear(
    r"\b(?:needs?|requires?|requirements?|must (?:be|have)|have to (?:be|have)|works? (?:on|with)|runs? on)\b",
    ignore_case=True,
)
"""What is needed comes behind it: "Groups of 8 or more need a guide" needs no group."""
_NEEDED = linear(r"\b(?:required|needed|at least|minimum)\b", ignore_case=True)
_BOUNDED = linear(
    r"\b(?:for|if|when|unless|during|only|except|at|on (?:mon|tues|wednes|thurs|fri|satur|sun)\p{L}+)\b",
    ignore_case=True,
)
"""Says in which case it is needed."""
_AGE_NEEDED = linear(
    r"\b(?:must|(?:have|has|needs?) to|should) be (?:(?:at least|over|above|older than) \d{1,3}\b|\d{1,3}(?: years)? (?:or|and) (?:older|over|above))",
    ignore_case=True,
)
"""Says how old somebody has to be at least."""
_WHETHER = linear(
    r"\b(?:can|could|may) (?:I|we|my|our|it|one|you)\b|\b(?:does|do|will|would) (?:\w+ ){1,4}(?:work|run|start)\b"
    r"|\bis (?:\w+ ){1,6}(?:enough|possible|supported|compatible|allowed|ok|okay)\b|\b(?:do|does) (?:I|we|my \w+|it) (?:get|qualify)\b",
    ignore_case=True,
)
"""Asks whether something is possible, and not whether it costs something or is broken."""
_OF_USE = frozenset(
    content_words("use run work start install app version phone tablet computer laptop get")
)


def named_otherwise(asked: str) -> set[str]:
    """Stems by which a table calls what is asked for: the weight to "how heavy", the day to "daily"."""
    named = (one["what"].lower() for one in _HOW.finditer(asked))
    other = _MUCH_ELSE.search(asked) is not None
    rates = (RATES.get(one, "") for one in words(asked))
    found = (_OF_WHAT.get(one, "") for one in named if not (one == "much" and other))
    return set(content_words(" ".join((*found, *rates))))


def holds_a_value(sentence: str, asked: str) -> bool:
    """Whether a value of the kind that was asked for stands in it: a time to "how long", a sum to "how much"."""
    amount = _MUCH_ELSE.search(asked) is not None
    kinds = [
        bool(held(sentence))
        for wanted, held in _KINDS
        if wanted.search(asked) and not (amount and held is tells_a_sum)
    ]
    if kinds:
        return any(kinds)
    counted = _COUNT_ASKED.search(asked) is not None and (
        not _COUNTS.isdisjoint(words(sentence)) or _NO_LIMIT.search(sentence) is not None
    )
    return counted or any(sign.isnumeric() and not sign.isalpha() for sign in sentence)


def names_a_case(note: str, known: set[str]) -> bool:
    """Whether it tells more than a value of what is `known`, so that its value holds in some case alone."""
    return not set(content_words(note)) <= known | _OF_A_VALUE


def opening_by_figure(question: str, told: str, sentence: str) -> str:
    """`Yes.` or `No.` where a sentence says what is needed, and a figure of the customer meets it or not.

    One need that is not met is enough for no; yes is said of versions only, where nothing else is asked.
    """
    if form_of(question) != "yes_no" or turns(question) or not _WHETHER.search(question):
        return ""
    if _too_old_or_young(told, sentence):
        return "No."
    results = met(stated(told), _needed(sentence))
    if len(results) != 1:
        return ""
    kind, within = results[0]
    asked = {one for one in content_words(question) if not one[0].isdigit()}
    more = kind not in VERSIONED or asked - _OF_USE - set(content_words(sentence))
    return "" if within and more else "Yes." if within else "No."


def _too_old_or_young(told: str, sentence: str) -> bool:
    """Whether somebody who is told of is out of the one age that it asks for."""
    old, needed = ages(told), _AGE_NEEDED.search(sentence)
    return len(old) == 1 and needed is not None and not within(needed.group(), old[0])


def _needed(sentence: str) -> str:
    """What it says is needed in every case; nothing where it says none."""
    needs = _NEEDS.search(sentence)
    rest = sentence[needs.end() :] if needs else sentence if _NEEDED.search(sentence) else ""
    bounded = NEGATIONS & set(words(sentence)) or _BOUNDED.search(rest.replace("at least", ""))
    return "" if bounded else rest


def asks_a_kind(asked: str) -> bool:
    """Whether a time or a sum is asked for."""
    return any(wanted.search(asked) for wanted, _ in _KINDS)


def asks_a_figure(asked: str) -> bool:
    """Whether a time, a sum or a count is asked for."""
    return asks_a_kind(asked) or _COUNT_ASKED.search(asked) is not None
