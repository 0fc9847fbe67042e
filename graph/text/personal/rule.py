"""What finds one kind of personal data: a pattern that proposes, a check that decides."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from memory.patterns import Match, Pattern

CONTEXT_CHARS = 48
"""How far beside a number the words that explain it may stand."""

Check = Callable[[Match, str], bool]
"""Takes the match and the text just before it."""


@dataclass(frozen=True)
class Edges:
    """What may not stand beside a match: it would be a part of something longer."""

    before: str = ""
    """Characters that may not come just before it. Letters and digits never may, where `word`."""
    after: str = ""
    word: bool = True
    digit_after: str = ""
    """Characters that may not come after it with a digit behind them."""
    word_after: str = ""
    """The same with a letter or digit behind them."""

    def allow(self, text: str, start: int, end: int) -> bool:
        """Whether a match from `start` to `end` stands alone."""
        before, after, behind = (
            text[start - 1 : start],
            text[end : end + 1],
            text[end + 1 : end + 2],
        )
        if self.word and (_wordlike(before) or _wordlike(after)):
            return False
        if (before and before in self.before) or (after and after in self.after):
            return False
        if after and after in self.digit_after and behind.isdigit():
            return False
        return not (after and after in self.word_after and _wordlike(behind))


def _wordlike(sign: str) -> bool:
    return sign.isalnum() or sign == "_"


ANYWHERE = Edges(word=False)
APART = Edges()


@dataclass(frozen=True)
class Rule:
    """A pattern of one kind; the group `value`, where it has one, is what is masked."""

    kind: str
    pattern: Pattern
    check: Check
    edges: Edges = field(default=ANYWHERE)
    explained: Callable[[Match, str, str], bool] | None = None
    """A check that takes the text just after it as well; either is enough."""


def spans(rule: Rule, text: str) -> Iterator[tuple[int, int]]:
    """Where it stands in the text, in order."""
    group = rule.pattern.groupindex.get("value", 0)
    for match in rule.pattern.finditer(text):
        start, end = match.span(group)
        before = text[max(0, start - CONTEXT_CHARS) : start].lower()
        if start == end or not rule.edges.allow(text, start, end):
            continue
        after = text[end : end + CONTEXT_CHARS].lower()
        if rule.check(match, before) or (
            rule.explained is not None and rule.explained(match, before, after)
        ):
            yield start, end


def digits_of(text: str) -> str:
    """Its digits alone."""
    return "".join(sign for sign in text if sign.isdigit())


def always(_match: Match, _before: str) -> bool:
    """The pattern is enough."""
    return True
