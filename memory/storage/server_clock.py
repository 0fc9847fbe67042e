"""Sets this process's clock by its server's where the two are apart, so that machines agree on what is due.

Moments that one machine writes others compare with theirs: leases of events, claims of people, pauses. A
machine whose own clock is wrong would end what others hold, and hold what others wait for.
"""

from __future__ import annotations

import time

from memory.storage.postgres_talk import Talk
from memory.tables import base

CLOCK_SECONDS = 30.0
"""How often it is looked at."""
STEP_SECONDS = 1.0
"""A clock that was moved by more is looked at before anything else is said."""


class ServerClock:
    """Of one server; each thread that talks to it may look."""

    def __init__(self) -> None:
        self._next = float("-inf")
        self._shift = 0.0

    def look(self, talk: Talk) -> None:
        """Ask on this connection what time it is, if it is time to. Errors are the driver's own."""
        shift = time.time() - time.monotonic()
        if time.monotonic() < self._next and abs(shift - self._shift) < STEP_SECONDS:
            return
        asked = base.own_now()
        ((said,),) = talk.rows("SELECT clock_timestamp()")
        answered = base.own_now()
        # It was read at some moment between two of ours: an answer that was long under way tells nothing.
        base.runs_ahead(min(max(said, asked), answered) - said)
        self._next, self._shift = time.monotonic() + CLOCK_SECONDS, shift
