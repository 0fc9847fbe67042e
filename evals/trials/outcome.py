"""What came of a ticket, turn by turn: all that an expectation may be about."""

from dataclasses import dataclass, field
from typing import Any

CRASHED = frozenset({"node_failed", "run_failed"})
"""Reasons that tell of a fault of ours."""


@dataclass(frozen=True)
class Sent:
    """One message that went out."""

    kind: str
    """reply | clarification | notice"""
    text: str
    cited: tuple[str, ...] = ()
    """doc_ids and names of tools."""
    titles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Call:
    """A tool that was called, or an action that was proposed."""

    tool: str
    status: str
    arguments: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class CameTurn:
    """One turn of a conversation."""

    outcome: str
    """How it ended; empty if it did not."""
    reason: str = ""
    detail: str = ""
    """The reason in words."""
    priority: str = "normal"
    sent: tuple[Sent, ...] = ()
    calls: tuple[Call, ...] = ()
    asks: tuple[str, ...] = ()
    read: str = ""
    """What was taken for the customer's own words."""
    verify: bool = False
    """A code was sent to the address on file."""

    @property
    def crashed(self) -> bool:
        """Whether it did not end, or ended in a fault of ours."""
        return not self.outcome or self.reason in CRASHED

    @property
    def answers(self) -> tuple[Sent, ...]:
        """Replies and questions: what is no notice."""
        return tuple(one for one in self.sent if one.kind != "notice")

    @property
    def replies(self) -> tuple[Sent, ...]:
        """What was meant as the answer."""
        return tuple(one for one in self.sent if one.kind == "reply")

    @property
    def cited(self) -> tuple[str, ...]:
        """Every source of the replies, once."""
        return tuple(dict.fromkeys(source for one in self.replies for source in one.cited))

    def told(self) -> str:
        """For the table."""
        parts = [self.outcome or "no end", self.reason, *self.cited]
        parts += [f"{one.tool} {one.status} {_plain(one.arguments)}".strip() for one in self.calls]
        parts += [f"sent {one.kind}" for one in self.sent if one.kind != "reply"]
        return ", ".join(part for part in parts if part)


def _plain(arguments: dict[str, Any]) -> str:
    return " ".join(f"{name}={value}" for name, value in arguments.items())


@dataclass(frozen=True)
class Scene:
    """A conversation as one clause of an expectation looks at it."""

    text: str
    """Subject and text of the first message, as written."""
    turns: tuple[CameTurn, ...]
    turn: CameTurn
    """The one that the clause is about."""
    follow: tuple[str, ...] = ()
