"""What a running worker holds of a desk."""

from graph.desk.model import Service
from graph.minds.scripted import scripted_minds
from memory.journal.codes import Cause, ErrorKind
from tests.bench import TENANT, Bench, desk_of
from tools.contract import CallContext, ToolCall, ToolSpec
from tools.gateway import ToolGateway


async def test_what_is_taken_from_an_intent_is_refused_to_a_run_under_way(bench: Bench) -> None:
    """The run keeps the desk that it began with, but not the right to use the tool."""
    tool = ToolSpec(name="look", description="Looks.", service="office", path="/look")
    office = {"office": Service(base_url="http://127.0.0.1:9")}
    former = desk_of([tool], services=office)
    gateway = bench.wiring.builder(lambda *_: scripted_minds()).build(former).gateway
    assert isinstance(gateway, ToolGateway)
    bench.change(desk=former)
    call: ToolCall = {"tool": "look", "arguments": {}, "step_id": "1", "cause": Cause.PLANNED}
    caller: CallContext = {
        "tenant": TENANT,
        "ticket_id": "1",
        "turn": 1,
        "epoch": 1,
        "intent": "orders",
        "customer": None,
        "approved": [],
    }
    assert gateway.vet(call, caller) is None
    less = former.intents[0].model_copy(update={"tools": ()})
    bench.change(desk=former.model_copy(update={"intents": (less,)}))
    refused = gateway.vet(call, caller)
    assert refused is not None
    assert refused["kind"] == ErrorKind.NOT_PERMITTED
