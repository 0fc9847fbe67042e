"""A reply while a model writes it: server-sent, for people of the desk, and checked by nobody."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.sse import EventSourceResponse, ServerSentEvent

from api.http.deps import AgentKey, ApiContext, ContextDep
from api.http.responses import problems
from api.http.text import PathId
from api.http.tickets.events import RECONNECT_MS, Streams, looks, stream_slot
from memory import live_drafts
from memory.tables import Ticket
from memory.tickets import tickets

LOOK_SECONDS = 0.3
"""Between two looks: as often as a worker tells something new."""
SAY_SECONDS = 5.0
"""How often it is said that somebody looks on."""

router = APIRouter(prefix="/v1/tickets", tags=["tickets"])


async def _own_ticket(ticket_id: PathId, key: AgentKey, context: ContextDep) -> Ticket:
    """The ticket, looked up before the stream begins so that 404 is possible."""
    async with context.database.reading() as session:
        return await tickets.get(session, key.tenant, ticket_id)


@router.get(
    "/{ticket_id}/writing",
    summary="See a reply being written",
    response_class=EventSourceResponse,
    responses=problems(404, 429),
)
async def look_on(
    ticket: Annotated[Ticket, Depends(_own_ticket)],
    streams: Annotated[Streams, Depends(stream_slot)],
    context: ContextDep,
) -> AsyncIterator[ServerSentEvent]:
    """`writing` while a chat model writes, with its `text` so far where it streams; `end` once the ticket rests.

    The text is for the desk's own people: it has not been checked, and most of it may never be
    sent. Each event replaces the one before; `seconds` is null while no model writes.
    """
    watch = _Watch(ticket.tenant, ticket.id)
    yield ServerSentEvent(retry=RECONNECT_MS, comment="connected")
    async for event in looks(streams, lambda: watch.look(context), (LOOK_SECONDS, LOOK_SECONDS)):
        yield event


@dataclass
class _Watch:
    """One person who looks on."""

    tenant: str
    ticket_id: str
    said_at: float = float("-inf")
    told: tuple[str, int | None] = ("", None)

    async def look(self, context: ApiContext) -> tuple[list[ServerSentEvent], bool]:
        """What is new of what is being written, and whether the ticket rests."""
        units = context.database.units
        found = await units.look(lambda do: live_drafts.shown_in(do, self.tenant, self.ticket_id))
        if found is None:
            return [ServerSentEvent(event="end", data={})], True
        if time.monotonic() - self.said_at > SAY_SECONDS:
            await units.write(lambda do: live_drafts.watch_in(do, self.tenant, self.ticket_id))
            self.said_at = time.monotonic()
        seconds = None if found.seconds is None else int(found.seconds)
        before, self.told = self.told, (found.text, seconds)
        if self.told == before:
            return [], False
        data = {"seconds": seconds, "text": found.text}
        return [ServerSentEvent(event="writing", data=data)], False
