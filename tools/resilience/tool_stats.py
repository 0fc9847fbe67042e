"""What became of one tool's attempts since the process began: counts, times, changed schemas."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tools.faults import Held, SchemaChanged, ToolFault

BOUNDS_MS = (5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000)
"""Upper bounds of the latency buckets; one more holds what took longer."""
MOST_DIFFERENCES = 12
DIFFERENCE_CHARS = 200
CANCELLED = "cancelled"
"""Counted as the error of an attempt that its run gave up."""


@dataclass
class ToolStats:
    """Counts of one tool of one tenant in one process. Holds no values and no personal data."""

    succeeded: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    """By kind of error; the kinds are the classes of tools/faults.py."""
    latency: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS_MS) + 1))
    """Attempts that left, by how long they took."""
    schema_changes: int = 0
    difference: tuple[str, ...] = ()
    """What differed the last time."""
    changed_at: datetime | None = None

    def success(self, seconds: float) -> None:
        """One attempt went well."""
        self.succeeded += 1
        self._took(seconds)

    def fault(self, fault: ToolFault, seconds: float) -> None:
        """One attempt failed; one that we held back ourselves took no time of the service."""
        self.errors[fault.kind] += 1
        if not isinstance(fault, Held):
            self._took(seconds)
        if isinstance(fault, SchemaChanged):
            self.schema_changes += 1
            cut = (one[:DIFFERENCE_CHARS] for one in fault.difference[:MOST_DIFFERENCES])
            self.difference, self.changed_at = tuple(cut), datetime.now(UTC)

    def cancelled(self, seconds: float) -> None:
        """One attempt was given up by its run."""
        self.errors[CANCELLED] += 1
        self._took(seconds)

    @property
    def attempts(self) -> int:
        """All of them."""
        return self.succeeded + sum(self.errors.values())

    def view(self) -> dict[str, Any]:
        """The counts as data."""
        return {
            "attempts": self.attempts,
            "succeeded": self.succeeded,
            "errors": dict(self.errors),
            "latency": list(self.latency),
            "schema_changes": self.schema_changes,
            "difference": list(self.difference),
            "changed_at": self.changed_at,
        }

    def _took(self, seconds: float) -> None:
        self.latency[bisect_left(BOUNDS_MS, seconds * 1_000)] += 1


def quantile(latency: list[int], share: float) -> int | None:
    """Upper bound in ms of the bucket in which so large a share of the attempts had ended.

    None without attempts, and where it is beyond the last bound.
    """
    rank, seen = share * sum(latency), 0
    for bound, count in zip(BOUNDS_MS, latency, strict=False):
        seen += count
        if seen and seen >= rank:
            return bound
    return None
