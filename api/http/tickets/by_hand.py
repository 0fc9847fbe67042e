"""A ticket that a person opens for a customer, who called or stood at the counter."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from fastapi import APIRouter, Request, Response
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from api.http.deps import AgentKey, ContextDep, IdempotencyKey, takes_json
from api.http.faults import BodyRefused
from api.http.files.taking import owner_of, text_with
from api.http.problems import FieldProblem
from api.http.text import (
    MAX_EMAIL_CHARS,
    MAX_NAME_CHARS,
    MAX_SUBJECT_CHARS,
    Body,
    Email,
    Name,
    Text,
    is_blank,
)
from api.http.tickets.acknowledging import acknowledged
from api.http.tickets.routes import check_length, digest, refuse_full
from api.http.tickets.schemas import AcceptedOut, FileIds
from memory.channels import arrivals
from memory.channels.outgoing import BY_HAND
from memory.files import uploads
from memory.tickets import intake
from memory.tickets.intake import NewTicket

MAIL = "mail"
_BLANK = "blank"

router = APIRouter(prefix="/v1/tickets", tags=["tickets"])


class HandTicketIn(Body):
    """What a person writes down for a customer."""

    email: Annotated[Email, Field(max_length=MAX_EMAIL_CHARS)]
    """The customer's address, as the customer says it: nobody has vouched for it."""
    name: Annotated[Name, Field(max_length=MAX_NAME_CHARS)] | None = None
    subject: Annotated[Name, Field(max_length=MAX_SUBJECT_CHARS)]
    text: Text
    """What the customer asks for, in their words."""
    reply: Literal["mail", "none"] = "none"
    """mail: answers go to the address, from the desk's mailbox. none: they stay on the ticket, and
    a person tells the customer."""
    files: FileIds = Field(default_factory=list)
    """Ids of files that the customer gave you, as `POST /v1/files` gave them."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if is_blank(self.text) or is_blank(self.subject):
            msg = "subject and text are both needed: write what the customer asks for"
            raise PydanticCustomError(_BLANK, msg)
        return self


@router.post(
    "/by-hand", status_code=202, summary="Open a ticket for a customer", **takes_json(404, 409, 429)
)
async def open_ticket(
    *,
    body: HandTicketIn,
    request: Request,
    response: Response,
    caller: AgentKey,
    context: ContextDep,
    idempotency_key: IdempotencyKey = None,
) -> AcceptedOut:
    """It is accepted, and ends, like any other; its story says who opened it."""
    check_length(body.text, context)
    desk = await context.desks.of(caller.tenant)
    if body.reply == MAIL and (desk is None or desk.channels.mail is None):
        message = "the desk has no mailbox to answer from: choose none, and tell the customer"
        raise BodyRefused([FieldProblem(field="reply", message=message)])
    await refuse_full(context, caller.tenant)
    text = await text_with(context, caller, body.text, body.files)
    new = NewTicket(
        channel=MAIL if body.reply == MAIL else BY_HAND,
        subject=body.subject,
        text=text,
        customer_email=body.email,
        customer_name=body.name,
        opened_by=caller.name,
    )
    async with context.database.transaction() as session:
        accepted = await intake.accept(
            session,
            context.queue,
            tenant=caller.tenant,
            new=new,
            key=idempotency_key,
            digest=digest(body),
        )
        if not accepted.repeated:
            first = (accepted.ticket.id, 1)
            await uploads.take(session, caller.tenant, owner_of(caller), body.files, first)
            place = {"to": body.email, "name": body.name or "", "subject": body.subject}
            await arrivals.begin_thread(session, accepted.ticket, accepted.ticket.id, place)
    return acknowledged(accepted, request, response, context)
