"""Codes and numbers that name a thing: "bulletin 14", "E-030", and what programs answer with, as "409"."""

from __future__ import annotations

from graph.text.words import content_words, stem
from memory.patterns import linear

_CODE = linear(r"\b[A-Za-z]{1,12}[-_ ]?\d{1,10}(?:[-.]\d{1,10}){0,3}\b")
_NUMBERED = linear(
    r"\b(error|code|status|bulletin|advisory|notice|article|section|form|step|appendix|ticket type|version"
    r"|release|build|model|phase|level|tier|zone|region|route|line|platform|chapter|grade)"
    r"(?:\s+(?:code|number|no\.?|nr\.?|id))?\s*[#:]?\s*(\d{1,10}(?:\.\d{1,6}){0,3})\b",
    ignore_case=True,
)
_ANSWERED = linear(
    r"\b(?:answer|return|give|show|say|get|respond|reply|replie|throw|receive|see)(?:s|ed)?\b(?: with| an?| the| only| http| status| code| error)*:? [`\"'“(]?([45]\d\d)(?:\s*$|\s+[^\d€$£%\s]|[^\d.,%€$£\w\s]|[.,](?:\s|$))",
    ignore_case=True,
)
_KEYED = linear(r"(?:^|\s)\| *(?:\S+ )?(?:status|error|code)s?(?: \w+)? *\|")
_KEY = linear(r"(?m)^\| *`?(\d{1,10})`? *\|")
"""What programs answer with: HTTP's numbers for errors, and the rows of a table of such numbers."""
ERROR = "error"
_ERRORS = frozenset(map(stem, ("status", "code", ERROR)))
"""Families that name one thing."""
_COUNTING = linear(
    r"^(?:"
    r"a|about|after|all|am|and|another|apr|april|are|at|aug|august|before|by|chf|day"
    r"|days|dec|december|each|eur|every|feb|february|first|for|fri|from|gbp|had|has"
    r"|have|hour|hours|i|in|is|jan|january|jul|july|jun|june|kw|last|least|mar|march"
    r"|may|min|mins|minute|minutes|mon|month|months|most|my|next|no|nov|november|nr"
    r"|number|oct|october|of|on|only|or|our|over|page|past|people|per|pm|sat|sep|sept"
    r"|september|sun|than|the|these|this|those|thu|to|took|top|tue|under|until|up|usd"
    r"|users|was|we|wed|week|weeks|were|with|year|years"
    r")$"
)
"""Words before a number with which it is no code."""
_EXAMPLE = linear(
    r"(?:looks like|for example|for instance|such as|e\.g\.|example) *[(\"“]?$", ignore_case=True
)
"""Before a number that merely shows what such numbers look like."""
_TOLD_OF_A_CODE = frozenset(
    content_words(
        "mean means meaning say says about stand stands code error status message number notice know tell explain display"
    )
)
"""What an ask for the meaning of a code speaks of beside it."""
_MODEL = linear(
    r"(?:\p{L}[\p{L}-]{0,20} |\| *)(?P<name>\p{Lu}[\p{L}-]{3,15}) (?P<number>[1-9]\d{2,4})\b"
)
"""A product by its name and number, as "Aurora 4000", where the name begins no sentence."""
_NO_MODEL = frozenset(
    "dollars easter euro euros pounds since summer winter spring autumn season year".split()
)
_LOOK_BACK = 24
_MOST_LETTERS = 3
"""Of a code that has a space in it, as "KB 12"."""


def codes(text: str) -> set[tuple[str, str]]:
    """(family, number) of each, as ("bulletin", "12") and ("e", "030")."""
    found = {
        (_family(one.group(1).lower()), _number(one.group(2))) for one in _NUMBERED.finditer(text)
    }
    keys = _KEY.findall(text) if "|" in text and _KEYED.search(text.lower()) else []
    found |= {(ERROR, _number(one)) for one in (*keys, *_ANSWERED.findall(text))}
    found |= {
        (name, _number(one["number"]))
        for one in _MODEL.finditer(text)
        if not _COUNTING.match(name := one["name"].lower()) and name not in _NO_MODEL
    }
    for match in _CODE.finditer(text):
        written = match.group()
        at = next(place for place, sign in enumerate(written) if sign.isdigit())
        letters = written[:at].rstrip("-_ ").lower()
        if _is_code(letters, written) and not _EXAMPLE.search(text[: match.start()][-_LOOK_BACK:]):
            found.add((letters, _number(written[at:])))
    return {(family, number) for family, number in found if number.strip("0.")}


def is_named_alone(text: str) -> bool:
    """Whether it asks what one code or number is, and nothing besides.

    >>> is_named_alone("What does E-17 mean?"), is_named_alone("E-17 comes up when I print")
    (True, False)
    """
    rest = _CODE.sub(" ", _NUMBERED.sub(" ", text))
    return len(codes(text)) == 1 and set(content_words(rest)) <= _TOLD_OF_A_CODE


def _family(name: str) -> str:
    """Status, code and error are one family."""
    return ERROR if stem(name) in _ERRORS else stem(name)


def _is_code(letters: str, written: str) -> bool:
    """Not "Monday 12" and "about 30"; "Error 12" is found by its word."""
    if _COUNTING.match(letters):
        return False
    return " " not in written or (written[0].isupper() and len(letters) <= _MOST_LETTERS)


def _number(written: str) -> str:
    return ".".join(
        part.lstrip("0") or "0" for part in written.replace("-", ".").split(".") if part
    )
