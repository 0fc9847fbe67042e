"""Is the process alive, and can it do its work?"""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.http.deps import ApiContext, ContextDep
from api.http.responses import problems
from memory.storage import readiness

router = APIRouter(prefix="/health", tags=["health"])


class Alive(BaseModel):
    """The process answers."""

    status: Literal["alive"] = "alive"


class Ready(BaseModel):
    """The ledger can be read and written, and how much waits in it."""

    status: Literal["ready"] = "ready"
    queued: Annotated[int, Field(ge=0)]
    """Tickets that wait for a worker."""
    running: Annotated[int, Field(ge=0)]
    waiting: Annotated[int, Field(ge=0)]
    """Tickets that wait for a person."""
    oldest_queued_seconds: Annotated[float, Field(ge=0)]
    """Age of the oldest ticket that waits for a worker: if it grows, no worker keeps up."""


@router.get("/live", summary="Is the process alive?")
async def live() -> Alive:
    """Touches nothing, so that a slow disk restarts no process."""
    return Alive()


@router.get("/ready", summary="Can tickets be accepted?", responses=problems(503))
async def ready(context: ContextDep) -> Ready:
    """503 with the reason where the database is missing, read-only, full or not migrated."""
    return await _ready(context)


async def _ready(context: ApiContext) -> Ready:
    async with context.database.transaction() as session:
        await readiness.check_writable(session, context.head)
    async with context.database.reading() as session:
        depths = await readiness.depths(session)
    return Ready(
        queued=depths.queued,
        running=depths.running,
        waiting=depths.waiting,
        oldest_queued_seconds=depths.oldest_queued_seconds,
    )
