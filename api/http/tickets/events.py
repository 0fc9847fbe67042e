"""A ticket's events as they happen: server-sent, resumable, bounded."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent

from api.explain.sentences import sentence
from api.http.deps import ApiContext, ContextDep, ReaderKey
from api.http.faults import TooManyStreams
from api.http.responses import problems
from api.http.text import MAX_COUNT, PathId
from api.http.tickets import views
from memory.channels import standing
from memory.journal import codec, journal
from memory.storage.errors import StorageUnavailable
from memory.tables import JournalRow, Ticket, TicketStatus, arrived
from memory.tickets import tickets

SHORTEST_POLL_SECONDS = 0.2
LONGEST_POLL_SECONDS = 1.0
SLOWER = 1.3
"""Factor by which a quiet ticket is looked at less often."""
LIFETIME_SECONDS = 300.0
"""A connection is closed after so long; the client resumes with Last-Event-ID."""
RECONNECT_MS = 1_000
MAX_STREAMS = 200
"""Connections of one process."""
MAX_STREAMS_OF_TENANT = 50
"""Connections of one tenant: none may hold all of them."""
STREAM_RETRY_SECONDS = 10
ROWS_AT_ONCE = 500
ENDED = frozenset({TicketStatus.SETTLED.value, TicketStatus.WAITING.value})

router = APIRouter(prefix="/v1/tickets", tags=["tickets"])


class Streams:
    """The event streams of this process."""

    def __init__(self) -> None:
        self.open: Counter[str] = Counter()
        """By tenant."""
        self.closing = False
        """Set when the process is told to stop: every stream ends at its next look."""


async def stream_slot(request: Request) -> AsyncIterator[Streams]:
    """Hold one of the streams, after the caller is known. Raises `TooManyStreams`."""
    streams: Streams = request.app.state.streams
    tenant: str = request.state.tenant
    if streams.open[tenant] >= MAX_STREAMS_OF_TENANT:
        msg = f"you have {MAX_STREAMS_OF_TENANT} event streams open: close one, or read status URLs"
        raise TooManyStreams(msg, STREAM_RETRY_SECONDS)
    if streams.open.total() >= MAX_STREAMS:
        msg = f"{MAX_STREAMS} event streams are open already: read the status URL instead"
        raise TooManyStreams(msg, STREAM_RETRY_SECONDS)
    streams.open[tenant] += 1
    try:
        yield streams
    finally:
        streams.open[tenant] -= 1
        streams.open += Counter()  # drops who has none


async def _own_ticket(ticket_id: PathId, key: ReaderKey, context: ContextDep) -> Ticket:
    """The ticket, looked up before the stream begins so that 404 is possible."""
    async with context.database.reading() as session:
        return await tickets.get(session, key.tenant, ticket_id)


@router.get(
    "/{ticket_id}/events",
    summary="Follow a ticket",
    response_class=EventSourceResponse,
    responses=problems(404, 429),
)
async def follow(
    ticket: Annotated[Ticket, Depends(_own_ticket)],
    streams: Annotated[Streams, Depends(stream_slot)],
    context: ContextDep,
    last_event_id: Annotated[int, Header(alias="Last-Event-ID", ge=0, le=MAX_COUNT)] = 0,
) -> AsyncIterator[ServerSentEvent]:
    """`step` for each journal row, `status` for each change, `end` once the ticket rests.

    The id of an event is the journal's number: a client that comes back with `Last-Event-ID`
    misses nothing and gets nothing twice. Close the connection at `end`.
    """
    watch = Watch(ticket.tenant, ticket.id, last_event_id)
    yield ServerSentEvent(retry=RECONNECT_MS, comment="connected")
    async for event in looks(streams, lambda: watch.look(context)):
        yield event


async def looks(
    streams: Streams,
    look: Callable[[], Awaitable[tuple[list[ServerSentEvent], bool]]],
    pauses: tuple[float, float] = (SHORTEST_POLL_SECONDS, LONGEST_POLL_SECONDS),
) -> AsyncIterator[ServerSentEvent]:
    """What `look` finds, until it says that this was all, or the stream has lived long enough.

    `pauses`: seconds between two looks, after one that found something and at most.
    """
    shortest, longest = pauses
    deadline, pause = time.monotonic() + LIFETIME_SECONDS, shortest
    while time.monotonic() < deadline and not streams.closing:
        try:
            found, ended = await look()
        except StorageUnavailable:
            yield ServerSentEvent(comment="the storage cannot be read: come back")
            return
        for event in found:
            yield event
        if ended:
            return
        pause = shortest if found else min(pause * SLOWER, longest)
        await asyncio.sleep(pause)


@dataclass(frozen=True)
class _State:
    """How a ticket stands, with how far its turn's answer has come."""

    ticket: Ticket
    delivery: str | None

    @property
    def outcome(self) -> str | None:
        """As it may be told."""
        return arrived(self.ticket.outcome, self.delivery)


@dataclass
class Watch:
    """What one client has been told of a ticket."""

    tenant: str
    ticket_id: str
    seq: int
    """Number of the last journal row it has."""
    told: tuple[str, str | None] | None = None
    """The last status and outcome it has."""

    async def look(self, context: ApiContext) -> tuple[list[ServerSentEvent], bool]:
        """The events since the last look, and whether the ticket has come to rest."""
        async with context.database.reading() as session:
            ticket = await tickets.get(session, self.tenant, self.ticket_id)
            rows = await journal.of_ticket(
                session, self.ticket_id, after=self.seq, limit=ROWS_AT_ONCE
            )
            rests = ticket.status in ENDED
            came = await standing.of_turns(session, [ticket.id]) if rows or rests else {}
        turns = came.get(ticket.id, {})
        found = self._steps(rows, standing.unsent(turns))
        complete = len(rows) < ROWS_AT_ONCE
        state = _State(ticket, turns.get(ticket.turn))
        if complete and self.told != (state.ticket.status, state.outcome):
            self.told = (state.ticket.status, state.outcome)
            found.append(self._event("status", state))
        ended = complete and rests
        if ended:
            found.append(self._event("end", state))
        return found, ended

    def _steps(self, rows: Sequence[JournalRow], unsent: Collection[int]) -> list[ServerSentEvent]:
        found = []
        for row in rows:
            self.seq = row.seq
            data = views.journal_row(row).model_dump(mode="json", exclude_none=True)
            data["text"] = sentence(codec.event(row), came=row.turn not in unsent)
            found.append(ServerSentEvent(event="step", id=str(row.seq), data=data))
        return found

    def _event(self, name: str, state: _State) -> ServerSentEvent:
        ticket = state.ticket
        data = {"status": ticket.status, "outcome": state.outcome, "reason": ticket.reason}
        data |= {"delivery": state.delivery, "status_url": views.ticket_url(ticket.id)}
        return ServerSentEvent(event=name, id=str(self.seq), data=data)
