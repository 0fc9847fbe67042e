"""The misbehaving MCP server over HTTP: one address of the misbehaving service."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request, Response

from evals.faults import mcp_answers as office
from evals.faults.fault_injection import WRONG, cut, instead

if TYPE_CHECKING:
    from evals.faults.plan import Fault, Office

Json = dict[str, Any]
MEDIA = "application/json"
EVENTS = "text/event-stream"


def add_mcp(app: FastAPI, state: Office) -> None:
    """Serve MCP at /mcp, without sessions and without a stream of the server's own."""
    old: dict[str, Json] = {}

    @app.post("/mcp")
    async def mcp(request: Request) -> Response:
        message = await request.json()
        name = office.operation_of(message)
        if name is None:
            found = office.handshake(message, changed=state.changed)
            return Response(status_code=202) if found is None else _json(found)
        return await _called(request, message, name, state, old)


async def _called(
    request: Request, message: Json, name: str, state: Office, old: dict[str, Json]
) -> Response:
    fault = state.next_fault(name)
    if fault.kind in ("hang", "slow"):
        await asyncio.sleep(fault.seconds)
    refusal = instead(fault)
    if refusal is not None:
        headers = {name.decode(): value.decode() for name, value in refusal.headers}
        return Response(refusal.body, refusal.status, headers)
    if fault.kind in ("drop", "hang"):
        cut(request.scope)
        return Response()
    if fault.kind == "other_listing":
        both = (office.LIST_CHANGED, office.failed(message, 400))
        told = "".join(f"event: message\ndata: {json.dumps(one)}\n\n" for one in both)
        return Response(told, media_type=EVENTS)
    if fault.kind == "repeat_old" and name in old:
        return _json({**old[name], "id": message["id"]})
    good = office.worked(message, state.perform_as, state.results.get)
    return await _after(request, fault, good, name, old)


async def _after(
    request: Request, fault: Fault, good: Json, name: str, old: dict[str, Json]
) -> Response:
    """The work is done; spoil the answer."""
    if fault.kind == "perform_then_hang":
        await asyncio.sleep(fault.seconds)
    if fault.kind in ("perform_then_drop", "perform_then_hang"):
        cut(request.scope)
        return Response()
    text = json.dumps(good)
    if fault.kind == "half_json":
        return Response(text[: len(text) // 2], media_type=MEDIA)
    if fault.kind == "truncate":
        # As events: the stream ends after half of one.
        return Response(f"event: message\ndata: {text[: len(text) // 2]}", media_type=EVENTS)
    old.setdefault(name, good)
    return _json(office.spoilt(fault.kind, good, WRONG))


def _json(found: Json) -> Response:
    return Response(json.dumps(found), media_type=MEDIA)
