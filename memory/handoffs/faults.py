"""Why a change of a handoff is refused."""

from __future__ import annotations

from datetime import datetime

from memory.faults import MemoryFault


class HandoffUnknown(MemoryFault):
    """No such handoff in this tenant."""


class NotYetOpen(MemoryFault):
    """The run that opens it has not come to rest; try again in a moment."""


class AlreadyDecided(MemoryFault):
    """Somebody decided before."""

    def __init__(self, by: str | None, at: datetime | None) -> None:
        when = "" if at is None else f" at {at.isoformat(timespec='seconds')}"
        super().__init__(f"{by or 'somebody'} decided this handoff{when}")
        self.by = by
        self.at = at


class ClaimedByOther(MemoryFault):
    """Somebody else has it."""

    def __init__(self, by: str | None, until: datetime | None, how: str = "has claimed") -> None:
        when = "" if until is None else f" until {until.isoformat(timespec='seconds')}"
        super().__init__(f"{by or 'somebody'} {how} this handoff{when}")
        self.by = by
        self.until = until


class Stale(MemoryFault):
    """The handoff changed since the version the caller saw."""


class NothingSuggested(MemoryFault):
    """There is no suggested reply or no such action to approve."""


class ActionsUndecided(MemoryFault):
    """An answer would pass over an action that was proposed."""


class RefusalUntold(MemoryFault):
    """The suggested reply says nothing of an action that was refused."""


class ReturnsExhausted(MemoryFault):
    """It was given back to the agent as often as the limits allow."""


class NotReturnable(MemoryFault):
    """Duplicates were merged into it, and the agent does not see what they say."""


class NotMergeable(MemoryFault):
    """The two handoffs cannot be answered together."""


class AlreadyAsked(MemoryFault):
    """The same question was sent in this turn before."""


class NothingToTake(MemoryFault):
    """The agent does not work on the ticket, so there is nothing to take over."""


class AlreadyAnswered(MemoryFault):
    """The agent's answer reached the customer before the takeover."""
