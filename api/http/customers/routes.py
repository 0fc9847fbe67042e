"""A customer's data: exported, and erased. For admins alone; addresses are never put on record."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Response

from api.http.customers.schemas import CustomerExport, ErasureOut
from api.http.deps import AdminKey, ContextDep
from api.http.responses import problems
from api.http.text import MAX_EMAIL_CHARS, Email
from memory.erasure import requests
from memory.erasure.export import exported
from memory.tables import Erasure

MAX_ID_CHARS = 100
Address = Annotated[Email, Path(max_length=MAX_EMAIL_CHARS, description="Their e-mail address.")]

router = APIRouter(prefix="/v1", tags=["customers"])


@router.get(
    "/customers/{address}",
    summary="Export a customer's data",
)
async def export_customer(
    address: Address, key: AdminKey, context: ContextDep, response: Response
) -> CustomerExport:
    """All that is held of the tickets that came from this address; no tickets where none did."""
    async with context.database.reading() as session:
        found = await exported(session, context.hmac_key(), key.tenant, address)
    response.headers["Cache-Control"] = "no-store"
    return CustomerExport(**found)


@router.delete(
    "/customers/{address}",
    status_code=202,
    summary="Erase a customer",
)
async def erase_customer(
    address: Address, key: AdminKey, context: ContextDep, response: Response
) -> ErasureOut:
    """A worker removes the person from every layer and signs a receipt; see the status URL.

    What is under way for them is ended first. It cannot be taken back. What they send after this
    request is answered as any new ticket: ask again to have it erased as well.
    """
    async with context.database.transaction() as session:
        wanted = await requests.ask(
            session, context.hmac_key(), tenant=key.tenant, address=address, by=key.name
        )
        out = _out(wanted)
    response.headers["Location"] = out.status_url
    return out


@router.get(
    "/erasures/{erasure_id}",
    summary="Read an erasure and its receipt",
    responses=problems(404),
)
async def get_erasure(
    erasure_id: Annotated[str, Path(max_length=MAX_ID_CHARS)], key: AdminKey, context: ContextDep
) -> ErasureOut:
    """How far it has come."""
    async with context.database.reading() as session:
        return _out(await requests.get(session, key.tenant, erasure_id))


def _out(erasure: Erasure) -> ErasureOut:
    fields = erasure.model_dump(include={"id", "status", "requested_at", "done_at", "receipt"})
    return ErasureOut(**fields, status_url=f"/v1/erasures/{erasure.id}")
