"""How many tickets a worker drives at once: as many as it is told, fewer while it is late.

The event loop is asked to wake at a moment, and how late it does says whether the process has
the processors for what it has begun. Tickets that wait for models or services cost no time of
it, so many of them go on at once; tickets that compute make it late, so few do.
"""

from __future__ import annotations

from dataclasses import dataclass

LATE_SECONDS = 0.25
"""Later than this, and fewer are driven."""
EARLY_SECONDS = 0.05
"""Less late than this, and one more is; twice as many until it has been late for the first time."""
SHRINK = 0.7
LEAST = 2


@dataclass
class Capacity:
    """The number of drives at once."""

    most: int
    now: int = 0
    _was_late: bool = False

    def __post_init__(self) -> None:
        self.now = min(self.most, max(LEAST, self.now))

    def note(self, late_seconds: float, computing: int = 0) -> None:
        """The loop woke so late; `computing` callers wait for a processor."""
        if late_seconds > LATE_SECONDS:
            self.now = min(self.most, max(LEAST, int(self.now * SHRINK)))
            self._was_late = True
        elif late_seconds < EARLY_SECONDS and not computing:
            self.now = min(self.most, self.now + (1 if self._was_late else self.now))
