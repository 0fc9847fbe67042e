"""The HTTP adapter against a real service that does what it should not."""

from typing import Any

import httpx2
import pytest

from evals.faults.process import FaultyService
from tests.tools.bench import caller_of
from tools.adapters.answers import MOST_RESPONSE_BYTES, fault_of, retry_after
from tools.adapters.http import HttpTool
from tools.contract import ToolSpec
from tools.faults import NotFound, RateLimited, Rejected, SchemaChanged, ServiceError, Unreachable

A1 = {"order_id": "A1"}


def simple(path: str, method: str = "GET", **parts: Any) -> ToolSpec:
    """A spec with whatever arguments."""
    return ToolSpec(name="look", description="x", method=method, path=path, **parts)


async def test_reads(orders: HttpTool) -> None:
    """The path's placeholder is filled in and the object comes back."""
    found = await orders.call(A1, key=None, caller=caller_of())
    assert found["order_id"] == "A1"


@pytest.mark.parametrize(
    ("fault", "raised", "certain"),
    [
        ({"kind": "error", "status": 500}, ServiceError, False),
        ({"kind": "error", "status": 503}, ServiceError, False),
        ({"kind": "error", "status": 408}, ServiceError, False),
        ({"kind": "error", "status": 404}, NotFound, True),
        ({"kind": "error", "status": 401}, Rejected, True),
        ({"kind": "error", "status": 422}, Rejected, True),
        ({"kind": "throttle", "retry_after": 7}, RateLimited, True),
        ({"kind": "redirect"}, Rejected, False),
        ({"kind": "drop"}, Unreachable, False),
        ({"kind": "truncate"}, Unreachable, False),
        ({"kind": "half_json"}, SchemaChanged, False),
        ({"kind": "huge"}, SchemaChanged, False),
    ],
    ids=lambda part: str(part.get("status", part["kind"])) if isinstance(part, dict) else "",
)
async def test_each_misbehaviour_has_its_name(
    service: FaultyService, orders: HttpTool, fault: Any, raised: Any, certain: bool
) -> None:
    """And says whether it is certain that nothing was done."""
    service.plan("orders", fault)
    with pytest.raises(raised) as told:
        await orders.call(A1, key=None, caller=caller_of())
    assert told.value.certain is certain
    assert told.value.retry_after == (7.0 if fault["kind"] == "throttle" else None)
    assert service.calls("orders") == 1


async def test_nobody_there(client: httpx2.AsyncClient) -> None:
    """A refused connection certainly did nothing."""
    tool = HttpTool(simple("/x"), "http://127.0.0.1:9", "", client)
    with pytest.raises(Unreachable) as told:
        await tool.call({}, key=None, caller=caller_of())
    assert told.value.certain


@pytest.mark.parametrize("value", ["../admin", "a/../../b", "x?y=1", "x#y", "//evil.example", "@e"])
async def test_arguments_cannot_change_the_path_or_host(
    service: FaultyService, orders: HttpTool, value: Any
) -> None:
    """Whatever a customer wrote is one segment of the path."""
    try:
        found = await orders.call({"order_id": value}, key=None, caller=caller_of())
        assert found["order_id"] == value
    except NotFound:
        assert service.calls("orders") == 1  # an encoded slash that the router takes apart


@pytest.mark.parametrize("value", ["", ".", ".."])
async def test_dots_do_not_climb(service: FaultyService, orders: HttpTool, value: Any) -> None:
    """A segment that means another folder is refused before it leaves."""
    with pytest.raises(Rejected):
        await orders.call({"order_id": value}, key=None, caller=caller_of())
    assert service.calls("orders") == 0


async def test_the_token_the_key_and_the_body_travel(client: httpx2.AsyncClient) -> None:
    """A write sends JSON with its Idempotency-Key; a read puts the rest into the query."""
    seen = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return httpx2.Response(200, json=[1, 2])

    mock = httpx2.AsyncClient(transport=httpx2.MockTransport(answer))
    fields = {"a": {"type": "string"}, "b": {"type": "integer"}}
    write = HttpTool(simple("/x/{a}", "POST", arguments=fields), "http://shop/v1/", "t0k", mock)
    read = HttpTool(simple("/x/{a}", arguments=fields), "http://shop/v1", "", mock)
    result = await write.call({"a": "1 2", "b": 3}, key="k1", caller=caller_of())
    await read.call({"a": "1", "b": 3}, key=None, caller=caller_of())
    assert result == {"items": [1, 2]}
    assert str(seen[0].url) == "http://shop/v1/x/1%202"
    assert (seen[0].headers["authorization"], seen[0].headers["idempotency-key"]) == (
        "Bearer t0k",
        "k1",
    )
    assert seen[0].content == b'{"b":3}'
    assert str(seen[1].url) == "http://shop/v1/x/1?b=3"
    assert "authorization" not in seen[1].headers
    await mock.aclose()


@pytest.mark.parametrize(
    ("body", "words"),
    [(b'"text"', "neither"), (b"NaN", "not valid"), (b"<html>", "not valid"), (b"[" * 9999, "not")],
)
async def test_what_is_no_json_object(body: Any, words: Any) -> None:
    """Each is a changed schema, and none of it is quoted."""
    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, content=body))
    async with httpx2.AsyncClient(transport=transport) as mock:
        tool = HttpTool(simple("/x"), "http://shop", "", mock)
        with pytest.raises(SchemaChanged, match=words):
            await tool.call({}, key=None, caller=caller_of())


async def test_a_packed_answer_is_not_unpacked() -> None:
    """We asked for plain text; what unpacks itself could grow beyond any bound."""
    import gzip

    packed = gzip.compress(b'{"a":"' + b"x" * (MOST_RESPONSE_BYTES * 3) + b'"}')
    headers = {"content-encoding": "gzip"}
    transport = httpx2.MockTransport(
        lambda _: httpx2.Response(200, content=packed, headers=headers)
    )
    async with httpx2.AsyncClient(transport=transport) as mock:
        tool = HttpTool(simple("/x"), "http://shop", "", mock)
        with pytest.raises(SchemaChanged, match="compressed"):
            await tool.call({}, key=None, caller=caller_of())


async def test_reconciling_asks_by_key(service: FaultyService, refund: HttpTool) -> None:
    """What was performed comes back; what was not is None."""
    assert await refund.reconcile("k1") is None
    made = await refund.call({"invoice": "I1", "amount": 3}, key="k1", caller=caller_of())
    assert await refund.reconcile("k1") == made


async def test_a_service_that_cannot_tell(service: FaultyService, refund: HttpTool) -> None:
    """An error on asking is no answer at all."""
    service.plan("effects", {"kind": "error", "status": 500})
    with pytest.raises(ServiceError):
        await refund.reconcile("k1")


FAR = "Fri, 27 Nov 99999999999 00:00:00 GMT"
"""A date that no clock can hold."""


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("3", 3.0),
        ("0.5", 0.5),
        ("soon", None),
        ("-1", None),
        ("9" * 400, None),
        (FAR, None),
    ],
)
def test_retry_after_in_seconds(header: Any, seconds: Any) -> None:
    """Numbers only; anything else is as if nothing was said."""
    assert retry_after(header) == seconds


def test_retry_after_as_a_date() -> None:
    """A date in the past means now."""
    assert retry_after("Wed, 21 Oct 2015 07:28:00 GMT") == 0.0
    assert (retry_after("Wed, 21 Oct 2199 07:28:00 GMT") or 0) > 1_000


def test_a_busy_service_may_ask_for_time() -> None:
    """503 carries Retry-After too."""
    assert fault_of(503, 2.0).retry_after == 2.0
