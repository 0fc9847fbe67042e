"""Text to sentences, with their places, for mail and help articles alike.

One pass over the characters; what is looked at around a character is bounded, so that the time grows with
the text and no faster.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from memory.patterns import linear

ABBREVIATIONS = frozenset(
    """
    mr mrs ms dr prof st no nr vs etc e.g i.e eg ie approx inc ltd co jan feb mar apr jun jul
    aug sep sept oct nov dec tel ext fig p.m a.m bzw z.b ca usw ggf evtl str
    """.split()
)
"""Words whose full stop ends no sentence."""
WRAPPED_LINE = 50
"""Characters from which a line without closing punctuation is taken for a wrapped one."""

_MARKS = frozenset(".!?…")
_CLOSERS = frozenset("\"')]»”*_")
_WIDE = frozenset("。！？؟।")
"""Marks that end a sentence without a blank after them."""
_BREAKS = _MARKS | _WIDE | {"\n"}
_BULLETS = frozenset("-*•‣–")
_STEPS_IN = frozenset(">›»→")
"""Between the words of a way through menus, as "Week > ... > Withdraw"."""
_LOOK_BACK = 24
"""Characters before a full stop in which an abbreviation or the number of a list may stand."""
_BULLET_CHARS = 5
_LABEL = linear(r"(?:^|\s)\(?(?P<label>\d|[a-h])\)\s")
"""Where an item of a list begins within a line: "(1) where is it (2) how much"."""
_LABELS = ("12345678", "abcdefgh")
FEWEST_ITEMS, MOST_ITEMS = 2, 8


class Sentence(NamedTuple):
    """A sentence and where it stands: `text == whole[start:end]`."""

    text: str
    start: int
    end: int


def sentences(text: str) -> list[Sentence]:
    """The sentences of `text` in order; blank ones are left out."""
    found: list[Sentence] = []
    start = 0
    for begin, end in _breaks(text):
        if _ends(text, start, begin, end):
            _add(found, text, start, end)
            start = end
    _add(found, text, start, len(text))
    return found


def is_bullet(text: str, at: int) -> bool:
    """Whether an item of a list begins there: a dash, a number or a letter."""
    piece = text[at : at + _BULLET_CHARS]
    if piece[:1] in _BULLETS:
        return piece[1:2].isspace()
    bare = piece.removeprefix("(")
    digits = bare[:2] if bare[:2].isdigit() else bare[:1]
    lettered = len(bare) > 1 and bare[0].isascii() and bare[0].islower() and bare[1] == ")"
    if not digits.isdigit() and not lettered:
        return False
    rest = bare[len(digits) :] if digits.isdigit() else bare[1:]
    return rest[:1] in {".", ")"} and rest[1:2].isspace()


def itemised(text: str) -> str:
    """Each item of a list on a line of its own, where a list stands within a line."""
    found = list(islice(_LABEL.finditer(text), MOST_ITEMS))
    labels = "".join(one["label"] for one in found)
    if len(found) < FEWEST_ITEMS or not any(known.startswith(labels) for known in _LABELS):
        return text
    for one in reversed(found):
        text = f"{text[: one.start()].rstrip()}\n{text[one.start() :].lstrip()}"
    return text.lstrip()


def _breaks(text: str) -> Iterator[tuple[int, int]]:
    """Where a sentence may end: runs of marks before a blank, and runs of blanks with a new line."""
    done = 0
    for at in [place for place, sign in enumerate(text) if sign in _BREAKS]:
        if at < done:
            continue
        if text[at] == "\n":
            done = _past_blanks(text, at)
        elif text[at] in _WIDE:
            done = _past(text, at, _WIDE)
        else:
            done = _past(text, _past(text, at, _MARKS), _CLOSERS)
            if not text[done : done + 1].isspace():
                continue
        yield at, done


def _past(text: str, at: int, signs: frozenset[str]) -> int:
    while at < len(text) and text[at] in signs:
        at += 1
    return at


def _past_blanks(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def _add(found: list[Sentence], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip())
    core = piece.strip()
    if core:
        found.append(Sentence(core, start + left, start + left + len(core)))


def _ends(text: str, start: int, begin: int, end: int) -> bool:
    if text[begin] == "\n":
        return _line_ends(text, begin, end)
    if text[begin] != ".":
        return True
    after = _past_blanks(text, end)
    following = text[after : after + 1]
    if begin > start and text[begin - 1].isalnum() and _goes_on(text, start, begin, following):
        return False
    return not (following.islower() or following in _STEPS_IN) or "\n" in text[end:after]


def _goes_on(text: str, start: int, begin: int, following: str) -> bool:
    """Whether the full stop belongs to an abbreviation, an initial or the number of a list."""
    before = text[max(start, begin - _LOOK_BACK) : begin]
    last = "".join(before.rsplit(None, 1)[-1:]).lower().strip("(\"'")
    if last == "no" and text[start:begin].strip().lower() == "no":  # an answer, but for "No. 5"
        return following.isdigit()
    if last in ABBREVIATIONS or (len(last) == 1 and last.isalpha() and last != "i"):
        return True
    return _numbers_an_item(before, whole=begin - start <= _LOOK_BACK)


def _numbers_an_item(before: str, *, whole: bool) -> bool:
    """Whether nothing but the number of a list stands before the full stop."""
    digits = len(before) - len(before.rstrip("0123456789"))
    if digits not in (1, 2):
        return False
    rest = before[:-digits].removesuffix("(").rstrip(" \t")
    return rest.endswith("\n") or (not rest.strip() and whole)


def _line_ends(text: str, begin: int, end: int) -> bool:
    """Whether a line break ends a sentence: not where mail programs merely wrapped it."""
    if text.count("\n", begin, end) > 1 or is_bullet(text, end):
        return True
    line = text[text.rfind("\n", 0, begin) + 1 : begin].rstrip()
    after = text[end : end + 1]
    if line.endswith((".", "!", "?", ":", ";")):
        return True
    return not (after.islower() and len(line) >= WRAPPED_LINE) and not (
        after.islower() and line.endswith((",", "-"))
    )
