"""The real adapters against the misbehaving service, beside their twins."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx2
import pytest

from evals.faults.process import FaultyService
from evals.faults.specs import specs_for
from tests.tools.bench import refund_spec
from tools.adapters.http import HttpTool, open_client
from tools.adapters.mcp.clients import McpClients
from tools.adapters.mcp.tool import McpTool
from tools.contract import Tool, ToolSpec

ORDER = {
    "type": "object",
    "required": ["order_id", "email", "status", "quantity"],
    "properties": {"order_id": {"type": "string"}, "quantity": {"type": "integer"}},
}


@pytest.fixture
async def client() -> AsyncIterator[Any]:
    """The process's client."""
    async with open_client() as opened:
        yield opened


@pytest.fixture
def orders(service: FaultyService, client: httpx2.AsyncClient) -> HttpTool:
    """A read over HTTP."""
    spec = ToolSpec(
        name="lookup_order",
        description="An order.",
        arguments={"order_id": {"type": "string"}},
        returns=ORDER,
        service="shop",
        path="/orders/{order_id}",
        timeout_seconds=0.5,
        retry={"first_wait_seconds": 0.01},
    )
    return HttpTool(spec, service.base_url, "", client)


@pytest.fixture
def refund(service: FaultyService, client: httpx2.AsyncClient) -> HttpTool:
    """A write over HTTP that the service does once for its key."""
    return HttpTool(refund_spec("/refunds"), service.base_url, "", client)


@pytest.fixture
def unkeyed(service: FaultyService, client: httpx2.AsyncClient) -> HttpTool:
    """A write that is done each time it is asked for, and cannot be asked about."""
    return HttpTool(
        refund_spec("/unkeyed/refunds", honours_key=False), service.base_url, "", client
    )


Declare = Callable[[str, str], Tool]
"""Takes a way to reach the service and the name of a tool."""


@pytest.fixture
async def declared(service: FaultyService, client: httpx2.AsyncClient) -> AsyncIterator[Declare]:
    """Tools of the misbehaving service, declared in each way in which a desk can declare them."""
    sessions = McpClients()

    def tool(via: Any, name: str) -> Tool:
        known, specs = specs_for(service.base_url, via)
        spec = next(one for one in specs if one.name == name)
        if known.mcp is None:
            return HttpTool(spec, known.base_url, "", client)
        return McpTool(spec, sessions.of("acme", "office", known.mcp, ""))

    yield tool
    await sessions.close()
