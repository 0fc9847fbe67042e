"""The channels' process runs what is set up, except while somebody has paused it."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field

import pytest

from api.channels import process
from api.channels.process import Channel
from memory.channels import states
from tests.memory.ledgers import TENANT, Ledger


@dataclass
class Part:
    """A part of a channel that says when it begins and ends."""

    runs: bool = False
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """See `Runs.run`."""
        self._now(runs=True)
        try:
            await asyncio.Event().wait()
        finally:
            self._now(runs=False)

    def _now(self, *, runs: bool) -> None:
        self.runs = runs
        self.changed.set()

    async def becomes(self, *, runs: bool) -> None:
        """Wait for it."""
        async with asyncio.timeout(60):
            while self.runs is not runs:
                self.changed.clear()
                await self.changed.wait()


async def test_a_paused_channel_stands_still_until_it_is_resumed(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All its parts end, and begin anew."""
    monkeypatch.setattr(process, "PAUSE_SECONDS", 0.01)
    parts = (Part(), Part())
    running = asyncio.create_task(
        process._run_channel(ledger.database, Channel(TENANT, "mail", parts))
    )
    for wanted in (True, False, True):
        for part in parts:
            await part.becomes(runs=wanted)
        async with ledger.database.transaction() as session:
            if wanted:
                assert await states.pause(session, TENANT, "mail", by="Ann")
                assert not await states.pause(session, TENANT, "mail", by="Bob")
            else:
                assert await states.resume(session, TENANT, "mail")
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
