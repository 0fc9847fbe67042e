"""Ticket intake: accept, add a message, read."""

from __future__ import annotations

import hashlib
import json
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Header, Query, Request, Response
from pydantic import BaseModel

from api.client.desk import CHANNEL_HEADER
from api.http.deps import (
    AgentKey,
    ApiContext,
    ContextDep,
    IdempotencyKey,
    IntakeKey,
    Principal,
    ReaderKey,
    takes_json,
)
from api.http.faults import BodyRefused, QueueFull, VouchRefused
from api.http.files.taking import owner_of, text_with
from api.http.paging import DEFAULT_PAGE, Before, Limit, following
from api.http.problems import FieldProblem
from api.http.responses import problems
from api.http.text import MAX_QUERY_CHARS, Line, PathId
from api.http.tickets import views
from api.http.tickets.acknowledging import REPLAYED, acknowledged
from api.http.tickets.schemas import (
    AcceptedOut,
    CustomerOut,
    MessageAcceptedOut,
    MessageIn,
    TicketIn,
    TicketOut,
    TicketPage,
)
from api.telemetry import spans
from memory import handoffs
from memory.channels import standing
from memory.files import message_files, uploads
from memory.storage.customer_digest import compared_by
from memory.storage.queue import Queue
from memory.storage.units import Statements
from memory.tables import API_CHANNEL
from memory.tickets import finding, intake, messages, tickets
from memory.tickets.intake import Accepted, NewTicket
from memory.tickets.tickets import Load
from memory.verification import answers, codes

MAX_CONVERSATIONS = 20

ChannelName = Annotated[
    Literal["mcp"] | None,
    Header(
        alias=CHANNEL_HEADER,
        description="Sent by the desk's own MCP server: what the agent may do depends on it.",
    ),
]


class _NoRoom(Exception):
    """Takes back what was stored for a tenant whose queue is full."""


router = APIRouter(prefix="/v1/tickets", tags=["tickets"])


@router.post("", status_code=202, summary="Hand in a ticket", **takes_json(404, 409, 429))
async def post_ticket(
    *,
    body: TicketIn,
    request: Request,
    response: Response,
    key: IntakeKey,
    context: ContextDep,
    idempotency_key: IdempotencyKey = None,
    channel: ChannelName = None,
) -> AcceptedOut:
    """Store a ticket and its queue entry in one transaction; from then on it will end."""
    check_length(body.text, context)
    _check_vouching(body, key)
    load = await context.pressure.load(key.tenant)
    full = load.depth >= context.pressure.depth
    queue = await _queue(context, key, channel or API_CHANNEL)
    if full and idempotency_key is None:
        raise await _full(context, load)
    text, digested = await text_with(context, key, body.text, body.files), digest(body)
    new = _new(body, text, key, channel)
    email = new.customer_email
    address = None if email is None else compared_by(context.database, key.tenant, email)

    def accept(do: Statements) -> Accepted:
        found = intake.accept_in(
            do,
            queue,
            tenant=key.tenant,
            new=new,
            key=idempotency_key,
            digest=digested,
            address=address,
        )
        if full and not found.repeated:
            raise _NoRoom
        if not found.repeated:
            uploads.take_in(do, key.tenant, owner_of(key), body.files, (found.ticket.id, 1))
        return found

    try:
        accepted = await context.database.units.write(accept)
    except _NoRoom as error:
        raise await _full(context, load) from error
    return acknowledged(accepted, request, response, context)


@router.post(
    "/{ticket_id}/messages",
    status_code=202,
    summary="Add the customer's next message",
    **takes_json(404, 409, 429),
)
async def post_message(
    *,
    ticket_id: PathId,
    body: MessageIn,
    response: Response,
    key: IntakeKey,
    context: ContextDep,
    idempotency_key: IdempotencyKey = None,
) -> MessageAcceptedOut:
    """Store a message. It starts the next turn, or joins the one that a run or person has."""
    check_length(body.text, context)
    text = await text_with(context, key, body.text, body.files)
    load, hmac_key = await context.pressure.load(key.tenant), context.hmac_key()
    queue = await _queue(context, key, API_CHANNEL)
    async with context.database.transaction() as session:
        added = await answers.add_message(
            session,
            queue,
            hmac_key,
            tenant=key.tenant,
            ticket_id=ticket_id,
            text=text,
            key=idempotency_key,
            # Keyed, since whoever reads the table could guess a code that was taken out of the text.
            digest=codes.keyed(hmac_key, "body", digest(body)),
        )
        await handoffs.customer_wrote(session, added)
        if body.files and not added.repeated:
            place = (ticket_id, added.message.seq)
            await uploads.take(session, key.tenant, owner_of(key), body.files, place)
        if added.started and load.depth >= context.pressure.depth:
            raise await _full(context, load)
    out = views.message_accepted(added.message)
    response.headers["Location"] = out.status_url
    if added.repeated:
        response.headers[REPLAYED] = "true"
    else:
        share = context.trace_share
        spans.written(added.message, key.tenant, share, starts_turn=added.started)
    if added.started:
        context.pressure.accepted(key.tenant)
    return out


@router.get("", summary="List tickets")
async def list_tickets(
    *,
    key: ReaderKey,
    context: ContextDep,
    request: Request,
    status: Literal["queued", "running", "waiting", "settled"] | None = None,
    q: Annotated[Line | None, Query(max_length=MAX_QUERY_CHARS)] = None,
    before: Before = None,
    limit: Limit = DEFAULT_PAGE,
) -> TicketPage:
    """Newest first; `next` of a page is the address of the following one.

    `q` looks for words (the last letters of each may be missing) in subjects, customers, ids and
    all that was said, and where nothing has them for words spelt nearly so. What was said just now
    is found within seconds.
    """
    async with context.database.reading() as session:
        look = tickets.listed if q is None else partial(finding.found, query=q)
        found = await look(session, key.tenant, status=status, before=before, limit=limit + 1)
        shown = found[:limit]
        titles = await messages.titles(session, {one.id: one.subject for one in shown})
        said = {} if q is None else await finding.said(session, shown, q)
        came = await standing.of_turns(session, [one.id for one in shown])
    more = following(request, limit=limit, before=shown[-1].id) if len(found) > limit else None
    items = [views.ticket_summary(one, titles[one.id], came, said.get(one.id)) for one in shown]
    return TicketPage(items=items, next=more)


@router.get("/{ticket_id}", summary="Read a ticket", responses=problems(404))
async def get_ticket(ticket_id: PathId, key: ReaderKey, context: ContextDep) -> TicketOut:
    """Status, outcome, reply with its citations, and the conversation."""
    async with context.database.reading() as session:
        return await views.whole_ticket(session, key.tenant, ticket_id)


@router.get(
    "/{ticket_id}/customer",
    summary="Read all that a ticket's customer and the desk have said",
    responses=problems(404),
)
async def get_customer(
    *,
    ticket_id: PathId,
    key: AgentKey,
    context: ContextDep,
    request: Request,
    before: Before = None,
    limit: Annotated[int, Query(ge=1, le=MAX_CONVERSATIONS)] = MAX_CONVERSATIONS,
) -> CustomerOut:
    """The tickets of the same address. By ticket, so that no address stands in a URL."""
    async with context.database.reading() as session:
        ticket = await tickets.get(session, key.tenant, ticket_id)
        found = await tickets.of_customer(session, ticket, before=before, limit=limit + 1)
        shown = found[:limit]
        ids = [one.id for one in shown]
        said = await tickets.conversations(session, ids)
        attached = await message_files.of_tickets(session, ids)
        came = await standing.of_turns(session, ids)
    more = following(request, limit=limit, before=shown[-1].id) if len(found) > limit else None
    return CustomerOut(
        name=next((one.customer_name for one in shown if one.customer_name), None),
        email=ticket.customer_email,
        items=[views.ticket_out(one, said[one.id], attached[one.id], came) for one in shown],
        next=more,
    )


def digest(body: BaseModel) -> str:
    """Equal for bodies that mean the same, whatever their order and spacing."""
    said = body.model_dump(mode="json")
    if not said.get("customer", {}).get("verified", True):
        del said["customer"]["verified"]  # bodies of earlier releases did not say it either
    for name in ("bulk", "files"):
        if not said.get(name, True):
            del said[name]
    canonical = json.dumps(said, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _check_vouching(body: TicketIn, key: Principal) -> None:
    if body.customer.verified and not key.may_vouch:
        msg = (
            f"the {key.via} {key.name!r} may not vouch for senders: leave customer.verified out, "
            "or send a key made with `deskhand key create --vouch`"
        )
        raise VouchRefused(msg)


def _new(body: TicketIn, text: str, key: Principal, channel: str | None) -> NewTicket:
    return NewTicket(
        channel=channel or API_CHANNEL,
        subject=body.subject or "",
        text=text,
        customer_email=body.customer.email,
        customer_name=body.customer.name,
        vouched_by=f"the key {key.name}" if body.customer.verified else None,
        headers=dict(body.headers),
        bulk=body.bulk,
    )


async def _queue(context: ApiContext, key: Principal, channel: str) -> Queue:
    """The queue, with the wait for more messages that the desk wants in this channel."""
    desk = await context.desks.of(key.tenant)
    burst = 0.0 if desk is None else desk.channels.burst(channel)
    return context.queue.after(burst) if burst else context.queue


async def refuse_full(context: ApiContext, tenant: str) -> None:
    """Raise `QueueFull` where as many tickets of the tenant wait as may."""
    load = await context.pressure.load(tenant)
    if load.depth >= context.pressure.depth:
        raise await _full(context, load)


def check_length(text: str, context: ApiContext) -> None:
    """Raise `BodyRefused` for a longer text than the installation takes."""
    limit = context.max_text_chars
    if len(text) > limit:
        message = f"is too long: at most {limit:,} characters, has {len(text):,}"
        raise BodyRefused([FieldProblem(field="text", message=message)])


async def _full(context: ApiContext, load: Load) -> QueueFull:
    seconds = await context.pressure.seconds_until_room(load)
    message = (
        f"{load.depth} tickets wait for a worker: nothing was stored, try again in {seconds} s"
    )
    return QueueFull(message, seconds)
