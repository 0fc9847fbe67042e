"""A recorded trace goes on at the other side; without one nothing is sent."""

import httpx2
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider

from tests.tools.bench import caller_of
from tools.adapters.http import HttpTool
from tools.adapters.mcp.tool import meta_of
from tools.contract import ToolSpec

SPEC = ToolSpec(name="look", description="x", path="/x")


async def headers_of() -> httpx2.Headers:
    """What a call sends."""
    seen: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return httpx2.Response(200, json={})

    async with httpx2.AsyncClient(transport=httpx2.MockTransport(answer)) as client:
        tool = HttpTool(SPEC, "http://shop.example", "", client)
        await tool.call({}, key=None, caller=caller_of())
    return seen[0].headers


async def test_without_a_trace_nothing_is_sent() -> None:
    """No made-up one either."""
    assert "traceparent" not in await headers_of()
    assert meta_of(None) == {}


async def test_a_recorded_span_is_the_parent() -> None:
    """Over HTTP in a header, over MCP beside the arguments."""
    tracer = TracerProvider().get_tracer("test")
    with trace.use_span(tracer.start_span("call")) as span:
        wanted = f"{span.get_span_context().trace_id:032x}"
        assert wanted in (await headers_of())["traceparent"]
        assert wanted in meta_of("k1")["traceparent"]
