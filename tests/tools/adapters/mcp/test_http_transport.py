"""The HTTP under an MCP session: bounded, at home, and never without an answer."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from typing_extensions import override

from tools.adapters.answers import MOST_RESPONSE_BYTES
from tools.adapters.mcp.declared import KEY
from tools.adapters.mcp.http_transport import MOST_FAULTS, HttpTransport
from tools.faults import RateLimited, Rejected, SchemaChanged, ServiceError, ToolFault, Unreachable

URL = "http://office.example/mcp"
ASK: dict[str, Any] = {"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": {}}
GOOD = {"jsonrpc": "2.0", "id": 7, "result": {"ok": True}}


class Pieces(httpx.AsyncByteStream):
    """A body in pieces, the last of which may be an error."""

    def __init__(self, *pieces: bytes | Exception) -> None:
        self.pieces = pieces
        self.closed = False

    @override
    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self.pieces:
            if isinstance(piece, Exception):
                raise piece
            yield piece

    @override
    async def aclose(self) -> None:
        """Remember it."""
        self.closed = True


class Far(httpx.AsyncBaseTransport):
    """The other side."""

    def __init__(self, answer: httpx.Response | Exception) -> None:
        self.answer = answer
        self.requests: list[httpx.Request] = []

    @override
    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Give what was planned."""
        self.requests.append(request)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def replied(body: Any = GOOD, status: int = 200, *headers: tuple[str, str]) -> httpx.Response:
    """An answer in JSON."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    sent = [("content-type", "application/json"), *headers]
    return httpx.Response(status, headers=sent, stream=Pieces(raw))


def events(*pieces: bytes | Exception) -> httpx.Response:
    """An answer in events."""
    return httpx.Response(
        200, headers={"content-type": "text/event-stream"}, stream=Pieces(*pieces)
    )


async def asked(
    far: Far, message: dict[str, Any] | None = None, url: str = URL
) -> tuple[HttpTransport, bytes]:
    """What the library reads after one request."""
    wire = HttpTransport(URL, far)
    answer = await wire.handle_async_request(httpx.Request("POST", url, json=message or ASK))
    return wire, b"".join([chunk async for chunk in answer.aiter_bytes()])


async def test_a_good_answer_passes() -> None:
    """As it is."""
    wire, raw = await asked(Far(replied()))
    assert json.loads(raw) == GOOD
    assert wire.fault(7) is None


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (replied(status=500), ServiceError),
        (replied(status=401), Rejected),
        (replied(GOOD, 307, ("location", "http://evil.example/")), Rejected),
        (replied(GOOD, 429, ("retry-after", "3")), RateLimited),
        (replied(b"{"), SchemaChanged),
        (replied({"jsonrpc": "2.0", "id": 8, "result": {}}), SchemaChanged),
        (replied({"jsonrpc": "2.0", "id": 7}), SchemaChanged),
        (replied(b"x" * (MOST_RESPONSE_BYTES + 1)), SchemaChanged),
        (replied(GOOD, 200, ("content-encoding", "gzip")), SchemaChanged),
        (httpx.ConnectError("no"), Unreachable),
        (httpx.ReadError("no"), Unreachable),
    ],
)
async def test_a_failure_is_an_answer_and_its_fault_is_kept(
    answer: httpx.Response | Exception, fault: type[ToolFault]
) -> None:
    """One request fails and not the session; the fault is given once."""
    wire, raw = await asked(Far(answer))
    assert json.loads(raw)["id"] == 7
    assert "error" in json.loads(raw)
    kept = wire.fault(7)
    assert isinstance(kept, fault)
    assert wire.fault(7) is None
    if isinstance(answer, httpx.ConnectError):
        assert kept.certain
    if isinstance(kept, RateLimited):
        assert kept.retry_after == 3.0


@pytest.mark.parametrize(
    "pieces",
    [(b"data: {",), (b"data: {", httpx.ReadError("no")), (b"x" * (MOST_RESPONSE_BYTES + 1),), ()],
)
async def test_events_that_break_off_end_with_an_answer(pieces: Any) -> None:
    """So that nobody waits for one that will not come."""
    wire, raw = await asked(Far(events(*pieces)))
    last = raw.decode().rstrip().rsplit("data: ", 1)[1]
    assert json.loads(last)["id"] == 7
    assert isinstance(wire.fault(7), Unreachable | SchemaChanged)


async def test_no_call_leaves_the_host() -> None:
    """Whatever the library is told."""
    far = Far(replied())
    with pytest.raises(httpx.UnsupportedProtocol):
        await asked(far, url="http://evil.example/mcp")
    assert far.requests == []


async def test_a_key_and_a_trace_travel_as_headers_too() -> None:
    """For those on the way who do not look into messages."""
    far = Far(replied())
    meta = {KEY: "dh-1", "traceparent": "00-1-2-01", "other": "x"}
    await asked(far, {**ASK, "params": {"_meta": meta}})
    sent = far.requests[0].headers
    assert (sent["idempotency-key"], sent["traceparent"]) == ("dh-1", "00-1-2-01")
    assert "other" not in sent


async def test_a_lost_message_without_an_answer_does_no_harm() -> None:
    """The next request will say what is wrong."""
    wire = HttpTransport(URL, Far(httpx.ConnectError("no")))
    told = {"jsonrpc": "2.0", "method": "notifications/initialized"}
    answer = await wire.handle_async_request(httpx.Request("POST", URL, json=told))
    assert answer.status_code == 202


async def test_the_faults_of_callers_who_went_away_are_bounded() -> None:
    """The oldest are forgotten."""
    wire = HttpTransport(URL, Far(replied()))
    for number in range(MOST_FAULTS + 5):
        wire.instead(number, Unreachable("gone"))
    assert wire.fault(0) is None
    assert wire.fault(MOST_FAULTS + 4) is not None
