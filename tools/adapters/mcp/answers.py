"""What an MCP server answers, as JSON or as the fault that it is. Never quotes a text in a fault."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tools.adapters.answers import MOST_RESPONSE_BYTES, fault_of
from tools.contract import Json
from tools.faults import Rejected, SchemaChanged, ServiceError, ToolFault, Unreachable

if TYPE_CHECKING:
    from mcp.types import CallToolResult

CLOSED, TERMINATED = -32_000, 32_600
"""Codes by which the client library says that the connection, or the session, has ended."""
ENDS = (CLOSED, TERMINATED)
REFUSED = (-32_600, -32_601, -32_602)
"""Invalid request, unknown method, invalid arguments: it was not carried out."""
TOLD_CHARS = 2_000
"""Of a tool's own words about its failure."""
LEAST_STATUS, MOST_STATUS = 400, 599


def fault_of_error(code: int) -> ToolFault:
    """The fault of a JSON-RPC error."""
    if code == CLOSED:
        return Unreachable("the server went away before it answered")
    if code == TERMINATED:
        return Unreachable("the server has ended the session", certain=True)
    if code in REFUSED:
        return Rejected(f"the server refused the call ({code})")
    return ServiceError(f"the server answered with error {code}")


def value_of(result: CallToolResult) -> Json:
    """The structured content, or a JSON object in the text, or {"text": ...}.

    Raises `ToolFault` for a result that says of itself that it is an error.
    """
    if result.isError:
        raise _failed(result)
    if result.structuredContent is not None:
        found: Json = result.structuredContent
    else:
        found = _object(_text(result))
    if len(json.dumps(found)) > MOST_RESPONSE_BYTES:
        raise SchemaChanged(f"the answer is longer than {MOST_RESPONSE_BYTES} bytes")
    return found


def _failed(result: CallToolResult) -> ToolFault:
    """The tool says that it failed. Its text is data, kept apart from our own words.

    A structured {"status": 404, "retry_after": 2} is understood as over HTTP; otherwise nothing
    is known of whether something was done.
    """
    told = result.structuredContent or _object(_text(result))
    status, wait = told.get("status"), told.get("retry_after")
    fault: ToolFault = Rejected("the tool answered that it failed", certain=False)
    if isinstance(status, int) and LEAST_STATUS <= status <= MOST_STATUS:
        fault = fault_of(status, float(wait) if isinstance(wait, int | float) else None)
    fault.told = _text(result)[:TOLD_CHARS]
    return fault


def _text(result: CallToolResult) -> str:
    """The texts of the content; images, sounds and links are left out."""
    return "\n".join(block.text for block in result.content if block.type == "text")


def _object(text: str) -> Json:
    try:
        found: Any = json.loads(text)
    except (ValueError, RecursionError):
        return {"text": text}
    if isinstance(found, list):
        return {"items": found}
    return found if isinstance(found, dict) else {"text": text}
