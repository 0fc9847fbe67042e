"""The journal of a ticket, and the answers it gives, for the people who ask why."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel

from api.explain.answers import About
from api.explain.reading import read_answer
from api.explain.sentences import sentence
from api.http.deps import AgentKey, ContextDep
from api.http.responses import problems
from api.http.text import MAX_COUNT, Line, PathId
from api.http.tickets import views
from api.http.tickets.schemas import JournalPage
from memory.channels import standing
from memory.journal import codec, journal
from memory.tickets import tickets

MAX_ROWS = 1_000
MAX_NAME_CHARS = 128

router = APIRouter(prefix="/v1/tickets", tags=["journal"])


class WhyOut(BaseModel):
    """The answer to one question about one ticket, computed from its journal."""

    ticket_id: str
    about: About
    sentences: list[str]
    """Plain text, in order."""
    figures: dict[str, Any]
    """The numbers behind them."""


@router.get(
    "/{ticket_id}/journal",
    summary="Read a ticket's journal",
    responses=problems(404),
)
async def get_journal(
    ticket_id: PathId,
    key: AgentKey,
    context: ContextDep,
    after: Annotated[int, Query(ge=0, le=MAX_COUNT)] = 0,
    limit: Annotated[int, Query(ge=1, le=MAX_ROWS)] = MAX_ROWS,
) -> JournalPage:
    """Every step, call and decision in order, as rows and as sentences.

    A page ends at `limit` rows; the next one begins `after` the last row's `seq`.
    """
    async with context.database.reading() as session:
        await tickets.get(session, key.tenant, ticket_id)
        rows = await journal.of_ticket(session, ticket_id, after=after, limit=limit)
        turns = (await standing.of_turns(session, [ticket_id])).get(ticket_id, {})
    unsent = standing.unsent(turns)
    return JournalPage(
        ticket_id=ticket_id,
        rows=[views.journal_row(row) for row in rows],
        story=[sentence(codec.event(row), came=row.turn not in unsent) for row in rows],
    )


@router.get(
    "/{ticket_id}/why",
    summary="Ask why a ticket went as it did",
    responses=problems(404),
)
async def get_why(
    ticket_id: PathId,
    key: AgentKey,
    context: ContextDep,
    about: About = "route",
    tool: Annotated[Line | None, Query(max_length=MAX_NAME_CHARS)] = None,
) -> WhyOut:
    """Why this tool, this cost, these retries, this time, this end: in sentences with figures.

    `tool` narrows `about=tool` to one tool.
    """
    async with context.database.reading() as session:
        ticket = await tickets.get(session, key.tenant, ticket_id)
        found = await read_answer(session, ticket, about, tool)
    return WhyOut(
        ticket_id=ticket_id, about=found.about, sentences=found.sentences, figures=found.figures
    )
