"""Text to sentences, with their places, for mail and help articles alike."""

from __future__ import annotations

import re
from dataclasses import dataclass

ABBREVIATIONS = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "dr",
        "prof",
        "st",
        "no",
        "nr",
        "vs",
        "etc",
        "e.g",
        "i.e",
        "eg",
        "ie",
        "approx",
        "inc",
        "ltd",
        "co",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
        "tel",
        "ext",
        "fig",
        "p.m",
        "a.m",
        "bzw",
        "z.b",
        "ca",
        "usw",
        "ggf",
        "evtl",
        "str",
    ]
)
"""Words whose full stop ends no sentence."""
WRAPPED_LINE = 50
"""Characters from which a line without closing punctuation is taken for a wrapped one."""

_BREAK = re.compile(r"(?P<mark>[.!?…]+[\"')\]»”*_]*)(?=\s)|(?P<line>[ \t]*\n\s*)|[。！？؟]+")
_NUMBER = re.compile(r"(?:^|\n)\s*\(?\d{1,2}$")
_BULLET = re.compile(r"[-*•‣–]\s|\(?\d{1,2}[.)]\s|[a-z]\)\s")


@dataclass(frozen=True)
class Sentence:
    """A sentence and where it stands: `text == whole[start:end]`."""

    text: str
    start: int
    end: int


def sentences(text: str) -> list[Sentence]:
    """The sentences of `text` in order; blank ones are left out."""
    found: list[Sentence] = []
    start = 0
    for match in _BREAK.finditer(text):
        if _ends(text, start, match):
            _add(found, text, start, match.end())
            start = match.end()
    _add(found, text, start, len(text))
    return found


def _add(found: list[Sentence], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip())
    core = piece.strip()
    if core:
        found.append(Sentence(core, start + left, start + left + len(core)))


def _ends(text: str, start: int, match: re.Match[str]) -> bool:
    if match["line"] is not None:
        return _line_ends(text, match)
    if match["mark"] is None or match["mark"][0] != ".":
        return True
    before = text[start : match.start()]
    words = before.split()
    last = words[-1].lower().strip("(\"'") if words else ""
    if last in ABBREVIATIONS or (len(last) == 1 and last.isalpha() and last != "i"):
        return False
    if _NUMBER.search("\n" + before):
        return False
    after = text[match.end() :].lstrip()[:1]
    return not after.islower() or "\n" in text[match.end() : match.end() + 2]


def _line_ends(text: str, match: re.Match[str]) -> bool:
    """Whether a line break ends a sentence: not where mail programs merely wrapped it."""
    if match["line"].count("\n") > 1 or _BULLET.match(text[match.end() :]):
        return True
    line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()].rstrip()
    after = text[match.end() : match.end() + 1]
    if line.endswith((".", "!", "?", ":", ";")):
        return True
    return not (after.islower() and len(line) >= WRAPPED_LINE) and not (
        after.islower() and line.endswith((",", "-"))
    )
