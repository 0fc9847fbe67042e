"""Where a sentence that asks for two things comes apart: at its clauses, and between two objects of one verb."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from graph.minds.local.planning.referring import FEWEST_WORDS, RECORD_NUMBER, only_refers, refers
from graph.text.requests import PROBLEM, QUESTION, TOLD, WISHED, opens_a_question
from graph.text.words import STOP, content_words, says, stem
from memory.patterns import Pattern, linear
from memory.sentences import sentences

MOST_JOINTS = 8
"""Places of one sentence at which it may be cut: more asks than a turn may take."""
MOST_OBJECT_WORDS = 6
"""Of what a verb is said of: with more of them it tells something of its own."""

Differ = Callable[[str, str], bool]
"""Whether two pieces want different things."""

_CLAUSE = linear(
    r"(?P<join>(?:\s*[,;]\s*|\s+)(?:and|also|und|et|y|plus|or)\s+(?:also\s+|then\s+|secondly\s+)?|\s*;\s*(?:also\s+|then\s+|secondly\s+)?)"
    r"(?:(?:(?:at|by|for|from|in|on|since|to|until|with|within) )?(?:how|what|which|whom)\b|(?:why|when|where|who|whether|please|is|are|to (?:know|ask|learn|find out))\b|(?:can|could|would|will|shall|should|do|does|did|may)"
    r"\s+(?:i|you|we|they|he|she|it|the|my|our|your|there|this|that|an?|people|some\w*|any\w*)\b|\w[\w -]{1,30}:\s*(?:how|what|why|when|where|which|who)\b)",
    ignore_case=True,
)
_VERBS = (
    "cancel|refund|reset|change|update|delete|remove|send|unlock|add|close|stop|activate|deactivate|transfer|move|fix|check|confirm|resend|return"
    "|replace|track|upgrade|downgrade|enable|disable|restore|tell|give|explain|export|download|get|find|set|invite|correct|extend|issue"
)
_SOFT_CLAUSE = linear(
    rf"(?P<join>\s*,?\s+(?:and|und|then|also)\s+(?:also\s+|then\s+|please\s+)*)(?:{_VERBS}|my|the|our|i|we)\b",
    ignore_case=True,
)
_SPLICE = linear(
    r"(?P<join>,\s+|\s+[-–—]+\s+(?:(?:and|also|plus|oh)\b[^-–—.?!]{0,40}[-–—]+\s+)?)"
    r"(?:(?:do|does|did|is|are|was|can|could|will|would|has|have|should|must|may) (?:i|we|you|he|she|it|they|there|this|that|the|my|our)\b"
    r"|(?:how|what|when|where|why|who|which) (?:do|does|did|is|are|can|could|will|would|should|must|much|many|long|often|far)\b)",
    ignore_case=True,
)
"""A second question behind a mere comma or dash."""
_PLUS = linear(
    r"(?P<join>\s*,?\s+(?:plus|and also|and on top of that|und außerdem)\s+)", ignore_case=True
)
_TROUBLE = linear(r"(?P<join>\s*[,;]?\s+(?:and|but|und|et|y)\s+|\s*;\s*)", ignore_case=True)
"""Where a sentence that tells of troubles may tell of another."""
_LISTED = linear(r"(?P<join>\s*,\s+)")
"""Where it may list a trouble before the last two: "the app hangs, the printer is off and I am locked out"."""
_WAY = linear(
    r"\b(?:help|info|information|details|advice|explanations?|questions?) (?:with|on|about|regarding) |\bhow (?:(?:do|can|could|should|would|does|must) (?:i|we|you|one|people|somebody|someone)|to) (?:also |best )?[\w-]+ (?:(?:up|off|out|on|in|down|over|back) )?",
    ignore_case=True,
)
"""Asks how something is done, up to what it is done to."""
_DEED = linear(
    r"\bhow (?:(?:do|can|could|should|would|must) (?:i|we|you|one|people)|to) (?:also |then |best )?(?P<deed>[\w-]+)",
    ignore_case=True,
)
_AND_DEED = linear(
    r"(?P<join>,? (?:and|or|then|&) (?:then |also )?)(?P<deed>\p{Ll}{3,20})(?: (?:up|out|off|in|on|down|over|back))? (?:the|my|our|an?|his|her|their|all|every|each|some\w{3,4})\b",
    ignore_case=True,
)
"""What stands behind an "and", and before what it is done to, is a verb."""
_NO_DEED = frozenset(
    "during without within between across until onto via like inside outside behind below above beyond plus".split()
)
MOST_DONE_TO = 1
"""Words behind the article of what the second deed is done to: more may be a clause, as in "the date and time the ferry leaves"."""
_VAGUE = frozenset(
    "do get go find see know make use start manage begin proceed handle be have".split()
)
"""Verbs that name no deed of their own."""
_OWNED = linear(r"\b(?:my|our|the) ", ignore_case=True)
_BOTH = linear(
    r",? (?:as well as|and/or|and also|along with|together with) (?:with |on |about |regarding )?",
    ignore_case=True,
)
"""Joins two objects that are two matters."""
_AND = linear(r",? (?:and|or|&) (?:(?:my|our|the|their|an?) )", ignore_case=True)
_TELLS = linear(
    r"\b(?:is|are|was|were|be|been|has|have|had|do|does|did|can|could|will|would|not|that|which|who|if|when|because|how|to|for|with|so)\b|n't\b",
    ignore_case=True,
)
"""No bare object holds one of these."""

_SUBJECT = linear(
    r"^(?:the|my|our|an?|his|her|your|one of|some|no|none of|nobody|everybody|all|every|each|two|three|i|we|he|she|people)\b",
    ignore_case=True,
)
"""Begins a clause with a subject of its own."""
_DEPENDS = linear(
    r"\b(?:if|when|whenever|because|since|although|though|while|after|before|that|which|who|says|say|said|where|until|unless)\b",
    ignore_case=True,
)
"""Begins a clause that may go on behind an "and"."""


def clauses(sentence: str, value: int, differ: Differ) -> list[str]:
    """A sentence that asks or tells two things becomes two: at plain conjunctions, or where they differ.

    Of a sentence that joins very much only the first `MOST_JOINTS` joints are looked at.
    """
    if value < TOLD:
        return [sentence]
    cuts = _cuts if value >= WISHED else _troubles
    pieces, rest = [], sentence
    for _ in range(MOST_JOINTS):
        cut = next(cuts(rest, differ), None)
        if cut is None:
            break
        left, right = cut
        pieces.append(_closed(left, sentence))
        rest = right[0].upper() + right[1:]
    return [*pieces, rest]


def questions(text: str) -> list[str]:
    """The single questions of an ask: "How do I pay, and will you cut us off?" has two."""
    found = []
    for one in sentences(text):
        if not (QUESTION.search(one.text) or opens_a_question(one.text)):
            continue
        rest = one.text
        for match in islice(_CLAUSE.finditer(one.text), MOST_JOINTS):
            left = rest[: len(rest) - len(one.text) + match.start()]
            right = one.text[match.end(1) :]
            if says(left) and says(right):
                found.append(_closed(left.strip(), one.text))
                rest = right[:1].upper() + right[1:]
        found.append(rest)
    return found


def _cuts(sentence: str, differ: Differ) -> Iterator[tuple[str, str]]:
    """Where a sentence may be cut in two: the sure places first."""
    yield from _between(_CLAUSE, sentence, lambda _, right: not only_refers(right), _is_asked)
    yield from _between(_CLAUSE, sentence, other_way, says)
    yield from _between(_SPLICE, sentence, _asks_again)
    yield from _objects(sentence, differ)
    yield from _ways(sentence)
    yield from _between(_SOFT_CLAUSE, sentence, differ)
    yield from _between(_TROUBLE, sentence, _troubled_beside)


def _asks_again(left: str, right: str) -> bool:
    return opens_a_question(left) and not only_refers(right)


def _troubled_beside(left: str, right: str) -> bool:
    """Whether a trouble of its own stands behind what is asked, and neither tells when or why of the other."""
    own = _SUBJECT.match(right) is not None and PROBLEM.search(right) is not None
    return (
        own
        and not refers(right)
        and not _DEPENDS.search(left)
        and _stems(left).isdisjoint(_stems(right))
    )


def _stems(text: str) -> set[str]:
    return set(map(stem, content_words(text)))


def _troubles(sentence: str, differ: Differ) -> Iterator[tuple[str, str]]:
    """Where a sentence that merely tells comes apart into two troubles."""

    def both(left: str, right: str) -> bool:
        return PROBLEM.search(left) is not None and PROBLEM.search(right) is not None

    def listed(left: str, right: str) -> bool:
        own = _SUBJECT.match(right) is not None and not _DEPENDS.search(left)
        return own and both(left, right) and differ(left, right)

    yield from _between(_PLUS, sentence, both)
    yield from _between(_LISTED, sentence, listed)
    yield from _between(_TROUBLE, sentence, lambda *two: both(*two) and differ(*two))


def _between(
    pattern: Pattern, sentence: str, apart: Differ, also: Callable[[str], bool] | None = None
) -> Iterator[tuple[str, str]]:
    """`also`: what besides the words of substance lets a piece stand."""
    for match in islice(pattern.finditer(sentence), MOST_JOINTS):
        left, right = sentence[: match.start()].strip(), sentence[match.end(1) :].strip()
        if all(_stands(one) or (also is not None and also(one)) for one in (left, right)) and apart(
            left, right
        ):
            yield left, right


def _objects(sentence: str, differ: Differ) -> Iterator[tuple[str, str]]:
    """Two objects of one verb, each with it: "how to set up the app as well as the printer"."""
    way = _WAY.search(sentence)
    if way is None:
        return
    for pattern, sure in ((_BOTH, True), (_AND, False)):
        for match in islice(pattern.finditer(sentence), MOST_JOINTS):
            if match.start() < way.end():
                continue
            first = sentence[way.end() : match.start()]
            joined = sentence[match.start() :].removeprefix(",").strip()
            second = sentence[match.end() :] if sure else joined.partition(" ")[2]
            if not (_is_object(first) and _is_object(second)):
                continue
            left, right = sentence[: match.start()], f"{way.group()}{second}"
            if sure or differ(left, right):
                yield left, right


def _ways(sentence: str) -> Iterator[tuple[str, str]]:
    """Two deeds, each with its own object: "how do I approve the hours and lock the month"."""
    way = _DEED.search(sentence)
    if way is None:
        return
    for match in islice(_AND_DEED.finditer(sentence), MOST_JOINTS):
        if match.start() < way.end() or match["deed"] in STOP | _NO_DEED:
            continue
        first, rest = sentence[way.end() : match.start()], sentence[match.end(1) :]
        how = way.group().removesuffix(way["deed"])
        left, right = sentence[: match.start()], f"{how}{rest}"
        apart = _stems(first).isdisjoint(_stems(rest)) and not refers(rest)
        short = len(sentence[match.end() :].split()) <= MOST_DONE_TO
        if apart and short and _is_object(first) and other_way(left, right):
            yield left, right


def _is_object(piece: str) -> bool:
    return says(piece) and len(piece.split()) <= MOST_OBJECT_WORDS and _TELLS.search(piece) is None


def _stands(piece: str) -> bool:  # the number of a record does, too: "Where is AB-1234"
    return says(piece, FEWEST_WORDS) or RECORD_NUMBER.search(piece) is not None


def _is_asked(piece: str) -> bool:
    """Whether one thing is plainly asked about: "Where are our invoices", and not "Where is it"."""
    return (
        opens_a_question(piece)
        and says(piece)
        and not refers(piece)
        and _OWNED.search(piece) is not None
    )


def other_way(before: str, after: str) -> bool:
    """Whether each asks how something is done, and another thing: "How do I approve it? And how do I export it?"."""
    verbs = [
        one["deed"].lower() for text in (before, after) for one in islice(_DEED.finditer(text), 1)
    ]
    return len(verbs) == 2 and verbs[0] != verbs[1] and not _VAGUE & set(verbs)  # noqa: PLR2004


def _closed(left: str, sentence: str) -> str:
    return left + "?" if sentence.rstrip().endswith("?") and not left.endswith("?") else left
