"""The answer to an accepted ticket, whoever handed it in."""

from __future__ import annotations

from fastapi import Request, Response

from api.http.deps import ApiContext
from api.http.tickets import views
from api.http.tickets.schemas import AcceptedOut
from api.telemetry import spans
from memory.tickets.intake import Accepted

REPLAYED = "Idempotency-Replayed"
"""The header of an answer that was given before."""


def acknowledged(
    accepted: Accepted, request: Request, response: Response, context: ApiContext
) -> AcceptedOut:
    """Where the ticket can be read; a repeated call is told so and counts for nothing."""
    out = views.accepted(accepted.ticket)
    request.state.ticket_id = out.id  # for the access log
    response.headers["Location"] = out.status_url
    if accepted.repeated:
        response.headers[REPLAYED] = "true"
    else:
        context.pressure.accepted(accepted.ticket.tenant)
        spans.accepted(accepted.ticket)
    return out
