"""What outlasts a worker's grace is cut off, whoever has begun it."""

import asyncio
import threading
from concurrent.futures import CancelledError

import pytest

from api.worker.runs_under_way import RunsUnderWay


async def test_runs_are_cut_off_before_what_they_stand_on_is_taken_away() -> None:
    """A run that the engine has sent from a thread of its own, as well as one of our own looks."""
    ended: list[str] = []
    begun = asyncio.Semaphore(0)

    async def forever(ticket_id: str, *_more: object) -> str:
        begun.release()
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(ticket_id)
        return "finished"

    runs, loop = RunsUnderWay(forever), asyncio.get_running_loop()
    told: list[bool] = []

    def of_the_engine() -> None:
        sent = asyncio.run_coroutine_threadsafe(runs.run("engines", 1, None), loop)
        with pytest.raises(CancelledError):
            sent.result()
        told.append(True)

    thread = threading.Thread(target=of_the_engine)
    thread.start()
    ours = loop.create_task(runs.run("ours", 1, None))
    for _ in range(2):
        await begun.acquire()
    await runs.cut_off()
    assert sorted(ended) == ["engines", "ours"]
    assert ours.cancelled()
    await asyncio.to_thread(thread.join)
    assert told == [True]
    await runs.cut_off()  # nothing is left
