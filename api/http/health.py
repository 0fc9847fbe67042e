"""Is the process alive, and can the program do its work?"""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response, status
from pydantic import BaseModel, Field

from api.http.deps import ApiContext, ContextDep
from api.http.responses import problems
from api.readiness import Check, checks, worst

router = APIRouter(prefix="/health", tags=["health"])
"""HEAD as well: many that watch an address ask so, and took 405 for a desk that is down."""


class Alive(BaseModel):
    """The process answers."""

    status: Literal["alive"] = "alive"


class Checked(BaseModel):
    """One thing that was looked at."""

    name: Annotated[str, Field(examples=["workers"])]
    """workers | index | queue | disk, and what is not well: ledger | notices | tools | channels | desks"""
    state: Literal["ok", "warn", "fail"]
    detail: str
    """What was found and, if it is not well, what to do."""


class Ready(BaseModel):
    """Tickets can be accepted: what becomes of them, and how much waits."""

    status: Literal["ready", "degraded"]
    """degraded: tickets are accepted, but at least one check fails, so they may wait."""
    checks: list[Checked]
    queued: Annotated[int, Field(ge=0)]
    """Tickets that wait for a worker."""
    running: Annotated[int, Field(ge=0)]
    waiting: Annotated[int, Field(ge=0)]
    """Tickets that wait for a person."""
    oldest_queued_seconds: Annotated[float, Field(ge=0)]
    """Age of the oldest ticket that waits for a worker: if it grows, no worker keeps up."""


@router.head("/live", include_in_schema=False)
@router.get("/live", summary="Is the process alive?")
async def live() -> Alive:
    """Touches nothing, so that a slow disk restarts no process."""
    return Alive()


@router.head("/ready", include_in_schema=False)
@router.get(
    "/ready",
    summary="Can tickets be accepted, and are they worked on?",
    responses=problems(503),
)
async def ready(
    context: ContextDep,
    response: Response,
    strict: Annotated[bool, Query(description="503 where any check fails, too.")] = False,
) -> Ready:
    """503 with the reason where the database is missing, read-only, full or not migrated.

    Without a worker tickets are still accepted, so that is no 503 unless `strict` is true: a
    balancer must not turn customers away while tickets can wait; whoever is to be woken asks
    strictly.
    """
    found = await _ready(context)
    if strict and found.status != "ready":
        response.status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    return found


async def _ready(context: ApiContext) -> Ready:
    facts = await context.readiness.look()
    broken, depths = await _desks(context), facts.depths  # it reads the desks anew
    found = [*checks(facts, context.desks.known), *broken]
    return Ready(
        status="degraded" if worst(found) == "fail" else "ready",
        checks=[Checked(name=one.name, state=one.state, detail=one.words) for one in found],
        queued=depths.queued,
        running=depths.running,
        waiting=depths.waiting,
        oldest_queued_seconds=depths.oldest_queued_seconds,
    )


async def _desks(context: ApiContext) -> list[Check]:
    """Which files, and what is wrong with them, is told to nobody without a key."""
    broken, never = await context.desks.broken()
    what = "1 desk file" if broken == 1 else f"{broken} desk files"
    if never:
        words = f"Of {what} that cannot be read {never} never could be: their tickets wait."
        return [Check("desks", "fail", f"{words} `deskhand doctor` names the mistakes.")]
    if broken:
        words = f"{what} cannot be read as it is now: what was read well last counts."
        return [Check("desks", "warn", f"{words} `deskhand doctor` names the mistakes.")]
    return []
