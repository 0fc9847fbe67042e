"""Webhooks as rows: what happens to a ticket is stored for each address in the same transaction.

So no event is lost and none is told that did not happen. Of one ticket and address only the oldest
event that has not come to an end may leave; a dead one no longer holds the others up. Functions
never commit.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_
from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.faults import MemoryFault
from memory.storage.columns import Columns
from memory.storage.engines import changed
from memory.storage.units import Statements
from memory.tables import HookStatus, WebhookDelivery, WebhookEndpoint, arrived, now

Json = dict[str, Any]
MOST_ENDPOINTS = 10
"""Of one tenant: each event is stored once for each."""
MOST_LISTED = 200
MOST_ERROR_CHARS = 300
SECRET_PREFIX = "whsec_"  # noqa: S105 - a prefix, as Standard Webhooks has it


ROWS = Columns(WebhookDelivery, without=("id",))
ANY = "SELECT 1 FROM webhook_endpoints WHERE ended_at IS NULL LIMIT 1"
LIVING = "SELECT id FROM webhook_endpoints WHERE tenant = ? AND ended_at IS NULL"
SENT, SETTLED = "ticket.message_sent", "ticket.settled"
DRAFTS = ("reply", "clarification")
"""Kinds of messages that answer something."""
CAME = (
    "SELECT status FROM channel_outgoing WHERE ticket_id = ? AND turn = ?"  # noqa: S608 - our own words
    f" AND kind IN {DRAFTS} ORDER BY id DESC LIMIT 1"
)
_TYPES = {
    ("ticket", "accept"): "ticket.accepted",
    ("ticket", "message"): "ticket.message_received",
    ("ticket", "settle"): SETTLED,
    ("ticket", "undelivered"): "ticket.undelivered",
    ("ticket", "feedback"): "ticket.judged",
    ("wait", "person"): "ticket.waits_for_person",
}
"""Rows of the journal that are told, by kind and name."""


class WebhookUnknown(MemoryFault):
    """No such address or delivery in this tenant."""


class WebhookRefused(MemoryFault):
    """No such address can be added."""


def type_of(kind: str, name: str) -> str | None:
    """What a row of the journal is told as; None for what the agent does by itself."""
    return f"handoff.{name}" if kind == "person" else _TYPES.get((kind, name))


def note_in(do: Statements, tenant: str, ticket_id: str, kind: str, data: Json) -> None:
    """Store an event for every address of the tenant; nothing where there is none."""
    living = do.rows(LIVING, (tenant,))
    if not living:
        return
    moment = now()
    row: dict[str, Any] = {
        "event_id": f"evt_{secrets.token_hex(12)}",
        "tenant": tenant,
        "ticket_id": ticket_id,
        "type": kind,
        "body": _body(moment, ticket_id, kind, _as_it_came(do, ticket_id, kind, data)),
        "status": HookStatus.WANTED.value,
        "attempts": 0,
        "not_before": moment,
        "created_at": moment,
    }
    lines = [ROWS.values(do, {**row, "endpoint_id": one}) for (one,) in living]
    do.many(ROWS.insert, lines)


def _as_it_came(do: Statements, ticket_id: str, kind: str, data: Json) -> Json:
    """An outcome is told once its answer has left: the end of a turn is told again then."""
    if kind != SETTLED and (kind != SENT or data["kind"] not in DRAFTS):
        return data
    found = do.row(CAME, (ticket_id, data["turn"]))
    delivery = None if found is None else found[0]
    told = {"outcome": arrived(data["outcome"], delivery)} if "outcome" in data else {}
    return {**data, **told, "delivery": delivery}


def _body(moment: datetime, ticket_id: str, kind: str, data: Json) -> Json:
    return {
        "type": kind,
        "timestamp": moment.isoformat(timespec="milliseconds"),
        "data": {"ticket_id": ticket_id, **data},
    }


def secret_of(key: bytes, endpoint_id: str) -> str:
    """What an address's receiver checks signatures with; it is kept nowhere."""
    digest = hmac.new(key, b"webhook\n" + endpoint_id.encode(), hashlib.sha256).digest()
    return SECRET_PREFIX + base64.b64encode(digest).decode()


async def add(session: AsyncSession, tenant: str, url: str, *, by: str) -> WebhookEndpoint:
    """Tell this address what happens from now on. Raises `WebhookRefused`."""
    living = [one for one in await endpoints(session, tenant) if one.ended_at is None]
    if len(living) >= MOST_ENDPOINTS:
        raise WebhookRefused(f"the tenant has {MOST_ENDPOINTS} addresses already: end one first")
    if any(one.url == url for one in living):
        raise WebhookRefused("this address is already sent every event")
    made = WebhookEndpoint(id=f"whk_{secrets.token_hex(8)}", tenant=tenant, url=url, created_by=by)
    session.add(made)
    await session.flush()
    return made


async def end(session: AsyncSession, tenant: str, endpoint_id: str) -> WebhookEndpoint:
    """Tell an address nothing more, not even what waits. Raises `WebhookUnknown`."""
    found = await session.get(WebhookEndpoint, endpoint_id, with_for_update=True)
    if found is None or found.tenant != tenant:
        raise WebhookUnknown(f"there is no webhook {endpoint_id!r}")
    if found.ended_at is None:
        found.ended_at = now()
        session.add(found)
        theirs = col(WebhookDelivery.endpoint_id) == endpoint_id
        await _set(
            session, theirs, status=HookStatus.DEAD, error="the webhook was ended", ended_at=now()
        )
    return found


def any_in(do: Statements) -> bool:
    """Whether there is an address that wants to be told."""
    return do.row(ANY) is not None


async def endpoints(session: AsyncSession, tenant: str | None = None) -> list[WebhookEndpoint]:
    """The addresses, oldest first; of all tenants unless one is named."""
    query = select(WebhookEndpoint).order_by(col(WebhookEndpoint.created_at))
    if tenant is not None:
        query = query.where(WebhookEndpoint.tenant == tenant)
    return list(await session.exec(query))


async def due(session: AsyncSession, endpoint_id: str, limit: int) -> list[WebhookDelivery]:
    """What may leave for an address now, the oldest first; at most one event of each ticket."""
    before = aliased(WebhookDelivery)
    earlier = (
        select(before.id)
        .where(
            before.ticket_id == WebhookDelivery.ticket_id,
            before.endpoint_id == WebhookDelivery.endpoint_id,
            col(before.id) < col(WebhookDelivery.id),
            before.status == HookStatus.WANTED,
        )
        .exists()
    )
    query = (
        select(WebhookDelivery)
        .where(
            WebhookDelivery.status == HookStatus.WANTED,
            WebhookDelivery.endpoint_id == endpoint_id,
            _has_come(now()),
            ~earlier,
        )
        .order_by(col(WebhookDelivery.id))
        .limit(limit)
    )
    return list(await session.exec(query))


def _has_come(moment: datetime) -> ColumnElement[bool]:
    """What was never tried waits for nothing, whatever the clock of the process that wrote it said."""
    return or_(col(WebhookDelivery.attempts) == 0, col(WebhookDelivery.not_before) <= moment)


async def take(session: AsyncSession, one: WebhookDelivery, lease: timedelta) -> bool:
    """Take an event up for one attempt; False where another process has.

    A process that dies leaves it to be tried again, with the same id, once the lease is over.
    """
    moment = now()
    taken = await changed(
        session,
        WebhookDelivery,
        col(WebhookDelivery.id) == one.id,
        col(WebhookDelivery.status) == HookStatus.WANTED,
        col(WebhookDelivery.attempts) == one.attempts,
        _has_come(moment),
        attempts=one.attempts + 1,
        not_before=moment + lease,
    )
    return bool(taken)


async def done(session: AsyncSession, delivery_id: int) -> None:
    """It arrived."""
    await _set(
        session,
        col(WebhookDelivery.id) == delivery_id,
        status=HookStatus.DONE,
        error=None,
        ended_at=now(),
    )


async def later(session: AsyncSession, delivery_id: int, error: str, moment: datetime) -> None:
    """It did not arrive, and is tried again at `moment`."""
    await _set(
        session,
        col(WebhookDelivery.id) == delivery_id,
        error=error[:MOST_ERROR_CHARS],
        not_before=moment,
    )


async def dead(session: AsyncSession, delivery_id: int, error: str) -> None:
    """It did not arrive, and is not tried again unless a person wants it."""
    await _set(
        session,
        col(WebhookDelivery.id) == delivery_id,
        status=HookStatus.DEAD,
        error=error[:MOST_ERROR_CHARS],
        ended_at=now(),
    )


async def listed(
    session: AsyncSession, tenant: str, *, status: HookStatus, limit: int = MOST_LISTED
) -> Sequence[WebhookDelivery]:
    """The newest deliveries of a tenant that stand so."""
    query = select(WebhookDelivery).where(
        WebhookDelivery.tenant == tenant, WebhookDelivery.status == status
    )
    return list(await session.exec(query.order_by(col(WebhookDelivery.id).desc()).limit(limit)))


async def replay(session: AsyncSession, tenant: str, delivery_id: int) -> WebhookDelivery:
    """Try a dead event again from the beginning. Raises `WebhookUnknown`."""
    found = await changed(
        session,
        WebhookDelivery,
        col(WebhookDelivery.id) == delivery_id,
        col(WebhookDelivery.tenant) == tenant,
        col(WebhookDelivery.status) == HookStatus.DEAD,
        col(WebhookDelivery.endpoint_id).in_(
            select(WebhookEndpoint.id).where(col(WebhookEndpoint.ended_at).is_(None))
        ),
        status=HookStatus.WANTED.value,
        attempts=0,
        not_before=now(),
        ended_at=None,
    )
    if not found:
        msg = f"there is no dead delivery {delivery_id} of a webhook in use"
        raise WebhookUnknown(msg)
    return found[0]


async def _set(session: AsyncSession, which: ColumnElement[bool], **values: Any) -> None:
    waits = col(WebhookDelivery.status) == HookStatus.WANTED
    await changed(session, WebhookDelivery, which, waits, **values)
