"""Asks a worker for what only it can do, and waits for the answer a bounded time."""

from __future__ import annotations

from typing import Any

from api.http.faults import WorkerSilent
from memory.storage.queue import Queue


async def ask_worker(queue: Queue, workflow: str, *arguments: str, seconds: float) -> Any:
    """What the workflow gives back. Raises `WorkerSilent` after `seconds`."""
    try:
        return await queue.ask(workflow, *arguments, seconds=seconds)
    except TimeoutError as error:
        msg = (
            f"no worker answered within {seconds:.0f} s: try again, or ask whoever runs Deskhand "
            "whether one is running (`deskhand up`)"
        )
        raise WorkerSilent(msg) from error
