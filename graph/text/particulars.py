"""What an ask names in particular, and whether a passage is about that or about another one.

A passage that names none of a kind is about all of them. One that names others, and not the one
asked about, does not answer: bulletin 14 is not bulletin 12, Android is not iPhone, and the way
for those who lost their phone is not the way for those who have it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from graph.text.codes import codes
from graph.text.words import stem, words
from memory.patterns import linear

OPPOSITES: tuple[tuple[frozenset[str], frozenset[str]], ...] = tuple(
    (frozenset(one.split()), frozenset(other.split()))
    for one, other in (
        ("monthly", "yearly annual annually"),
        ("personal private", "business company corporate"),
        ("buyer", "seller"),
        ("import importing", "export exporting"),
        ("install installing", "uninstall uninstalling"),
        ("upgrade upgrading", "downgrade downgrading"),
        ("activate activating enable enabling", "deactivate deactivating disable disabling"),
        ("incoming inbound", "outgoing outbound"),
        ("deposit", "withdrawal"),
        ("domestic", "international"),
        ("prepaid", "postpaid"),
        ("mobile app phone", "desktop"),
    )
)
"""Words of which one side excludes the other, where only one of them is named."""
PLATFORMS = tuple(
    frozenset(one.split())
    for one in (
        "android",
        "iphone ipad ios",
        "windows",
        "mac macos macbook",
        "linux ubuntu",
        "chromebook chromeos",
        "outlook",
        "gmail",
        "chrome",
        "firefox",
        "safari",
    )
)
_SQUARED = linear(r"\b(?:[ckdmµ]?m|ft|yd|in|km)[²³]")
"""Units of area and volume: m³ is no code "m3"."""
TEXTS_KEPT = 1024
"""Texts of articles whose particulars a process keeps: each is asked about several times a ticket."""
_HAS = linear(
    r"\b(?:i|we) (?:do |did )?(?:still (?:have|know|remember)|have (?:still )?(?:got )?(?:my|the|it)\b|know my|remember my)"
    r"|\bstill (?:have|know|remember|works?)\b|\bknow (?:my|the|your) (?:current|old)\b|\b(?:current|existing) password fine\b",
    ignore_case=True,
)
_LOST = linear(
    r"\b(?:lost|losing|forgot|forgotten|stolen|no longer (?:have|know|remember)|don['’]?t (?:have|know|remember)"
    r"|do not (?:have|know|remember)|no idea what my|without (?:your|my|the) (?:phone|device|password|card|pin))\b",
    ignore_case=True,
)
_WITH = linear(
    r"\b(?:with|has|have|having)\s+(?:an?|the|my|your|our|its|their)\s+([a-z]{3,20})\b",
    ignore_case=True,
)
_WITHOUT = linear(
    r"\b(?:without|lack(?:s|ing)?|(?:do|does)(?:\s+not|n['’]?t)\s+have|(?:has|have|having|there\s+is|there['’]s)\s+no)"
    r"\s+(?:(?:an?|the|my|your|our|any|its|their)\s+)?([a-z]{3,20})\b",
    ignore_case=True,
)
"""The way for a page without a footer is none for one that has a footer."""

_KIND = linear(
    r"\b(?:do you (?:also |even )?(?:have|sell|offer|lend|rent|stock|ship|provide)|(?:is|are) there)(?: an?| any| some| the)? "
    r"(?P<kind>[\p{L}\d][\p{L}\d./-]*) (?P<head>\p{L}{3,20})\b",
    ignore_case=True,
)
"""A thing of a kind of its own, as "a 3D printer", is no printer of just any kind."""
_DEED = r"cancell?ation|termination|deletion|closure|deactivation|suspension|downgrade|removal"
_ENDED = r"(?:cancell?ed|deleted|removed|deactivated|closed|archived|terminated|unsubscribed|erased|wiped)"
_UNMEANT = (
    r"(?:by (?:mistake|accident)|accidentally|mistakenly|in error|unintentionally|inadvertently)"
)
_UNDO_DEED = linear(
    r"\b(?:un-?do(?:ing)?|un-?cancel\w*|un-?delete\w*|revert\w*|revers(?:e|ed|ing) (?:the|my|our|this|that|a)|reinstat\w+|reactivat\w+"
    r"|(?:stop|cancel|withdraw|revoke|reverse|abort|halt|take back|call off) (?:the|my|our|this|that|a) (?:\w+ ){0,2}(?:"
    + _DEED
    + r"))\b"
    rf"|\b{_ENDED}\b[^.?!]{{0,60}}\b{_UNMEANT}\b|\b{_UNMEANT}(?:\s+\w+){{0,2}}\s+{_ENDED}\b",
    ignore_case=True,
)
"""Wishes whose deed is the opposite of what the article on that thing explains."""
_UNDO_MORE = linear(
    r"\b(?:undone|reverse[ds]?|reversing|take (?:it|that|this) back|taken back|withdraw(?:n|ing)?"
    r"|reopen(?:ed|ing)?|restor(?:e|ed|ing)|unpublish(?:ed|ing)?|call off|opened again|keep subscription"
    r"|changed (?:my|our) minds?|after all|(?:want|like|decided|prefer) to (?:stay|keep|continue|go on))\b",
    ignore_case=True,
)
"""Other words for taking something back, as articles have them."""


@dataclass(frozen=True)
class Particulars:
    """What is named."""

    codes: frozenset[tuple[str, str]]
    """(family, number), as ("bulletin", "12") and ("e", "030")."""
    platforms: frozenset[int]
    sides: frozenset[tuple[int, int]]
    """Which side of which of `OPPOSITES`, where only one is named."""
    has: bool
    """Whether something is said to be still there."""
    lost: bool
    beside: frozenset[str]
    """What something is said to be with."""
    lacking: frozenset[str]
    """What it is said to be without."""
    kinds: frozenset[tuple[str, str]]
    """Things that are asked about, with the symbol or name that tells their kind."""
    undoing: bool
    """Whether something that was done is to be taken back."""

    def families(self) -> set[str]:
        """The kinds of code that are named."""
        return {family for family, _ in self.codes}


def particulars(text: str) -> Particulars:
    """What a text names."""
    plain = unicodedata.normalize("NFKC", _SQUARED.sub(" ", text))
    plain = plain.replace("\u2011", "-").replace("\u2013", "-")
    said = set(words(plain))
    lost = _LOST.search(plain) is not None
    lacking = frozenset(stem(one.lower()) for one in _WITHOUT.findall(plain))
    return Particulars(
        codes=frozenset(codes(plain)),
        platforms=frozenset(n for n, one in enumerate(PLATFORMS) if one & said),
        sides=frozenset(_sides(said)),
        has=_HAS.search(plain) is not None and not lost,
        lost=lost,
        beside=frozenset(stem(one.lower()) for one in _WITH.findall(plain)) - lacking,
        lacking=lacking,
        kinds=frozenset(
            (kind.lower(), stem(one["head"].lower()))
            for one in _KIND.finditer(plain)
            if (kind := one["kind"])
            and any(sign.isdigit() or sign.isupper() for sign in kind)
            and not kind.isdigit()
            and not any(kind.lower() in one for one in PLATFORMS)
        ),
        undoing=_UNDO_DEED.search(plain) is not None,
    )


_of_article = lru_cache(maxsize=TEXTS_KEPT)(particulars)


def _sides(said: set[str]) -> set[tuple[int, int]]:
    found = set()
    for number, pair in enumerate(OPPOSITES):
        here = [side for side in (0, 1) if pair[side] & said]
        if len(here) == 1:
            found.add((number, here[0]))
    return found


def undoes(text: str) -> bool:
    """Whether it is about taking something back that was done."""
    return _UNDO_DEED.search(text) is not None or _UNDO_MORE.search(text) is not None


def unmet(asked: Particulars, titles: str, text: str, *, mixed: bool = False) -> list[str]:
    """In words, why a passage is about something else; empty if it is not.

    `titles`: its title and headings, which say what it is about; `text`: what it says. Of a passage of several
    sections (`mixed`) one heading that names a device is not about the others, and the answer to "Is there an app
    for Windows?" may name all that there are.
    """
    about, inside = _of_article(titles), _of_article(f"{titles} {text}")
    found = [f"it is about another {family}" for family in _other_codes(asked, inside)]
    named = inside if mixed or titles.rstrip().endswith("?") else about
    if asked.platforms and about.platforms and not asked.platforms & named.platforms:
        found.append("it is about another platform")
    if any((number, 1 - side) in about.sides for number, side in asked.sides):
        found.append("it is about the opposite")
    if (asked.has and about.lost) or (asked.lost and about.has):
        found.append("it is for another situation")
    if (asked.lacking & about.beside) or (asked.beside & about.lacking):
        found.append("it is for the opposite case")
    if asked.kinds:
        said = words(f"{titles} {text}")
        known = {*said, *map(stem, said)}
        found += [
            f"it is about another kind of {head}"
            for kind, head in sorted(asked.kinds)
            if head in known and kind not in known
        ]
    if asked.undoing and not undoes(f"{titles} {text}"):
        found.append("it is about doing it, not about taking it back")
    return found


def _other_codes(asked: Particulars, inside: Particulars) -> list[str]:
    return sorted(
        family
        for family in asked.families() & inside.families()
        if not {one for one in asked.codes if one[0] == family} & inside.codes
    )


def named_in(asked: Particulars, text: str) -> bool:
    """Whether a text names a code that was asked about."""
    return bool(asked.codes & _of_article(text).codes)


def subjects(asked: Particulars, texts: Sequence[tuple[object, str]]) -> list[str]:
    """For each (section, text), in order, the text of its section that names what it is about.

    That is the last one with a code of a kind that was asked about: the steps below "Use this when
    the display shows E7." are about E7.
    """
    found, about, within = [], "", None
    for section, text in texts:
        names_one = bool(asked.families() & _of_article(text).families())
        about = text if names_one else about if section == within else ""
        within = section
        found.append(about)
    return found


def fitting(
    asked: Particulars, passages: Sequence[tuple[str, str]], *, mixed: bool = False
) -> list[bool]:
    """For each (titles, text) whether it may answer; `mixed`: they are of several sections.

    Where one of them names the very code that was asked about, only such ones do.
    """
    fits = [not unmet(asked, titles, text, mixed=mixed) for titles, text in passages]
    named = [named_in(asked, f"{titles} {text}") for titles, text in passages]
    both = [one and other for one, other in zip(fits, named, strict=True)]
    return both if any(both) else fits
