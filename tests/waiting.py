"""Waiting for a state: looked at often, and for so long that no busy machine is blamed."""

import asyncio
import time
from collections.abc import Callable

LONGEST_SECONDS = 120.0
PAUSE_SECONDS = 0.005


async def until(true: Callable[[], bool]) -> None:
    """Let the event loop go on until it holds. Raises `TimeoutError`."""
    async with asyncio.timeout(LONGEST_SECONDS):
        while not true():  # noqa: ASYNC110 - no event tells of it
            await asyncio.sleep(PAUSE_SECONDS)


def wait_until(true: Callable[[], bool], pause: float = 0.05) -> None:
    """The same without a loop, for what another process does."""
    end = time.monotonic() + LONGEST_SECONDS
    while not true():
        assert time.monotonic() < end, "it never became true"
        time.sleep(pause)
