"""A circuit breaker: a tool that keeps failing is left alone for a while.

Closed lets all through, open none; half-open lets a few probes through and judges by them.
It only decides and counts; the caller makes the attempt and tells how it went. So a time-out
counts, and a cancellation from outside does not, whatever wraps what.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

State = Literal["closed", "open", "half_open"]
Result = Literal["success", "failure", "neutral"]
"""Neutral says nothing about the service: it was cancelled, or never left."""


@dataclass(frozen=True)
class BreakerPolicy:
    """When a breaker opens, and how it finds its way back."""

    failures: int = 5
    """Failures in a row that open it."""
    open_seconds: float = 20.0
    """How long nothing is let through."""
    probes: int = 1
    """Attempts that may be under way at once while half-open."""
    successes: int = 1
    """Probes that must succeed to close it."""


@dataclass(frozen=True)
class Admission:
    """May this attempt leave? Give it back with `Breaker.record` if it may."""

    allowed: bool
    probe: bool
    era: int
    """Which state it belongs to: results from an earlier one are out of date."""
    reason: str
    retry_in_seconds: float = 0.0


@dataclass(frozen=True)
class BreakerView:
    """A breaker's state as data, for people and metrics."""

    state: State
    failures: int
    """In a row, so far."""
    probing: int
    retry_in_seconds: float
    opened: int
    """Times it has opened since the process began."""


class Breaker:
    """The breaker of one tool, shared by all runs of a process (one event loop)."""

    def __init__(self, policy: BreakerPolicy, now: Callable[[], float]) -> None:
        self._policy = policy
        self._now = now
        self._state: State = "closed"
        self._era = 0
        self._failures = 0
        self._successes = 0
        self._probing = 0
        self._open_until = 0.0
        self._opened = 0

    def admit(self) -> Admission:
        """Decide on one attempt; while half-open this takes one of the probes."""
        if self._state == "open" and self._now() >= self._open_until:
            self._become("half_open")
        if self._state == "closed":
            return Admission(allowed=True, probe=False, era=self._era, reason="closed")
        if self._state == "open":
            wait = self._open_until - self._now()
            reason = f"it failed {self._policy.failures} times in a row"
            return Admission(
                allowed=False, probe=False, era=self._era, reason=reason, retry_in_seconds=wait
            )
        if self._probing >= self._policy.probes:
            reason = "a probe is under way"
            return Admission(allowed=False, probe=False, era=self._era, reason=reason)
        self._probing += 1
        return Admission(allowed=True, probe=True, era=self._era, reason="probe")

    def record(self, admission: Admission, result: Result) -> None:
        """Say how an admitted attempt went; call it exactly once for each."""
        if not admission.allowed or admission.era != self._era:
            return
        if admission.probe:
            self._judge_probe(result)
        elif result == "success":
            self._failures = 0
        elif result == "failure":
            self._failures += 1
            if self._failures >= self._policy.failures:
                self._open()

    def view(self) -> BreakerView:
        """The state now."""
        wait = max(0.0, self._open_until - self._now()) if self._state == "open" else 0.0
        return BreakerView(self._state, self._failures, self._probing, wait, self._opened)

    def _judge_probe(self, result: Result) -> None:
        self._probing -= 1
        if result == "failure":
            self._open()
        elif result == "success":
            self._successes += 1
            if self._successes >= self._policy.successes:
                self._become("closed")

    def _open(self) -> None:
        self._become("open")
        self._open_until = self._now() + self._policy.open_seconds
        self._opened += 1

    def _become(self, state: State) -> None:
        self._state = state
        self._era += 1
        self._failures = 0
        self._successes = 0
        self._probing = 0
