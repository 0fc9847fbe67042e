"""Lines of a letter as its writer meant them: numbers, words and sentences that were broken are joined."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from graph.text.words import STOP
from memory.patterns import linear
from memory.sentences import WRAPPED_LINE, is_bullet

MOST_BLANKS = 8
"""Blanks in a row that are kept: a longer gap is padding, and would fill what is read of a text."""
FEWEST_BROKEN = 2
"""Lines that end within a word: one alone may end at a hyphen of its own."""
NARROW = 2
"""Words of a line in a text that was set so narrow that its sentences run over several lines."""
FEWEST_NARROW = 4
MOST_LINES = 2_000
"""Of a letter; what has more stays as it is."""
SMALL_SHARE = 1 / 3
"""Of narrow lines with a word such as "do" or "my": lists of things and signatures have hardly any."""
_ENTRY = linear(r"^\s*(?:[-*•–]\s|\d+[.)]?\s|\p{L}[.)]\s)|^[^:]*:(?:\s|$)")
"""A line of a list, or of a form: "2. yes", "Name: me"."""
_PADDING = linear(rf"[ \t\p{{Zs}}]{{{MOST_BLANKS},}}")


def without_padding(text: str) -> str:
    """The text with a blank for each long run of them.

    >>> without_padding("How do I" + " " * 9_000 + "pay?")
    'How do I pay?'
    """
    return _PADDING.sub(" ", text)


def unflowed(lines: Sequence[str]) -> list[str]:
    """The lines with those joined that a mail program has broken, and marked by a blank at their end (RFC 3676).

    Some leave a blank behind each line: a short one goes on only where the next begins small.

    >>> unflowed(["How do I ", "publish the plan?"])
    ['How do I publish the plan?']
    """
    found: list[list[str]] = []
    for line in lines:
        if found and _flows(found[-1][-1], line):
            found[-1].append(line)
        else:
            found.append([line])
    return ["".join(parts) for parts in found]


def _flows(line: str, following: str) -> bool:
    soft = line.endswith(" ") and bool(line.strip()) and line not in {"-- ", "- "}
    begins = following[:1]
    goes_on = begins.islower() or (begins.isalnum() and len(line) > WRAPPED_LINE)
    return soft and goes_on and not line.startswith(">") and not is_bullet(following, 0)


def joined(lines: Sequence[str]) -> str:
    """The lines with at most one blank one between two."""
    kept: list[str] = []
    broken = sum(map(_breaks_a_word, lines, lines[1:])) >= FEWEST_BROKEN
    for line in lines:
        if kept and broken and _breaks_a_word(kept[-1], line):
            kept[-1] = kept[-1][:-1] + line
        elif kept and _goes_on(kept[-1], line):
            kept[-1] += line.lstrip()
        elif line.strip() or (kept and kept[-1].strip()):
            kept.append(line)
    return "\n".join(kept if len(kept) > MOST_LINES else _widened(kept)).strip()


def _widened(lines: Sequence[str]) -> Iterator[str]:
    """Sentences that stand a word or two on a line, each on a line of its own."""
    for narrow, run in groupby(lines, key=_is_narrow):
        here = list(run)
        # Most runs are short ones, as a closing is: what costs is looked at in long ones alone.
        yield from _told_on(here) if narrow and len(here) >= FEWEST_NARROW else here


def _told_on(narrow: Sequence[str]) -> Iterator[str]:
    for entry, run in groupby(narrow, key=_is_entry):
        here = list(run)
        words = [word.strip(".,!?;:").lower() for line in here for word in line.split()]
        small = sum(word in STOP for word in words)
        whole = len(here) >= FEWEST_NARROW and small >= SMALL_SHARE * len(words)
        yield from [" ".join(line.strip() for line in here)] if whole and not entry else here


def _is_narrow(line: str) -> bool:
    return 0 < len(line.split(None, NARROW)) <= NARROW


def _is_entry(line: str) -> bool:
    return _ENTRY.search(line) is not None


def _breaks_a_word(line: str, following: str) -> bool:
    """Whether a word may have been broken at the end of the line, as on paper: "sche-" and "dule" below it."""
    return line.endswith("-") and line[-2:-1].islower() and following[:1].islower()


def _goes_on(line: str, following: str) -> bool:
    """Whether a number was broken at its hyphen: "AB-" and "123456" below it."""
    return line.endswith("-") and line[-2:-1].isalnum() and following.lstrip()[:1].isdigit()
