"""Labelled cases from tickets, masked before they leave the house."""

from __future__ import annotations

from fastapi import APIRouter
from sqlmodel import col, select

from api.case_export.building import case_of
from api.case_export.schemas import CaseOut
from api.http.deps import AgentKey, ContextDep
from api.http.responses import problems
from api.http.text import PathId
from memory.tables import Correction, Handoff
from memory.tickets import tickets

router = APIRouter(prefix="/v1/tickets", tags=["cases"])


@router.get(
    "/{ticket_id}/case",
    summary="Read a ticket as a labelled case",
    responses=problems(404),
)
async def get_case(ticket_id: PathId, key: AgentKey, context: ContextDep) -> CaseOut:
    """The ticket for the eval harness: personal data masked, labelled by a person's decision."""
    async with context.database.reading() as session:
        ticket = await tickets.get(session, key.tenant, ticket_id)
        messages = await tickets.messages(session, ticket.id)
        opened = select(Handoff).where(Handoff.ticket_id == ticket.id)
        handoffs = await session.exec(opened.order_by(col(Handoff.created_at)))
        made = select(Correction).where(Correction.ticket_id == ticket.id)
        corrections = await session.exec(made.order_by(col(Correction.created_at)))
        return case_of(ticket, messages, list(handoffs.all()), list(corrections.all()))
