"""The queue live: server-sent events of what people and the agent do, resumable, bounded."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Header
from fastapi.sse import EventSourceResponse, ServerSentEvent

from api.http.deps import AgentKey, ApiContext, ContextDep
from api.http.handoffs import views
from api.http.responses import problems
from api.http.text import MAX_COUNT
from api.http.tickets.events import RECONNECT_MS, Streams, looks, stream_slot
from memory.handoffs import log as handoff_log

router = APIRouter(prefix="/v1/handoffs", tags=["handoffs"])


@router.get(
    "/events",
    summary="Follow the queue",
    response_class=EventSourceResponse,
    responses=problems(429),
)
async def follow(
    key: AgentKey,
    streams: Annotated[Streams, Depends(stream_slot)],
    context: ContextDep,
    last_event_id: Annotated[int | None, Header(alias="Last-Event-ID", ge=0, le=MAX_COUNT)] = None,
) -> AsyncIterator[ServerSentEvent]:
    """`handoff` for each change: who did what to which handoff, where it stands and its version.

    It begins with what happens from now on. A client that comes back with `Last-Event-ID` misses
    nothing and gets nothing twice; after the first `ready` it is current.
    """
    tenant, after = key.tenant, last_event_id or 0
    if last_event_id is None:
        async with context.database.reading() as session:
            after = await handoff_log.last(session, tenant)
    yield ServerSentEvent(retry=RECONNECT_MS, event="ready", id=str(after), data={"after": after})

    async def look() -> tuple[list[ServerSentEvent], bool]:
        nonlocal after
        found = await _look(context, tenant, after)
        after = int(found[-1].id or after) if found else after
        return found, False

    async for event in looks(streams, look):
        yield event


async def _look(context: ApiContext, tenant: str, after: int) -> list[ServerSentEvent]:
    async with context.database.reading() as session:
        rows = await handoff_log.since(session, tenant, after)
    return [
        ServerSentEvent(
            event="handoff",
            id=str(row.id),
            data=views.event(row).model_dump(mode="json"),
        )
        for row in rows
    ]
