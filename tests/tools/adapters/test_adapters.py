"""Every adapter and its twin keep the same contract."""

import asyncio
from dataclasses import replace
from typing import Any

import httpx2
import pytest
from typing_extensions import override

from evals.faults.process import FaultyService
from memory.knowledge.contract import Hit
from memory.knowledge.index import IndexUnavailable
from memory.storage.errors import StorageUnavailable
from tests.tools.adapters.conftest import Declare
from tests.tools.bench import caller_of
from tests.waiting import LONGEST_SECONDS, until
from tools.adapters.delivery import DeliverReply, HttpPost, Notify, Outbox, Post
from tools.adapters.fakes import ListedKnowledge, ListedPost, ScriptedTool, table_tool
from tools.adapters.http import Endpoint, HttpTool
from tools.adapters.knowledge import SearchKnowledge
from tools.checks.schema import Shape
from tools.contract import Tool
from tools.faults import NotFound, RateLimited, Rejected, ServiceError, Unreachable

HIT = Hit("c1", "d1", "Returns", "Returns > How", "Send it back.", None, 0.9, {"dense": 0.8})


VIAS = ["http", "openapi", "mcp stdio", "mcp http"]
"""Every way in which a declared tool can reach its service."""


@pytest.fixture(params=[*VIAS, "fake"])
def reader(request: pytest.FixtureRequest, orders: HttpTool) -> Any:
    """A read tool."""
    if request.param != "fake":
        return request.getfixturevalue("declared")(request.param, "lookup_order")
    rows = {"A1": {"order_id": "A1", "email": "ada@example.com", "status": "sent", "quantity": 2}}
    return table_tool(orders.spec, "order_id", rows)


@pytest.fixture(params=[*VIAS, "fake"])
def writer(request: pytest.FixtureRequest, refund: HttpTool) -> Any:
    """A write tool that honours keys."""
    if request.param != "fake":
        return request.getfixturevalue("declared")(request.param, "refund")
    return ScriptedTool(refund.spec, lambda arguments: {"id": "R1", **arguments})


@pytest.fixture(params=["http", "outbox", "fake"])
def post(request: pytest.FixtureRequest, service: FaultyService, client: httpx2.AsyncClient) -> Any:
    """A way for messages to leave."""
    endpoint = Endpoint(service.base_url, "", client)
    ways = {"http": HttpPost(endpoint, "/replies"), "outbox": Outbox(), "fake": ListedPost()}
    return ways[request.param]


async def test_a_read_finds_or_says_that_there_is_nothing(reader: Tool) -> None:
    """The result fits the declaration; what is missing is NotFound."""
    found = await reader.call({"order_id": "A1"}, key=None, caller=caller_of())
    assert Shape(reader.spec.returns).faults(found) == []
    with pytest.raises(NotFound):
        await reader.call({"order_id": "missing"}, key=None, caller=caller_of())


async def test_a_read_has_no_effect_to_reconcile(reader: Tool) -> None:
    """Nothing was done under any key."""
    assert await reader.reconcile("k1") is None


@pytest.mark.parametrize("via", VIAS)
async def test_a_call_that_hangs_is_cancelled_and_the_tool_goes_on(
    service: FaultyService, declared: Declare, via: str
) -> None:
    """Whatever is on the other side; the next call is answered before the first could be."""
    tool, caller = declared(via, "lookup_order"), caller_of()
    await tool.call({"order_id": "A1"}, key=None, caller=caller)
    service.plan("orders", {"kind": "hang", "seconds": 2 * LONGEST_SECONDS})
    hung = asyncio.create_task(tool.call({"order_id": "A2"}, key=None, caller=caller))
    await until(lambda: service.calls("orders") == 2)  # or the next one would meet the fault
    hung.cancel()
    with pytest.raises(asyncio.CancelledError):
        await hung
    async with asyncio.timeout(LONGEST_SECONDS):
        found = await tool.call({"order_id": "A3"}, key=None, caller=caller)
    assert found["order_id"] == "A3"


@pytest.mark.parametrize("via", VIAS)
@pytest.mark.parametrize(
    ("fault", "raised"),
    [
        ({"kind": "error", "status": 500}, ServiceError),
        ({"kind": "error", "status": 422}, Rejected),
        ({"kind": "throttle", "retry_after": 7}, RateLimited),
        ({"kind": "drop"}, Unreachable),
        ({"kind": "redirect"}, Rejected),
    ],
    ids=lambda part: part["kind"] if isinstance(part, dict) else "",
)
async def test_each_misbehaviour_has_the_same_name(
    service: FaultyService, declared: Declare, via: str, fault: Any, raised: Any
) -> None:
    """And a Retry-After arrives where there is one."""
    tool = declared(via, "lookup_order")
    service.plan("orders", fault)
    with pytest.raises(raised) as told:
        await tool.call({"order_id": "A1"}, key=None, caller=caller_of())
    assert told.value.retry_after == fault.get("retry_after")


async def test_a_write_is_done_once_for_its_key(writer: Tool) -> None:
    """Equal key, equal result; and it can be asked for."""
    arguments, caller = {"order_id": "A1"}, caller_of()
    first = await writer.call(arguments, key="k1", caller=caller)
    again = await writer.call(arguments, key="k1", caller=caller)
    other = await writer.call(arguments, key="k2", caller=caller)
    assert first == again
    assert await writer.reconcile("k1") == first
    assert await writer.reconcile("k2") == other
    assert await writer.reconcile("k3") is None


async def test_a_call_can_be_cancelled(service: FaultyService, orders: HttpTool) -> None:
    """The adapter lets go at once."""
    service.plan("orders", {"kind": "hang", "seconds": 2})
    slow = ScriptedTool(orders.spec, lambda _: {}, seconds=60)
    for tool in (orders, slow):
        call = tool.call({"order_id": "A1"}, key=None, caller=caller_of())
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await call


async def test_messages_leave_once_for_their_key(post: Post) -> None:
    """A reply that is sent again is the same reply, and can be asked for."""
    tool, caller = DeliverReply(post), caller_of()
    arguments = {"kind": "reply", "text": "Hello.", "citations": []}
    assert Shape(tool.spec.schema_of_arguments).faults(arguments) == []
    first = await tool.call(arguments, key="k1", caller=caller)
    assert await tool.call(arguments, key="k1", caller=caller) == first
    assert await tool.reconcile("k1") == first


async def test_a_message_that_was_not_sent(
    service: FaultyService, client: httpx2.AsyncClient
) -> None:
    """Only the outbox, which sends nothing, has always sent it."""
    for post in (HttpPost(Endpoint(service.base_url, "", client), "/replies"), ListedPost()):
        assert await Notify(post).reconcile("k1") is None
    assert await Notify(Outbox()).reconcile("k1") == {"channel": "status_url"}


async def test_the_body_of_a_message(service: FaultyService, client: httpx2.AsyncClient) -> None:
    """Ticket and turn come from the caller, the rest from the arguments."""
    post = HttpPost(Endpoint(service.base_url, "", client), "/replies")
    source = {"source": "d1", "title": "Returns", "kind": "article"}
    arguments = {"kind": "clarification", "text": "Which order?", "citations": [source]}
    await DeliverReply(post).call(arguments, key="k1", caller=caller_of())
    await Notify(post).call({"text": "A person will."}, key="k2", caller=caller_of())
    first, second = (one["result"] for one in service.stats()["performed"])
    assert {k: v for k, v in first.items() if k != "id"} == {
        "ticket_id": "t1",
        "turn": 1,
        **arguments,
    }
    assert (second["kind"], second["text"], second["citations"]) == ("notice", "A person will.", [])


async def test_the_search_gives_plain_json() -> None:
    """Hits with all their fields, as many as asked for, and what else there is of the first's article."""
    others = [replace(HIT, doc_id=f"d{number}") for number in range(2, 13)]
    base = ListedKnowledge([HIT, *others, HIT])
    tool = SearchKnowledge(base, "acme")
    found = await tool.call({"query": "return", "limit": 2}, key=None, caller=caller_of())
    assert [one["doc_id"] for one in found["hits"]] == ["d1", "d2", "d1"]
    assert found["hits"][0]["features"] == {"dense": 0.8}
    assert Shape(tool.spec.returns).faults(found) == []
    assert len((await tool.call({"query": "x"}, key=None, caller=caller_of()))["hits"]) == 9


async def test_an_empty_base_is_no_fault() -> None:
    """Nothing found is a result."""
    tool = SearchKnowledge(ListedKnowledge(), "acme")
    assert await tool.call({"query": "x"}, key=None, caller=caller_of()) == {"hits": []}


async def test_a_question_in_another_language_is_searched_apart() -> None:
    """By the search for such questions; without one nothing is found."""
    base, foreign = ListedKnowledge([HIT]), ListedKnowledge([replace(HIT, doc_id="nearest")])
    asked = {"query": "Wie geht das?", "language": "de"}
    both = SearchKnowledge(base, "acme", foreign)
    found = await both.call(asked, key=None, caller=caller_of())
    assert [one["doc_id"] for one in found["hits"]] == ["nearest"]
    assert Shape(both.spec.returns).faults(found) == []
    alone = SearchKnowledge(base, "acme")
    assert await alone.call(asked, key=None, caller=caller_of()) == {"hits": []}


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (IndexUnavailable("the vectors cannot be reached"), ServiceError),
        (StorageUnavailable("the database stayed locked"), StorageUnavailable),
    ],
    ids=["index", "ledger"],
)
async def test_a_base_that_cannot_be_read_is_a_service_error(
    error: Exception, told: type[Exception]
) -> None:
    """The gateway may try it again; but for the ledger itself everything waits."""

    class Broken(ListedKnowledge):
        @override
        async def search(
            self, tenant: str, query: str, limit: int, among: str | None = None
        ) -> list[Hit]:
            raise error

    with pytest.raises(told):
        await SearchKnowledge(Broken(), "acme").call({"query": "x"}, key=None, caller=caller_of())
