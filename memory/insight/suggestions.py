"""What became of the drafts that only a person's leave kept from being sent: the evidence for `auto`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from memory.journal.codes import Reason
from memory.tables import DecisionKind

SAME_ANSWER = 0.5
"""Share of the words that a sent reply has in common with the draft, from which on it is an edit."""
SENT_AS_IS = 1.0


class End(StrEnum):
    """What a person did with a draft that had passed every check."""

    AS_IS = "as_is"
    """Sent word for word: `auto` would have sent the same."""
    EDITED = "edited"
    THROWN_AWAY = "thrown_away"
    """Another reply, none, or back to the agent: `auto` would have sent what nobody wanted."""
    WAITING = "waiting"
    """Nobody has decided, or it was answered with another ticket."""


@dataclass(frozen=True)
class Suggested:
    """One handoff, narrowly."""

    channel: str
    intent: str
    reason: str
    decision: Mapping[str, Any] | None

    @property
    def is_draft(self) -> bool:
        """Whether it waited for a person's leave alone."""
        return self.reason == Reason.SUGGEST_ONLY

    @property
    def end(self) -> End:
        """What became of its draft."""
        said = self.decision or {}
        kind = said.get("kind")
        if kind == DecisionKind.APPROVE:
            return End.AS_IS
        if kind == DecisionKind.REPLY:
            return _by_likeness((said.get("difference") or {}).get("likeness"))
        thrown = kind in {DecisionKind.CLOSE, DecisionKind.RETURN}
        return End.THROWN_AWAY if thrown else End.WAITING


def _by_likeness(likeness: float | None) -> End:
    if likeness == SENT_AS_IS:
        return End.AS_IS
    return End.EDITED if (likeness or 0.0) >= SAME_ANSWER else End.THROWN_AWAY
