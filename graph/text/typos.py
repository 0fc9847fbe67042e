"""Words that somebody mistyped, read as they were meant.

Only words that no vocabulary has, and that are a slip away from one word of some texts that are near.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from itertools import groupby

from graph.text.words import NEGATIONS, STOP
from memory.patterns import Match, linear

SHORTEST, SHORTEST_TURNED = 4, 3
"""Letters of a mistyped word; and of one of which two merely changed places."""
LONG = 6
"""Letters from which a word is still known of which two were left out."""
LONGEST = 24
MOST_MISTYPED = 12
"""Words of a text that are looked at."""
_ENDINGS = ("s", "es", "ed", "ing", "er", "ly")
_UNQUOTED = {one.replace("'", ""): one for one in NEGATIONS}
"""Such as "dont", which is how people write it."""
_PIECE = linear(r"[^\s,;:!?()\"“”]+")
_NEAR = linear(r"\p{Ll}{3,24}")

Knows = Callable[[str], bool]


def small_words(texts: Iterable[str]) -> frozenset[str]:
    """The words of some texts, by which what is mistyped may be known."""
    return frozenset(one for each in texts for one in _NEAR.findall(each.lower()))


def retyped(text: str, knows: Knows, near: AbstractSet[str]) -> str:
    """The text with its slips put right by the words `near`; `knows` tells what is a word.

    What has a capital, a digit or another sign is a name, a code or an address, and stays.
    """
    said = dict.fromkeys(filter(None, map(_core, _PIECE.findall(text))))
    odd = [one for one in said if one not in near and not _is_word(one, knows)]
    theirs = near | STOP | _UNQUOTED.keys()
    best = {one: _meant(one, theirs) for one in odd[:MOST_MISTYPED]}
    meant = {one: _UNQUOTED.get(other, other) for one, other in best.items()}
    if not any(meant.values()):
        return text

    def put_right(match: Match) -> str:
        core = _core(match.group())
        return match.group().replace(core, meant[core]) if meant.get(core) else match.group()

    return _PIECE.sub(put_right, text)


def _core(piece: str) -> str:
    """The word in it; nothing where it is more than a word in small letters."""
    core = piece.strip(".'’*_")
    return core if core.isalpha() and core.islower() and len(core) <= LONGEST else ""


def _is_word(word: str, knows: Knows) -> bool:
    if len(word) < SHORTEST_TURNED or word in STOP or word in _UNQUOTED or knows(word):
        return True
    stems = (word.removesuffix(one) for one in _ENDINGS if word.endswith(one))
    return any(len(stem) >= SHORTEST and (knows(stem) or knows(f"{stem}e")) for stem in stems)


def _meant(word: str, theirs: AbstractSet[str]) -> str:
    """The one word that is nearest; nothing where none is near or two are."""
    most = 2 if len(word) >= LONG else 1
    near = [
        (slips, other)
        for other in theirs
        if other[0] == word[0] and abs(len(other) - len(word)) <= most
        for slips in [_slips(word, other)]
        if slips <= most and (len(word) >= SHORTEST or sorted(other) == sorted(word))
        if slips < 2 or _shortens(word, other)  # noqa: PLR2004
    ]
    least = min((slips for slips, _ in near), default=0)
    best = [other for slips, other in near if slips == least]
    doubled = [other for other in best if _undoubled(other) == _undoubled(word)]
    best = doubled or best  # "acount" is an account before it is an amount
    if len(best) != 1 or (best[0] in _UNQUOTED and not _only_mistyped(word, best[0])):
        return ""
    return best[0]


def _only_mistyped(word: str, other: str) -> bool:
    """Whether no letter is exchanged: a word that is merely near, as "went", must not turn a sentence round."""
    return sorted(word) == sorted(other) or _undoubled(word) == _undoubled(other)


def _undoubled(word: str) -> str:
    return "".join(sign for sign, _ in groupby(word))


def _shortens(word: str, other: str) -> bool:
    """Whether all its letters stand in the other, in order."""
    rest = iter(other)
    return all(sign in rest for sign in word)


def _slips(one: str, other: str) -> int:
    """Letters that were left out, added, exchanged or turned round between two words."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, sign in enumerate(one, start=1):
        older, before, row = before, row, [at]
        for place, theirs in enumerate(other, start=1):
            least = min(before[place] + 1, row[-1] + 1, before[place - 1] + (sign != theirs))
            if at > 1 and place > 1 and sign == other[place - 2] and theirs == one[at - 2]:
                least = min(least, older[place - 2] + 1)
            row.append(least)
    return row[-1]
