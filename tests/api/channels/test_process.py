"""The channels' process runs what is set up, except while somebody has paused it."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
from typing_extensions import override

from api.channels import process
from api.channels.contract import Runs
from api.channels.process import Channel
from api.telemetry.outages import of_channels
from memory.channels import states
from memory.storage.errors import DAMAGES
from tests.memory.ledgers import TENANT, Ledger
from tests.waiting import until


@dataclass
class Part(Runs):
    """A part of a channel that says when it begins and ends."""

    runs: bool = False
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    @override
    async def run(self) -> None:
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
        process._run_channel(ledger.database, Channel(TENANT, "mail", parts), of_channels())
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


async def test_what_the_process_met_in_the_database_is_shown_until_it_starts_anew(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each time it shows that it runs: nobody else may ever read those pages."""
    monkeypatch.setattr(process, "SHOW_SECONDS", 0.01)
    calls, show = [], states.show

    async def counted(*given: Any, **more: Any) -> None:
        calls.append(1)
        await show(*given, **more)

    monkeypatch.setattr(states, "show", counted)
    for met, told in ((DAMAGES[0], [DAMAGES[0]]), ("", [])):
        ledger.database.damage.words, begun = met, len(calls)
        running = asyncio.create_task(
            process._show(ledger.database, [Channel(TENANT, "mail", ())], of_channels())
        )

        def again(before: int = begun) -> bool:
            return len(calls) > before + 1

        await until(again)  # the first of them is stored
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        async with ledger.database.reading() as session:
            rows = await states.all_rows(session)
        assert [row.trouble for row in rows if row.part == states.LEDGER] == told
