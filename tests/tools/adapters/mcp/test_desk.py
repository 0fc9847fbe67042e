"""A desk that names operations of an MCP server."""

from pathlib import Path

import pytest

from evals.faults.process import FaultyService
from graph.desk.file import load_desk
from graph.desk.problems import DeskInvalid

DESK = """
tenant: acme
company: Acme
services:
  office:
    mcp: {mcp}
tools:
  - name: lookup_order
    service: office
    operation: {operation}
    effect: read
intents:
  - {{name: orders, examples: [where is it, my order], tools: [lookup_order]}}
"""


def test_a_desk_names_operations_and_the_server_says_the_rest(
    tmp_path: Path, service: FaultyService
) -> None:
    """Arguments, result, description and digest come from its list."""
    desk = tmp_path / "desk.yaml"
    desk.write_text(DESK.format(mcp=f"{{url: {service.base_url}/mcp}}", operation="orders"))
    tool = load_desk(desk).tool("lookup_order")
    assert tool is not None
    assert tool.arguments == {"order_id": {"type": "string"}}
    assert tool.returns["required"] == ["order_id", "email", "status", "quantity"]
    assert tool.schema_digest is not None
    assert tool.description == "orders of the office."


@pytest.mark.parametrize(
    ("mcp", "operation", "words"),
    [
        ("{url: URL/mcp}", "nothing", "there are: effects, orders, refunds, unkeyed"),
        ("{url: 'http://127.0.0.1:9/mcp'}", "orders", "cannot be used"),
        ("{command: /no/such/program}", "orders", "cannot be used"),
        ("{url: 'ftp://x'}", "orders", r"use http\(s\)"),
        ("{}", "orders", "either `command`"),
        ("{url: URL/mcp, args: [x]}", "orders", "belong to a `command`"),
    ],
)
def test_a_server_that_cannot_be_used_is_told_at_its_line(
    tmp_path: Path, service: FaultyService, mcp: str, operation: str, words: str
) -> None:
    """Before a worker starts."""
    desk = tmp_path / "desk.yaml"
    desk.write_text(DESK.format(mcp=mcp.replace("URL", service.base_url), operation=operation))
    with pytest.raises(DeskInvalid, match=words):
        load_desk(desk)


def test_a_tool_of_an_mcp_server_needs_its_operation(tmp_path: Path) -> None:
    """And such a server can be neither a model nor a place for replies."""
    desk = tmp_path / "desk.yaml"
    text = DESK.format(mcp="{command: x}", operation="orders").replace(
        "operation: orders", "path: /x"
    )
    desk.write_text(text.replace("effect: read", "description: x"))
    with pytest.raises(DeskInvalid, match="name its `operation`"):
        load_desk(desk)
