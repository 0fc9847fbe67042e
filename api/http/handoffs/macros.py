"""The desk's canned replies, filled in for one handoff."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from api.http.deps import AgentKey, ApiContext, ContextDep, Principal, takes_json
from api.http.faults import NoSuchPart
from api.http.responses import problems
from api.http.text import Body, Line, PathId
from graph.desk.macros import MAX_NAME_CHARS, filled
from memory import handoffs
from memory.handoffs import log as handoff_log
from memory.tickets import tickets

router = APIRouter(prefix="/v1/handoffs", tags=["handoffs"])


class MacroIn(Body):
    """Which macro is inserted."""

    name: Annotated[Line, Field(min_length=1, max_length=MAX_NAME_CHARS)]


class MacroOut(BaseModel):
    """A macro as it reads for this handoff and this person."""

    name: str
    text: str


class MacrosOut(BaseModel):
    """The desk's macros, in its order."""

    items: list[MacroOut]


@router.get("/{handoff_id}/macros", summary="List the macros", responses=problems(404))
async def list_macros(handoff_id: PathId, key: AgentKey, context: ContextDep) -> MacrosOut:
    """Each filled in: the customer's name, the subject, the caller's own name."""
    async with context.database.reading() as session:
        return MacrosOut(items=await _all(session, context, key, handoff_id))


@router.post("/{handoff_id}/macros", summary="Insert a macro", **takes_json(404, 409))
async def use_macro(
    handoff_id: PathId, body: MacroIn, key: AgentKey, context: ContextDep
) -> MacroOut:
    """Its text; that it was used stands among what happened to the handoff."""
    async with context.database.transaction() as session:
        found = await _all(session, context, key, handoff_id)
        macro = next((one for one in found if one.name == body.name), None)
        if macro is None:
            msg = f"the desk has no macro {body.name!r}: it may have been renamed a moment ago"
            raise NoSuchPart(msg)
        handoff = await handoffs.get(session, key.tenant, handoff_id)
        await handoff_log.record(session, handoff, key.name, "macro", name=macro.name)
    return macro


async def _all(
    session: AsyncSession, context: ApiContext, caller: Principal, handoff_id: str
) -> list[MacroOut]:
    handoff = await handoffs.get(session, caller.tenant, handoff_id)
    ticket = await tickets.get(session, caller.tenant, handoff.ticket_id)
    desk = await context.desks.of(caller.tenant)
    name = " ".join((ticket.customer_name or "").split())
    known = {
        "customer_name": name,
        "first_name": name.partition(" ")[0],
        "subject": ticket.subject,
        "ticket": ticket.id,
        "company": "" if desk is None else desk.company,
        "my_name": caller.name,
    }
    macros = () if desk is None else desk.handoff.macros
    return [MacroOut(name=one.name, text=filled(one.text, known)) for one in macros]
