"""The source's own lines in Markdown: those of a wrapped paragraph are one, those of a list are not."""

from __future__ import annotations

from collections.abc import Sequence

from memory.patterns import linear

NARROWEST = 50
"""Characters of the longest line of a paragraph that an editor has wrapped."""
BULLETS = ("•", "◦", "▪", "‣", "●", "○", "■", "·")
"""Characters before an item of a list, where the source knows no lists."""
_LABELLED = linear(r"^[^\s:][^:.!?]{0,39}: ?\S")
"""`Saturday: 9 to 13`: such a line is one of a list."""


def labelled(lines: Sequence[str]) -> bool:
    """Whether every line has a label before what it says, as in opening hours."""
    return len(lines) > 1 and all(map(_has_label, lines))


def _has_label(line: str) -> bool:
    return _LABELLED.match(line) is not None and not line.endswith("?")


def unwrapped(lines: Sequence[str]) -> list[str]:
    """The lines with those joined that say one thing; none is empty.

    >>> unwrapped(["Hold the button for", "ten seconds.", "Then let go."])
    ['Hold the button for ten seconds.', 'Then let go.']
    >>> unwrapped(["Saturday: 9 to 13", "Sunday: closed"])
    ['Saturday: 9 to 13', 'Sunday: closed']
    """
    width = max(map(len, lines), default=0)
    prose = bool(lines) and not lines[0][0].islower()  # else they may be commands, one on each line
    found: list[list[str]] = []
    before = ""
    for line in lines:
        if before and _goes_on(before, line, width, prose=prose):
            found[-1].append(line)
        else:
            found.append([line])
        before = line
    return [" ".join(parts) for parts in found]


def _goes_on(before: str, line: str, width: int, *, prose: bool) -> bool:
    """Whether a sentence does, or the first word would not have fitted on the line before."""
    if (_has_label(before) and _has_label(line)) or line.startswith(BULLETS):
        return False
    if prose and (line[0].islower() or before.endswith(",")):
        return True
    first = line.partition(" ")[0]
    return width >= NARROWEST and len(before) + 1 + len(first) > width
