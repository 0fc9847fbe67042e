"""A reply by itself: its sentences, which of them are broken, and which ask back. Pure."""

import re
from collections.abc import Sequence

from evals.replies.tokens import tokens

OPEN_ENDS = frozenset(
    "a an and are as at because but by for from if in into is of on or than that the then "
    "this to until when where which while with your our its their".split()
)
"""Words after which more must come."""
POINTING = (
    "the table below",
    "the following",
    "see below",
    "see above",
    "as follows",
    "these steps",
    "this table",
    "the list below",
)
"""References that need something to stand behind them."""
PAIRS = (("(", ")"), ("[", "]"), ("{", "}"), ("“", "”"))
_END = re.compile(
    r"(?<=[.!?])[\"”’)*_]*\s+(?=[\"“(]?[A-Z0-9*])|(?<=[a-z)][.!?:])(?=[A-Z][a-z’']*\s)"
)
"""The second where an export has lost the blank between two sentences."""
_ITEM = re.compile(r"^\s*(?:[-*•]|\d+[.)])\s+")
_CLOSED = re.compile(r"[.!?…:;][\"”’)*`]*$")
_SOURCE = re.compile(r"^\[\d+\] \S|^Sources?:\s*$")
_MARK = re.compile(r" ?\[\d+\](?!\()")
_CODE = "```"
GREETING_CHARS = 80
"""A longer first line is no greeting."""


def body(text: str, *around: str) -> str:
    """The reply without greeting, closing, marks of sources and their list: what it tells."""
    told = "\n".join(line for line in text.split("\n") if not _SOURCE.match(line))
    paragraphs = re.split(r"\n\s*\n", _MARK.sub("", told).strip())
    if paragraphs and paragraphs[0].rstrip().endswith(",") and len(paragraphs[0]) < GREETING_CHARS:
        paragraphs = paragraphs[1:]
    rest = "\n\n".join(paragraphs)
    for one in around:
        rest = rest.replace(one.strip(), "") if one.strip() else rest
    return rest.strip()


def sentences(text: str) -> list[str]:
    """Sentences and items, in order; a piece of code is one."""
    found: list[str] = []
    for place, part in enumerate(text.split(_CODE)):
        if place % 2:
            found.append(part.strip("\n"))
            continue
        for line in part.split("\n"):
            bare = _ITEM.sub("", line).strip()
            found += [one.strip() for one in _END.split(bare) if one.strip()]
    return found


def broken(text: str) -> list[bool]:
    """For each line of prose (a table has none), whether it ends in the middle, or points at what is not there."""
    if text.count(_CODE) % 2:
        return [True]
    prose = (line.strip() for part in text.split(_CODE)[::2] for line in part.split("\n"))
    lines = [line for line in prose if line and not line.startswith("|")]
    return [_is_broken(line, lines[place + 1 :], text) for place, line in enumerate(lines)]


def _is_broken(line: str, after: Sequence[str], text: str) -> bool:
    bare = _ITEM.sub("", line).strip()
    if any(bare.count(left) != bare.count(right) for left, right in PAIRS):
        return True
    if bare.count("**") % 2 or bare.count("`") % 2:
        return True
    if bare.endswith(":") and not after and _CODE not in text:
        return True
    last = tokens(bare)[-1:]
    if not _CLOSED.search(bare) and last and last[0] in OPEN_ENDS:
        return True
    low = bare.lower()
    return any(one in low for one in POINTING) and not after and _CODE not in text


def stray(text: str) -> bool:
    """Whether a reply that answers asks something back as well."""
    return any(one.rstrip('*_"”)').endswith("?") for one in sentences(text))
