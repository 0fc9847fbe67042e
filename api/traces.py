"""The journal of a ticket, for the people who ask why."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from api import views
from api.deps import AgentKey, LedgerDep
from api.responses import problems
from api.schemas.tickets import JournalPage
from api.sentences import sentence
from memory import journal, tickets

MAX_ROWS = 1_000

router = APIRouter(prefix="/v1/tickets", tags=["journal"])


@router.get(
    "/{ticket_id}/journal",
    summary="Read a ticket's journal",
    responses=problems(401, 403, 404, 422, 503),
)
async def get_journal(
    ticket_id: str,
    key: AgentKey,
    ledger: LedgerDep,
    after: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=MAX_ROWS)] = MAX_ROWS,
) -> JournalPage:
    """Every step, call and decision in order, as rows and as sentences."""
    async with ledger.database.reading() as session:
        await tickets.get(session, key.tenant, ticket_id)
        rows = await journal.of_ticket(session, ticket_id, after=after, limit=limit)
    return JournalPage(
        ticket_id=ticket_id,
        rows=[views.journal_row(row) for row in rows],
        story=[sentence(row) for row in rows],
    )
