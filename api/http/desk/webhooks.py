"""Webhooks: which addresses are told what happens to tickets, and what did not arrive."""

from __future__ import annotations

import asyncio
from typing import Annotated, Literal

from fastapi import APIRouter, Query

from api.http.deps import AdminKey, ApiContext, ContextDep, takes_json
from api.http.desk.webhook_schemas import (
    DeliveryOut,
    DeliveryPage,
    NewWebhookOut,
    WebhookIn,
    WebhookOut,
    WebhookPage,
)
from api.http.faults import BodyRefused
from api.http.problems import FieldProblem
from api.http.responses import problems
from api.http.text import MAX_COUNT, PathId
from memory import webhooks
from memory.tables import HookStatus, WebhookDelivery, WebhookEndpoint
from tools.adapters.public_hosts import NoAddress, PrivateAddress, pinned
from tools.outside import AddressRefused, web_address

LOOKUP_SECONDS = 3.0
"""For the address of a webhook that is added."""

router = APIRouter(prefix="/v1/webhooks", tags=["webhooks"])


@router.get("", summary="List webhooks")
async def list_webhooks(key: AdminKey, context: ContextDep) -> WebhookPage:
    """The addresses, oldest first, without their secrets."""
    async with context.database.reading() as session:
        found = await webhooks.endpoints(session, key.tenant)
    return WebhookPage(items=[_out(one) for one in found])


@router.post("", status_code=201, summary="Add a webhook", **takes_json(409))
async def add_webhook(body: WebhookIn, key: AdminKey, context: ContextDep) -> NewWebhookOut:
    """Tell an address every event of every ticket from now on, signed, in order for each ticket."""
    try:
        await _public(body.url, context)
    except AddressRefused as refused:
        raise BodyRefused([FieldProblem(field="url", message=str(refused))]) from refused
    async with context.database.transaction() as session:
        made = await webhooks.add(session, key.tenant, body.url, by=key.name)
    secret = webhooks.secret_of(context.hmac_key(), made.id)
    return NewWebhookOut(**_out(made).model_dump(), secret=secret)


@router.post("/{webhook_id}/end", summary="End a webhook", responses=problems(404))
async def end_webhook(webhook_id: PathId, key: AdminKey, context: ContextDep) -> WebhookOut:
    """It is told nothing more, not even what waits; ending it again changes nothing."""
    async with context.database.transaction() as session:
        return _out(await webhooks.end(session, key.tenant, webhook_id))


@router.get("/deliveries", summary="List deliveries")
async def list_deliveries(
    key: AdminKey,
    context: ContextDep,
    status: Annotated[Literal["wanted", "done", "dead"], Query()] = "dead",
) -> DeliveryPage:
    """The newest first, at most 200: the dead ones unless another state is asked for."""
    async with context.database.reading() as session:
        found = await webhooks.listed(session, key.tenant, status=HookStatus(status))
    return DeliveryPage(items=[_delivery(one) for one in found])


@router.post(
    "/deliveries/{delivery_id}/replay",
    summary="Send a dead delivery again",
    responses=problems(404),
)
async def replay_delivery(delivery_id: PathId, key: AdminKey, context: ContextDep) -> DeliveryOut:
    """Try it from the beginning, with the id that it had."""
    async with context.database.transaction() as session:
        return _delivery(await webhooks.replay(session, key.tenant, _number(delivery_id)))


async def _public(url: str, context: ApiContext) -> None:
    """Raises `AddressRefused` for an address that no delivery would be sent to."""
    parts = web_address(url, query=True)
    try:
        async with asyncio.timeout(LOOKUP_SECONDS):
            await pinned(parts, context.private_hosts)
    except PrivateAddress as private:
        raise AddressRefused(f"{private} (DESKHAND_WEBHOOK_PRIVATE_HOSTS)") from private
    except (NoAddress, TimeoutError):
        return  # a name may become known later


def _number(delivery_id: str) -> int:
    """The delivery that a path names; one that cannot be there where it names none."""
    number = int(delivery_id) if delivery_id.isdecimal() and delivery_id.isascii() else 0
    return min(number, MAX_COUNT)


def _out(one: WebhookEndpoint) -> WebhookOut:
    return WebhookOut.model_validate(one, from_attributes=True)


def _delivery(one: WebhookDelivery) -> DeliveryOut:
    values = one.model_dump(exclude={"body", "tenant", "not_before"})
    return DeliveryOut.model_validate({**values, "webhook_id": one.endpoint_id})
