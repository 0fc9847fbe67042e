"""What the workers make of tickets behind them, so that no ticket waits for it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from memory.insight import sums
from memory.insight.missed import Missed
from memory.storage.units import Units
from memory.tickets import fulltext


async def keep_up(units: Units) -> None:
    """Make findable what was said, and count what tickets came to. Raises `StorageUnavailable`."""
    await fulltext.catch_up(units)
    await sums.catch_up(units)


def missed(units: Units) -> Callable[[], Awaitable[int]]:
    """What has tickets counted anew that a program of before wrote on."""
    return Missed(units).look
