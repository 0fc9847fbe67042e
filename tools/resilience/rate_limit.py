"""A token bucket: so many attempts a minute, shared by all runs of a process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

BURST_SECONDS = 6.0
"""Attempts of that many seconds may leave at once after a pause."""
LONGEST_HOLD_SECONDS = 60.0
"""However long a service asks us to stay away, it cannot silence a tool for longer."""


@dataclass(frozen=True)
class Turn:
    """May this attempt leave, and after which wait?"""

    granted: bool
    wait_seconds: float
    """The wait before it leaves, or how long it would have had to wait."""


class TokenBucket:
    """Grants turns in the order in which they are asked for."""

    def __init__(self, per_minute: int, now: Callable[[], float]) -> None:
        self._rate = per_minute / 60.0
        self._size = max(1.0, self._rate * BURST_SECONDS)
        self._tokens = self._size
        self._now = now
        self._filled = now()
        self._held_until = self._filled

    def take(self, longest_wait_seconds: float) -> Turn:
        """Take the next turn if it comes within the wait; otherwise take nothing."""
        self._fill()
        lacking = max(0.0, 1.0 - self._tokens) / self._rate
        wait = max(lacking, self._held_until - self._now(), 0.0)
        if wait > longest_wait_seconds:
            return Turn(granted=False, wait_seconds=wait)
        self._tokens -= 1.0  # below zero: later callers queue behind this turn
        return Turn(granted=True, wait_seconds=wait)

    def give_back(self) -> None:
        """Return the token of a turn that was not used."""
        self._fill()
        self._tokens = min(self._size, self._tokens + 1.0)

    def hold(self, seconds: float) -> None:
        """The service asked for a pause: nobody leaves until it is over."""
        until = self._now() + min(seconds, LONGEST_HOLD_SECONDS)
        self._held_until = max(self._held_until, until)

    @property
    def tokens(self) -> float:
        """Turns that are free now; below zero when some are promised ahead."""
        self._fill()
        return self._tokens

    def _fill(self) -> None:
        now = self._now()
        self._tokens = min(self._size, self._tokens + (now - self._filled) * self._rate)
        self._filled = now
