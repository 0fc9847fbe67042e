"""Where a word touches the one before that it does not belong to: "the coupon.Then", "Before you startThe"."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from itertools import pairwise, takewhile

LONGEST_TOKEN = 80
"""Characters of a word with all that touches it; a longer one is data."""
SHORTEST_WORD = 3
"""Letters of a word that may end where no mark parts two words."""
SHORTEST_GERUND = 6
"""Letters of a word in -ing that begins a heading: "Adding a page"."""
_MARKS, _ENDS = ".?!:)", '.?!:,;)"”’'
_AROUND = '(["“‘.?!:)]”’'
_INSIDE = str.maketrans("", "", "'’-")
_CLOSERS = '"”’)'
VERBS = frozenset(
    """
    accept activate add adjust allow apply approve assign attach bring browse change charge check choose clear click
    close complete configure confirm connect contact copy create customise customize deactivate decide define delete
    disable double-click download drag drop duplicate edit enable ensure enter exit expand export fill find follow
    give go hold hover import insert install keep lift link locate log make mark move name navigate open pair paste
    pick place plug prepare press print provide publish pull push put reboot record refresh release reload remove
    rename repeat reset restart return review right-click rotate run save scan schedule scroll search select send set
    sign slide specify start stop swipe switch sync take tap tick toggle turn type uncheck unlink unplug untick update
    upload use verify view visit wait wipe write
    """.split()
)
"""Of instructions, as manuals and help centres give them."""
_OPENERS = VERBS | frozenset(
    """
    a after all an any are as at before by can do does each every for from get here how i if important in is it
    learn let my no note notes now on once or our please read see some step sure that the then there these they this
    those tip tips to using warning we what when where which who why with yes you your
    """.split()
)
"""Words that begin a clause; hardly any is the second half of a name."""
HINTS = frozenset(["note", "notes", "tip", "tips", "important", "warning", "caution", "example"])
"""What begins a note, with a colon behind it."""
LONGEST_HINT = 12
"""Characters up to the colon of a note."""
_SUBJECTS = frozenset(
    ["if", "it", "the", "there", "these", "they", "this", "we", "when", "you", "your"]
)
"""Those of them that none is, however often the two words touch."""


def joints(text: str) -> Iterator[int]:
    """Where each such word begins, in order."""
    plain = "".join(sign if sign.isalpha() or sign in "'’" else " " for sign in text)
    known = Counter(plain.split())
    heard = {word.lower() for word in known}
    start = 0
    for token in text.split():
        start = text.index(token, start)
        cut = 0
        for at in _places(token):
            piece, rest = token[cut:at], token[at:]
            if _is_hint(rest) or _parts(piece, rest, known, heard, begins=cut > 0):
                yield start + at
                cut = at
        start += len(token)


def _places(token: str) -> list[int]:
    """Where a word begins with a capital behind a mark or a small letter; none in data."""
    if len(token) > LONGEST_TOKEN or token.islower():
        return []
    return [
        at
        for at, (before, sign) in enumerate(pairwise(token), start=1)
        if sign.isupper() and (before in _MARKS or before.islower())
    ]


def _is_hint(behind: str) -> bool:
    """Whether a note begins there ("Important:Wix"), which nothing else is written like."""
    return behind.partition(":")[0].lower() in HINTS and ":" in behind


def hints(text: str) -> bool:
    """Whether it begins as a note does: "Note: ...", "Important: ..."."""
    return text[:LONGEST_HINT].partition(":")[0].strip().lower() in HINTS


def ends_prose(text: str, at: int) -> bool:
    """Whether a sentence ends before this place for sure: `System.Exit` is a name."""
    word = text[max(0, at - LONGEST_TOKEN) : at - 1].rsplit(None, 1)[-1:]
    return text[at - 1] in "?!" or (text[at - 1] == "." and word != [] and word[0][:1].islower())


def _parts(
    before: str,
    behind: str,
    known: Mapping[str, int],
    heard: AbstractSet[str],
    *,
    begins: bool = False,
) -> bool:
    """Whether these are the end of one sentence or heading and the beginning of the next.

    `begins`: whether a sentence or heading begins with the first ("their list.TyposAn email").
    """
    word, second = before.strip(_AROUND), _first_word(behind)
    rest = behind[len(second) :]
    plain = word.translate(_INSIDE)
    if not (plain.isalnum() or plain.replace(":", "").isdigit()):
        return False
    ends = before[-1] in _MARKS and word.islower() and "." not in before[:-1]
    touched = rest[:1].isupper() and _parts(second, rest, known, heard, begins=ends)
    if rest and not touched and rest[0] not in _ENDS:
        return False
    opens = second.lower() in _OPENERS or (
        len(second) >= SHORTEST_GERUND and second.endswith("ing")
    )
    small = word[-1].islower() or word[-1].isdigit() or before[-2] in _CLOSERS
    whole = small if len(word) >= SHORTEST_WORD - 1 else before == f"{word}." and opens
    match before[-1]:
        case ")":
            return whole and before.startswith("(")
        case "?" | "!":
            return whole
        case "." | ":":
            named = not word[1:].islower() or "." in before[:-1]
            spoken = not named and known[word] > 0 < known[second]
            return whole and (opens or word[0].islower() or spoken)
        case _:
            spoken = word.lower() in heard and (opens or word[0].islower())
            spoken = spoken or (begins and opens)
            named = known[word + second] > 1 and second.lower() not in _SUBJECTS
            parts = len(word) >= SHORTEST_WORD and not named
            sure = whole and parts and (spoken or (opens and word[0].islower()))
            return sure or before in {"FAQ", "FAQs"}


def _first_word(behind: str) -> str:
    """The word that begins there: "Then" of "ThenThe", "FAQs" of "FAQsClick", "EUR" of "EUR,"."""
    if behind.startswith("FAQs"):
        return "FAQs"
    goes_on = str.islower if behind[1:2].islower() else str.isupper
    return behind[0] + "".join(takewhile(lambda sign: goes_on(sign) or sign in "'’-", behind[1:]))
