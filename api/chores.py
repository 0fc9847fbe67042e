"""Asks a worker for what only it can do, and waits for the answer a bounded time."""

from __future__ import annotations

import asyncio
from typing import Any

from api.errors import WorkerSilent
from memory.queue import APPLICATION_VERSION, CHORES, Queue

POLL_SECONDS = 0.1


async def ask_worker(queue: Queue, workflow: str, *arguments: str, seconds: float) -> Any:
    """What the workflow gives back. Raises `WorkerSilent` after `seconds`, and takes it back."""
    handle: Any = await queue.client.enqueue_async(
        {
            "workflow_name": workflow,
            "queue_name": CHORES,
            "app_version": APPLICATION_VERSION,
        },
        *arguments,
    )
    try:
        async with asyncio.timeout(seconds):
            return await handle.get_result(polling_interval_sec=POLL_SECONDS)
    except TimeoutError as error:
        await queue.client.cancel_workflow_async(handle.workflow_id)
        msg = f"no worker answered within {seconds:.0f} s: is one running (`deskhand up`)?"
        raise WorkerSilent(msg) from error
