"""Things with a form, as they are written in mail: numbers of orders, codes, digits.

A form is made plain before it is compared: a phone turns a hyphen into a dash, a web page adds
characters without width, other keyboards have other digits. A partial match is no match.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from itertools import islice

from memory.characters import compatible
from memory.patterns import LEFT, RIGHT, BadPattern, Pattern, compiled, escaped, linear

MOST_FOUND = 32
"""Values that are taken from one text."""
LONGEST_VALUE = 200
_DASHES = "‐‑‒–—―−﹘﹣－⁃"
_JOINERS = " -_./#\n"
"""Characters that people put, or leave out, where a pattern has its hyphen; a line may end there, too."""
_KEYCAP = "\ufe0e\ufe0f\u20e3"
"""What makes a picture of a key of the digit before it."""
_TO_PLAIN = {ord(sign): "-" for sign in _DASHES} | {ord("٬"): ",", ord("٫"): ".", ord("⁄"): "/"}
"""Dashes, and the characters between digits of Arabic script and of fractions."""


def plain_form(text: str) -> str:
    """Compatible characters unified, dashes and digits made plain, characters without width left out."""
    if text.isascii():
        return text
    found = compatible(text).translate(_TO_PLAIN)
    return found.translate({ord(sign): _plain_sign(sign) for sign in set(found)})


def _plain_sign(sign: str) -> str:
    if sign.isascii():
        return sign
    kind = unicodedata.category(sign)
    if kind == "Cf" or sign in _KEYCAP:
        return ""
    if kind == "Nd":
        return str(unicodedata.decimal(sign))
    return " " if kind == "Zs" else sign


def fitting(pattern: str, text: str) -> Iterator[str]:
    """Values in `text` that fit the whole `pattern`, in the case that it asks for.

    `text` is in plain form. A hyphen of the pattern may be another joining character or be left out.
    Patterns that RE2 cannot run find nothing.
    """
    return (value for value, _ in _placed(pattern, text))


def places(pattern: str, text: str) -> Iterator[tuple[int, int]]:
    """Where they stand, each place once; see `fitting`."""
    yield from dict.fromkeys(place for _, place in _placed(pattern, text))


def _placed(pattern: str, text: str) -> Iterator[tuple[str, tuple[int, int]]]:
    inner = pattern.removeprefix("^").removesuffix("$")
    try:
        exact = compiled(f"^(?:{inner})$")
        loose = compiled(_loose(inner), ignore_case=True)
    except BadPattern:
        return
    found = (match for match in loose.finditer(text) if stands_alone(text, match.span()))
    for match in islice(found, MOST_FOUND):
        parts = [match.group(name) for name in loose.groupindex]
        for value in _spellings(match.group(), parts):
            if len(value) <= LONGEST_VALUE and exact.fullmatch(value):
                yield value, match.span()
                rest = text[match.end() : match.end() + LONGEST_VALUE]
                yield from ((other, match.span()) for other in _also(value, rest, exact))
                break


_AND_ALSO = linear(
    r"(?:\s?[,;&+/]\s?|\s?,?\s(?:and|or|und|oder|et|ou|y|o|e|en|og|och|i|a)\s)(?:#|no\.? )?-?(?P<more>\d{3,})",
    ignore_case=True,
)


def _also(value: str, after: str, exact: Pattern) -> Iterator[str]:
    """Further values of which only the end is written again: "AB-123456, -123457 and 123460"."""
    head, hyphen, last = value.rpartition("-")
    while hyphen and (found := _AND_ALSO.match(after)) and len(found["more"]) == len(last):
        another, after = f"{head}-{found['more']}", after[found.end() :]
        if after[:1].isalnum() or not exact.fullmatch(another):
            return
        yield another


def resembling(pattern: str, text: str) -> str | None:
    """What stands in `text` that is nearly of the pattern, as it was written; None for nothing.

    "#104251" or "FH-10425" where the desk's numbers are FH-104251: it is probably meant, and may
    not be. `text` is in plain form and holds nothing that fits.
    """
    parts = _parts(pattern.removeprefix("^").removesuffix("$"))
    if len(parts) < 2:  # noqa: PLR2004
        return None
    return next(_misspelt(parts[0], text), None) or next(_bare(parts[-1], text), None)


_FEWEST_DIGITS = 5
"""Digits of a bare number that resembles the desk's; shorter ones are years and counts."""
_NUMBERED = linear(
    r"(?:[#№]|\b(?:no|nr|num|number|nummer|numéro|número|numero)\b\.?)[:\s]*$", ignore_case=True
)
_LOOK_BACK = 12


def _misspelt(beginning: str, text: str) -> Iterator[str]:
    """Values that begin as the pattern does and go on with too few digits, or too many."""
    if not beginning.isalnum():
        return
    joined = rf"[{linear_class(_JOINERS)}]{{0,3}}[OIl]{{0,3}}\d(?:[ -]?\d|\p{{L}}){{0,20}}"
    begun = linear(beginning + joined, ignore_case=True)
    for match in islice(begun.finditer(text), MOST_FOUND):
        before, value = text[: match.start()][-1:], match.group()
        long = sum(map(str.isdigit, value)) >= _FEWEST_DIGITS
        if not before.isalnum() or (before.isalpha() and long):
            yield value


def _bare(ending: str, text: str) -> Iterator[str]:
    """Numbers that are the last part of the pattern and no more."""
    try:
        bare = compiled(ending)
    except BadPattern:
        return
    for match in islice(bare.finditer(text), MOST_FOUND):
        value, before = match.group(), text[max(0, match.start() - _LOOK_BACK) : match.start()]
        long = len(value) >= _FEWEST_DIGITS or _NUMBERED.search(before)
        if value.isdigit() and long and stands_alone(text, match.span()):
            yield value


def stands_alone(text: str, span: tuple[int, int]) -> bool:
    """Whether what stands there is neither the end nor the beginning of something longer; an underscore ends a word."""
    before, after = text[max(0, span[0] - 2) : span[0]], text[span[1] : span[1] + 2]
    if before[-1:].isalnum() or after[:1].isalnum():
        return False
    joined = before[-1:] == "-" and before[:1].isalnum()
    goes_on = after[:1] in {"-", ".", ","} and after[1:].isdigit()
    return not joined and not goes_on and not (after[:1] == "-" and after[1:].isalnum())


def _parts(inner: str) -> list[str]:
    """The pattern cut at its hyphens; whole where they stand within groups or classes."""
    parts, depth, at = [""], 0, 0
    while at < len(inner):
        piece = inner[at : at + 2] if inner[at] == "\\" else inner[at]
        at += len(piece)
        depth += (piece in {"(", "[", "{"}) - (piece in {")", "]", "}"})
        if depth == 0 and piece == "|":
            return [inner]
        if depth == 0 and piece in {"-", r"\-"}:
            parts.append("")
        else:
            parts[-1] += piece
    return parts if all(parts) else [inner]


def _loose(inner: str) -> str:
    parts = _parts(inner)
    if len(parts) == 1:
        return f"(?:{inner})"
    joined = rf"[{linear_class(_JOINERS)}]{{0,3}}"
    return joined.join(f"(?P<part{number}>{part})" for number, part in enumerate(parts))


def linear_class(signs: str) -> str:
    """The characters as the inside of a class."""
    return "".join(f"\\{sign}" if sign in "-]^\\" else sign for sign in signs)


def _spellings(found: str, parts: list[str]) -> Iterator[str]:
    joined = "-".join(part for part in parts if part) if parts else found
    for value in dict.fromkeys((found, joined)):
        yield from (value, value.upper(), value.lower())


def whole_word(text: str) -> Pattern:
    """A pattern that finds `text` as a word of its own, whatever its case."""
    return linear(f"{LEFT}{escaped(text)}{RIGHT}", ignore_case=True)
