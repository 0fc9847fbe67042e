"""What others quote of somebody, marked as a quote or so long that they did not say it themselves."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from memory.storage.copies import mapped
from memory.storage.word_runs import (
    RUN,
    Run,
    in_a_row,
    is_dense,
    lines_of,
    pieces,
    runs_of,
    words_of,
)

REPEATED = 8
"""Words in a row that nobody repeats by chance: what somebody else wrote holds fewer of its own."""
QUOTE = ">"
"""Begins a line that quotes another message."""
MARKS = frozenset('"\u201c\u201d\u201e\u00ab\u00bb')
"""Begin and end what is quoted within a line."""
DATED = "Date: 3 November 2026 10:04, <a@example.com>"
"""Below the line that names a sender it makes a head; below any other it does not."""
TELLING = 5
"""Characters of a word with a digit that is known again alone, such as a telephone's number."""
GAP = "[...]"
"""Stands where a quote was."""
MOST_NAMING = 3
"""Words of a line that ends what names whose a quote is, where that began on the line before."""
Head = Callable[[Sequence[str], int], int]
"""How many lines from one of them on are the head of another mail ("From: ..."); 0 if there is none."""


def no_head(_lines: Sequence[str], _at: int) -> int:
    """Where nobody reads heads."""
    return 0


@dataclass(frozen=True)
class Quoting:
    """Takes out what others quote of somebody's texts. Linear in what it reads."""

    runs: AbstractSet[Run]
    short: AbstractSet[Run]
    """Lines of fewer words than a run has, two or three words of a longer one, and long numbers."""
    head: Head = no_head

    @classmethod
    def of(
        cls, texts: Collection[str], others: Collection[str] = (), head: Head = no_head
    ) -> Quoting:
        """Of these texts; what `others` said themselves is no quote."""
        lines = [tuple(words_of(line)) for line in lines_of(texts)]
        said, heard = ([words_of(text) for text in one] for one in (texts, others))
        runs, *parts = (
            {run for one in said for run in in_a_row(one, size)}
            - {run for one in heard for run in in_a_row(one, size)}
            for size in (RUN, *range(2, RUN))
        )
        numbers = {(one,) for words in said for one in words if _is_number(one)}
        numbers -= {(one,) for words in heard for one in words}
        whole = {one for one in lines if one and len(one) < RUN}
        return cls(runs, whole.union(numbers, *parts), head)

    def out_of(self, value: Any, *, wholly: bool = False) -> Any:
        """Plain data without them: marked as quotes, or so long that they are without a mark.

        All of a text that was made of others' is a quote `wholly`, as a subject.
        """
        return mapped(value, lambda found: self._cleaned(found, wholly))

    def _cleaned(self, text: str, wholly: bool) -> str:
        words = list(_spans(text, wholly))
        mine = self._mine(words)
        kept, at = [], 0
        for is_mine, group in groupby(range(len(words)), lambda n: mine[n]):
            found = [words[n] for n in group]
            marked = any(one.quote is not None for one in found)
            if is_mine and (marked or sum(one.weight for one in found) >= REPEATED):
                kept += [text[at : found[0].start], GAP]
                at = found[-1].end
        return _unnamed("".join([*kept, text[at:]]), self.head) if kept else text

    def _mine(self, words: list[_Span]) -> list[bool]:
        mine = [False] * len(words)
        said = [one.word for one in words]
        for n in range(len(words) - RUN + 1):
            if tuple(said[n : n + RUN]) in self.runs:
                mine[n : n + RUN] = [True] * RUN
        for quote, group in groupby(range(len(words)), lambda n: words[n].quote):
            of = list(group)
            if quote is not None and tuple(said[n] for n in of) in self.short:
                mine[of[0] : of[-1] + 1] = [True] * len(of)
        return mine


def own_words(told: Iterable[tuple[bool, str]]) -> list[str]:
    """What others said in a conversation beside what they quote or repeat of somebody.

    `told`: its texts in their order, and whether they are that somebody's. Whoever said words first
    said them by themselves: a mail that answers holds what it answers. Linear.
    """
    said, theirs, kept = set[Run](), set[Run](), []
    quoting = Quoting(said, frozenset())
    for mine, text in told:
        if mine:
            said |= runs_of(text) - theirs
        else:
            lines = (one for one in text.split("\n") if not one.lstrip().startswith(QUOTE))
            kept.append(quoting.out_of("\n".join(lines)))
            theirs |= runs_of(kept[-1])
    return kept


@dataclass(frozen=True)
class _Span:
    """A word, where it stands, and in which quote of the text."""

    word: str
    start: int
    end: int
    quote: int | None

    @property
    def weight(self) -> float:
        """Of a script without spaces there are about twice as many as elsewhere words."""
        return 0.5 if is_dense(self.word[0]) else 1.0


def _spans(text: str, wholly: bool) -> Iterator[_Span]:
    quotes, at, quote = 0, 0, 0 if wholly else None
    for line in text.split("\n"):
        if not wholly:
            quotes += 1
            quote = quotes if line.lstrip().startswith(QUOTE) else None
        marked, last = quote is not None, 0
        for start, end in pieces(line):
            for sign in line[last:start]:
                if sign in MARKS and not marked:
                    quotes += 1
                    quote = quotes if quote is None else None
            last = end
            yield _Span(line[start:end].casefold(), at + start, at + end, quote)
        at += len(line) + 1


def _unnamed(text: str, head: Head) -> str:
    """Without the words that say whose a quote is that was taken out: "On Monday, Ann wrote:"."""
    lines, before = _headless(text.split("\n"), head), 0
    for n, line in enumerate(lines):
        if line.lstrip().startswith(QUOTE):
            if GAP in line and lines[before].rstrip().endswith(":"):
                short = before > 0 and len(words_of(lines[before])) <= MOST_NAMING
                if short and any(sign.isdigit() or sign == "@" for sign in lines[before - 1]):
                    lines[before - 1] = GAP
                lines[before] = GAP
        elif line.strip():
            before = n
    return "\n".join(lines)


def _headless(lines: list[str], head: Head) -> list[str]:
    """Without the heads of mails that were taken out below them."""
    plain, kept, at = [_plain(line) for line in lines], list[str](), 0
    while at < len(lines):
        size = head(plain, at)
        if not size and lines[at].lstrip().startswith(QUOTE):
            size = head([plain[at], DATED], 0) // 2  # within a quote its first line is enough
        below = at + size
        while size and below < len(lines) and not plain[below]:
            below += 1
        if size and below < len(lines) and plain[below].startswith(GAP):
            kept.append(GAP)
        else:
            kept += lines[at : at + max(size, 1)]
        at += max(size, 1)
    return kept


def _plain(line: str) -> str:
    """A line without what marks it as quoted."""
    return line.lstrip(f"{QUOTE} \t").rstrip()


def _is_number(word: str) -> bool:
    return len(word) >= TELLING and any(sign.isdigit() for sign in word)
