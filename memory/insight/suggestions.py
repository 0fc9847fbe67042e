"""What became of the drafts that only a person's leave kept from being sent: the evidence for `auto`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.insight.rates import Rate, share
from memory.insight.rows import Window
from memory.journal.codes import Reason
from memory.tables import DecisionKind, Handoff, Ticket

MAX_HANDOFFS = 50_000
"""Of one window; of more, the newest."""
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


@dataclass(frozen=True)
class Suggestions:
    """The drafts of one channel and intent, or of all."""

    channel: str
    intent: str
    drafts: int
    """Drafts that passed every check and waited: `auto` would have sent each of them."""
    waiting: int
    as_is: Rate
    """Of those that a person has decided, as the two that follow."""
    edited: Rate
    thrown_away: Rate
    auto_sends: Rate
    """Of all handoffs of this channel and intent: those that `auto` would have kept from people."""


async def suggested(session: AsyncSession, tenant: str, window: Window) -> list[Suggested]:
    """The handoffs of the window's tickets, newest first."""
    query = (
        select(Ticket.channel, Handoff.intent, Handoff.reason, Handoff.decision)
        .join(Ticket, col(Ticket.id) == col(Handoff.ticket_id))
        .where(
            Handoff.tenant == tenant,
            col(Ticket.created_at) >= window.since,
            col(Ticket.created_at) < window.until,
        )
        .order_by(col(Handoff.created_at).desc())
        .limit(MAX_HANDOFFS)
    )
    rows = (await session.exec(query)).all()
    return [
        Suggested(channel, intent or "", reason, said) for channel, intent, reason, said in rows
    ]


def by_part(found: Sequence[Suggested]) -> list[Suggestions]:
    """All of it first, then each channel and intent with a draft; nothing without any draft."""
    parts = Counter((one.channel, one.intent) for one in found if _is_draft(one))
    if not parts:
        return []
    each = [
        _counted(part, [one for one in found if (one.channel, one.intent) == part])
        for part, _ in sorted(parts.items(), key=lambda one: (-one[1], one[0]))
    ]
    return [_counted(("", ""), found), *each]


def _counted(part: tuple[str, str], found: Iterable[Suggested]) -> Suggestions:
    every = list(found)
    drafts = [one for one in every if _is_draft(one)]
    ends = Counter(one.end for one in drafts)
    decided = len(drafts) - ends[End.WAITING]
    return Suggestions(
        channel=part[0],
        intent=part[1],
        drafts=len(drafts),
        waiting=ends[End.WAITING],
        as_is=share(ends[End.AS_IS], decided),
        edited=share(ends[End.EDITED], decided),
        thrown_away=share(ends[End.THROWN_AWAY], decided),
        auto_sends=share(len(drafts), len(every)),
    )


def _is_draft(one: Suggested) -> bool:
    return one.reason == Reason.SUGGEST_ONLY


def _by_likeness(likeness: float | None) -> End:
    if likeness == SENT_AS_IS:
        return End.AS_IS
    return End.EDITED if (likeness or 0.0) >= SAME_ANSWER else End.THROWN_AWAY
