"""`GET /metrics`, for a Prometheus server that knows the token.

Tenants stand in the labels, so it is no part of the public interface: without a token in the
settings the address does not exist. A check of the caller's address would not do: behind a proxy
on the same machine every caller is local.
"""

from __future__ import annotations

import secrets
from typing import Annotated

from fastapi import APIRouter, Header, Request, Response

from api.http.faults import Unauthenticated
from api.telemetry.exposition import CONTENT_TYPE, exposed
from api.telemetry.meter import Meter

router = APIRouter(include_in_schema=False)


@router.get("/metrics")
async def get_metrics(
    request: Request, authorization: Annotated[str | None, Header(max_length=1_000)] = None
) -> Response:
    """All figures of all tenants, in Prometheus' text format."""
    wanted = request.app.state.metrics_token
    scheme, _, token = (authorization or "").partition(" ")
    known = secrets.compare_digest(token.encode(), wanted.encode())
    if scheme.lower() != "bearer" or not known:
        msg = "send the value of DESKHAND_METRICS_TOKEN as `Authorization: Bearer ...`"
        raise Unauthenticated(msg)
    meter: Meter = request.state.meter
    return Response(exposed(await meter.read()), media_type=CONTENT_TYPE)
