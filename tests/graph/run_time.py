"""A run's time that a test ends where the run stands, whatever the machine took until there."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from graph import run
from memory.admission import limited


@dataclass
class RunTime:
    """What the runs since were given, the newest last."""

    seconds: list[float] = field(default_factory=list)
    bounds: list[asyncio.Timeout] = field(default_factory=list)

    def end(self) -> None:
        """The newest run has none left."""
        self.bounds[-1].reschedule(0.0)


def noted(monkeypatch: pytest.MonkeyPatch) -> RunTime:
    """Notes the time of each run from now on."""
    found = RunTime()

    @asynccontextmanager
    async def noting(seconds: float) -> AsyncIterator[asyncio.Timeout]:
        async with limited(seconds) as bound:
            found.seconds.append(seconds)
            found.bounds.append(bound)
            yield bound

    monkeypatch.setattr(run, "limited", noting)
    return found
