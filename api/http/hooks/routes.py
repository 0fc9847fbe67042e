"""What a helpdesk calls when something happens there: a signed nudge to read a conversation again.

Nothing of what it says is believed but the conversation's number; what was written there is read
from the helpdesk itself, by the process of the channels.
"""

from __future__ import annotations

import time
from typing import Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel

from api.channels.helpdesk.setup import rules_of
from api.http.deps import ApiContext, ContextDep
from api.http.faults import Unauthenticated
from api.http.text import PathId
from graph.desk.helpdesks import HelpdeskChannel
from memory.channels import pokes
from tools.adapters.answers import parsed
from tools.contract import Json
from tools.faults import SchemaChanged

MOST_BYTES = 512 * 1024
"""Of one webhook; its conversation is found by the next poll all the same."""
REFUSED = (
    "no webhook of this desk has this signature: check the address, the secret, and the other"
    " side's clock"
)
Name = Literal["chatwoot", "zammad", "zendesk"]

router = APIRouter(include_in_schema=False)


class HookOut(BaseModel):
    """What became of it."""

    taken: bool
    """Whether it names a conversation that is read now; false for an event of no interest."""


@router.post("/v1/hooks/{tenant}/{name}")
async def hook(tenant: PathId, name: Name, request: Request, context: ContextDep) -> HookOut:
    """Take a webhook in: 200 for every genuine one, whatever it is about."""
    channel = await _channel(context, tenant, name)
    body = await request.body()
    if channel is None or len(body) > MOST_BYTES or not _genuine(channel, request, body):
        raise Unauthenticated(REFUSED)
    ref = rules_of(channel).ref(_event(body))
    async with context.database.transaction() as session:
        await pokes.note(session, tenant, name, ref)
    return HookOut(taken=ref is not None)


async def _channel(context: ApiContext, tenant: str, name: str) -> HelpdeskChannel | None:
    desk = await context.desks.of(tenant)
    return None if desk is None else desk.channels.helpdesks.get(name)


def _genuine(channel: HelpdeskChannel, request: Request, body: bytes) -> bool:
    secret, rules = channel.webhook_secret, rules_of(channel)
    return bool(secret) and rules.genuine(request.headers, body, secret, time.time())


def _event(body: bytes) -> Json:
    """The event; an empty one, which is of no interest, where it is no JSON object."""
    try:
        return parsed(body)
    except SchemaChanged:
        return {}
