"""The sums that insight reads come to what reading all rows does, whatever happened in between."""

from __future__ import annotations

import asyncio
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from memory.insight import sums
from memory.insight.sums import Window
from memory.storage.database import Database
from tests.memory.insight.comparing import compare
from tests.memory.insight.histories import ACT, MINUTES, START, STEP, History
from tests.postgres import copy_of

HISTORY = st.tuples(
    st.lists(st.integers(0, MINUTES // STEP // 2).map(STEP.__mul__), min_size=1, max_size=4),
    st.lists(ACT, max_size=12),
)
ASKED = st.tuples(
    st.integers(0, MINUTES), st.integers(1, MINUTES), st.integers(0, 2 * MINUTES // STEP)
)


@given(HISTORY, ASKED)
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_the_sums_are_what_all_rows_come_to(
    template: Path,
    history: tuple[list[int], list[dict[str, Any]]],
    asked: tuple[int, int, int],
) -> None:
    """Tickets are answered, judged, corrected, reopened and erased in any order, counted or not."""
    (accepted, acts), (since, long, late) = history, asked

    async def run() -> None:
        with tempfile.TemporaryDirectory() as folder:
            async with Database(copy_of(template, Path(folder))) as database:
                told = History(database)
                await told.begin(accepted)
                for act in acts:
                    await told.act(act, tickets=len(accepted))
                first = START + timedelta(minutes=since - MINUTES // 4)
                window = Window.of(first, first + timedelta(minutes=long))
                moment = START + timedelta(minutes=STEP * late)
                for _ in range(2):  # counted as it happened to be, and counted to the end
                    compare(*await told.read(window, moment))
                    await sums.catch_up(database.units)

    asyncio.run(run())
