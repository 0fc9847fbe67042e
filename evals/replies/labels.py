"""What a right reply tells, ask by ask, and what no reply may say: read from files beside tickets.

    {"id": "fh-018", "asks": [["no phone|Business"]], "never": ["yes, number"]}

`asks` has the facts of each ask; `a|b` are two ways to tell the same. A ticket that no reply should
answer has none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.figures.datasets import DataError, read_rows
from evals.replies.tokens import holds

Ask = tuple[tuple[str, ...], ...]
"""Facts, each as its ways to be told."""


@dataclass(frozen=True)
class ReplyLabel:
    """The facts of a right reply."""

    id: str
    asks: tuple[Ask, ...]
    never: tuple[str, ...] = ()

    def told(self, said: list[str]) -> list[bool]:
        """For each fact of each ask, whether the tokens tell it."""
        return [_is_told(fact, said) for ask in self.asks for fact in ask]

    def unanswered(self, said: list[str]) -> list[bool]:
        """For each ask, whether none of its facts is told."""
        return [not any(_is_told(fact, said) for fact in ask) for ask in self.asks]

    def forbidden(self, said: list[str]) -> list[str]:
        """What is said although no reply may say it."""
        return [text for text in self.never if holds(said, text)]


def _is_told(fact: Sequence[str], said: list[str]) -> bool:
    return any(holds(said, way) for way in fact)


def read_labels(path: Path) -> dict[str, ReplyLabel]:
    """The labels of a file by the ticket's id. Raises `DataError`."""
    found = {}
    for number, row in read_rows(path):
        asks, never = row.get("asks"), row.get("never") or []
        if not _is_listed(asks) or not all(isinstance(one, str) for one in never):
            msg = f"{path}:{number}: 'asks' must be a list of lists of texts, 'never' one of texts"
            raise DataError(msg)
        ways = tuple(tuple(tuple(fact.split("|")) for fact in ask) for ask in asks or ())
        found[str(row.get("id"))] = ReplyLabel(str(row.get("id")), ways, tuple(never))
    return found


def _is_listed(asks: object) -> bool:
    return isinstance(asks, list) and all(
        isinstance(ask, list) and ask and all(isinstance(fact, str) and fact for fact in ask)
        for ask in asks
    )
