"""The tools under test, declared in each way in which a desk can declare a tool."""

import sys
from pathlib import Path
from typing import Any, Literal

from graph.desk.model import Service
from tools.adapters.mcp.declared import McpService
from tools.adapters.mcp.listing import read_operations
from tools.adapters.mcp.schemas import complete as complete_mcp
from tools.adapters.openapi import complete
from tools.adapters.openapi_document import read_document
from tools.contract import Json, RetrySpec, ToolSpec

TENANT = "faults"
SERVICE = "under_test"
SECONDS = 0.5
"""Time-out of every tool, so that a fault for good ends soon."""
STDIO_SECONDS = 3.0
"""Of a server that may have to be ended (after a second without a ping) and started anew, on a
busy machine too."""
COST = 1_000
"""Micros that each attempt costs."""
RETRY = RetrySpec(first_wait_seconds=0.05, longest_wait_seconds=0.3)
ROOT = Path(__file__).resolve().parents[2]

LISTED = (("lookup_order", "orders"), ("refund", "refunds"), ("pay", "unkeyed"))
DOCUMENTED = (("lookup_order", "get_order"), ("refund", "refund"))
"""Tools, and the operations that an MCP server lists and a document describes."""

Via = Literal["http", "openapi", "mcp stdio", "mcp http"]
"""How a declared tool reaches the service."""


def specs_for(base_url: str, via: Via) -> tuple[Service, tuple[ToolSpec, ...]]:
    """The service as a desk names it, and its tools: a read and two writes.

    Raises `McpFault`, `OpenApiFault`.
    """
    service = _service(base_url, via)
    if via == "http":
        return service, (
            _lookup(),
            _refund("refund", "/refunds"),
            _refund("pay", "/unkeyed/refunds"),
        )
    if service.mcp is not None:
        listed = read_operations(service.mcp)
        seconds = SECONDS if service.mcp.command is None else STDIO_SECONDS
        made = [_named(*both, seconds) for both in LISTED]
        return service, tuple(complete_mcp(spec, listed) for spec in made)
    document = read_document(service.openapi or "", folder=ROOT, base_url=base_url)
    return service, tuple(complete(_named(*both), document) for both in DOCUMENTED)


def _service(base_url: str, via: Via) -> Service:
    if via == "mcp stdio":
        command = ("-m", "evals.faults.mcp_stdio", base_url)
        path = {"PYTHONPATH": str(ROOT)}
        mcp = McpService(command=sys.executable, args=command, env=path, effects="effects")
        return Service(mcp=mcp)
    if via == "mcp http":
        return Service(mcp=McpService(url=f"{base_url}/mcp", effects="effects"))
    document = f"{base_url}/openapi.json" if via == "openapi" else None
    return Service(base_url=base_url, openapi=document)


def _named(tool: str, operation: str, seconds: float = SECONDS) -> ToolSpec:
    """A tool of which the other side says the rest."""
    shared = _shared(seconds)
    if tool == "lookup_order":
        return ToolSpec(name=tool, operation=operation, effect="read", **_read(), **shared)
    return ToolSpec(name=tool, operation=operation, **_write(tool), **shared)


def _lookup() -> ToolSpec:
    return ToolSpec(
        name="lookup_order",
        arguments={"order_id": {"type": "string"}},
        returns=_object("order_id", "email", "status"),
        path="/orders/{order_id}",
        **_read(),
        **_shared(),
    )


def _refund(name: str, path: str) -> ToolSpec:
    return ToolSpec(
        name=name,
        arguments={"order_id": {"type": "string"}},
        returns=_object("id", "order_id"),
        method="POST",
        path=path,
        **_write(name),
        **_shared(),
    )


def _read() -> dict[str, Any]:
    return {
        "description": "An order.",
        "answer": "Order {order_id} is {status} and on its way.",
        "customer": "email",
        "echoes": ("order_id",),
    }


def _write(name: str) -> dict[str, Any]:
    return {
        "description": "Pays back.",
        "effect": "write",
        "approval": "person",
        "echoes": ("order_id",),
        "honours_key": name == "refund",
    }


def _shared(seconds: float = SECONDS) -> dict[str, Any]:
    return {
        "service": SERVICE,
        "timeout_seconds": seconds,
        "retry": RETRY,
        "cost_micros": COST,
    }


def _object(*names: str) -> Json:
    texts = {name: {"type": "string"} for name in names}
    return {"type": "object", "required": list(names), "properties": texts}
