"""The spans that hold a ticket's trace together: acceptance, messages, queue, drives."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from opentelemetry import context as contexts
from opentelemetry import trace
from opentelemetry.trace import Link, Span, SpanKind

from api.telemetry.ids import drive_of, next_ids, parent, root_of, span_context
from memory.tables import Message, Ticket
from tools.tracing import Attribute, exports, failed, tracer

NANOSECONDS = 1_000_000_000
CONVERSATION = "gen_ai.conversation.id"


def accepted(ticket: Ticket) -> None:
    """The root of the ticket's trace: its acceptance, linked to the request that brought it."""
    if not exports():
        return
    request = trace.get_current_span().get_span_context()
    links = [Link(request)] if request.is_valid else []
    with next_ids(root_of(ticket.id)):
        span = tracer().start_span(
            "ticket accepted",
            context=contexts.Context(),
            kind=SpanKind.PRODUCER,
            attributes=_of(ticket),
            links=links,
            start_time=_nanoseconds(ticket.created_at),
        )
    span.end()


def written(message: Message, tenant: str, share: float, *, starts_turn: bool) -> None:
    """The customer's next message."""
    request = trace.get_current_span().get_span_context()
    span = tracer().start_span(
        "message accepted",
        context=parent(root_of(message.ticket_id), share),
        kind=SpanKind.PRODUCER,
        attributes={
            CONVERSATION: message.ticket_id,
            "deskhand.tenant": tenant,
            "deskhand.turn": message.turn,
            "deskhand.starts_turn": starts_turn,
        },
        links=[Link(request)] if request.is_valid else [],
    )
    span.end()


def queued(ticket: Ticket, share: float, since: datetime | None) -> None:
    """The time that the ticket waited for a worker, which has it now."""
    if since is None:
        return
    span = tracer().start_span(
        "queue",
        context=parent(root_of(ticket.id), share),
        kind=SpanKind.CONSUMER,
        attributes=_of(ticket),
        start_time=_nanoseconds(since),
    )
    span.end()


@contextmanager
def drive(ticket: Ticket, share: float, cause: str) -> Iterator[Span]:
    """One drive of the graph; all that it does stands below. Linked to the drive before it."""
    before = [Link(span_context(drive_of(ticket.id, ticket.epoch - 1), share))]
    attributes = {
        **_of(ticket),
        "gen_ai.operation.name": "invoke_workflow",
        "gen_ai.agent.name": "deskhand",
        "deskhand.cause": cause,
        "deskhand.epoch": ticket.epoch,
        "deskhand.run": ticket.run,
    }
    with next_ids(drive_of(ticket.id, ticket.epoch)):
        span = tracer().start_span(
            "invoke_workflow ticket",
            context=parent(root_of(ticket.id), share),
            kind=SpanKind.CONSUMER,
            attributes=attributes,
            links=before if ticket.epoch > 1 else [],
        )
    with trace.use_span(span, record_exception=False, set_status_on_exception=False):
        try:
            yield span
        except BaseException as error:
            failed(span, type(error).__name__)
            raise
        finally:
            span.end()


def _of(ticket: Ticket) -> dict[str, Attribute]:
    return {
        CONVERSATION: ticket.id,
        "deskhand.tenant": ticket.tenant,
        "deskhand.turn": ticket.turn,
    }


def _nanoseconds(moment: datetime) -> int:
    return int(moment.timestamp() * NANOSECONDS)
