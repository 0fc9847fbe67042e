"""Time and chance as parts that a test can replace."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Clock:
    """Where the gateway takes the time from, and how it waits."""

    now: Callable[[], float] = time.monotonic
    """Seconds that only grow."""
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    """Wait that many seconds."""
    chance: Callable[[], float] = random.random
    """A number from 0 to 1, for jitter."""
