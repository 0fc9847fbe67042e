"""One trace a ticket: acceptance, queue, drive, nodes, minds, tools, attempts, outside service."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import httpx2
import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from typing_extensions import override

from api.settings import Settings
from api.telemetry import exporting, ids, setup
from api.telemetry import spans as tickets
from api.telemetry.minds import traced
from memory.fingerprints import fingerprint
from memory.tables import Message
from tests import desks
from tests.bench import Bench, Opened
from tests.broken import Broken
from tests.graph.minded import ORDER, Knows, Plans
from tests.waiting import LONGEST_SECONDS
from tools.adapters.http import HttpTool

Spans = Callable[[], list[ReadableSpan]]
QUESTION = "How do I reset my password?"
MAIL = "ann@example.com"
LOOK_UP: Any = {
    "id": fingerprint("lookup_order", {"order_id": "A1"}),
    "ask_id": "a1",
    "kind": "tool",
    "tool": "lookup_order",
    "arguments": {"order_id": "A1"},
    "cause": "planned",
}


def named(found: list[ReadableSpan], name: str) -> list[ReadableSpan]:
    """Spans of that name."""
    return [span for span in found if span.name == name]


def above(span: ReadableSpan, found: list[ReadableSpan]) -> list[str]:
    """Names of the spans that it stands in, the nearest first."""
    by_id = {one.context.span_id: one for one in found}
    names = []
    while span.parent is not None and span.parent.span_id in by_id:
        span = by_id[span.parent.span_id]
        names.append(span.name)
    return names


async def test_a_ticket_is_one_trace(bench: Bench, spans: Spans) -> None:
    """Every span has the ticket's trace id, and stands where it belongs."""
    ticket = await bench.accept(QUESTION)
    tickets.accepted(ticket)
    bench.change(minds=traced(bench.runtime.minds))
    await bench.run(ticket)
    found = [span for span in spans() if span.context.trace_id == ids.trace_of(ticket.id)]
    assert len(found) == len(spans())
    [attempt] = named(found, "attempt search_knowledge")
    assert above(attempt, found) == [
        "execute_tool search_knowledge",
        "node gather",
        "invoke_workflow ticket",
        "ticket accepted",
    ]
    [queue] = named(found, "queue")
    assert above(queue, found) == ["ticket accepted"]
    [mind] = named(found, "mind classifier")
    assert above(mind, found)[0] == "node triage"
    nodes = [span.name.removeprefix("node ") for span in found if span.name.startswith("node ")]
    assert nodes == await bench.steps(ticket)


async def test_the_names_are_those_of_the_conventions(bench: Bench, spans: Spans) -> None:
    """GenAI names, so that any tool that knows them can show the trace."""
    ticket = await bench.answer(QUESTION)
    [drive] = named(spans(), "invoke_workflow ticket")
    assert drive.attributes is not None
    assert drive.attributes["gen_ai.operation.name"] == "invoke_workflow"
    assert drive.attributes["gen_ai.agent.name"] == "deskhand"
    assert "gen_ai.workflow.name" not in drive.attributes
    assert drive.attributes["gen_ai.conversation.id"] == ticket.id
    [call] = named(spans(), "execute_tool search_knowledge")
    assert call.attributes is not None
    assert call.attributes["gen_ai.tool.name"] == "search_knowledge"
    assert call.attributes["deskhand.outcome"] == "ok"


async def test_a_resumed_run_is_linked_to_the_one_before(bench: Bench, spans: Spans) -> None:
    """The worker dies in the middle; the next drive points back to it, in the same trace."""
    broken = Broken(bench.runtime.minds.writer, seconds=60, times=1)
    bench.think(writer=broken)
    ticket = await bench.accept(QUESTION)
    await bench.die(ticket, broken)
    await bench.run(ticket)
    first, second = named(spans(), "invoke_workflow ticket")
    assert [link.context.span_id for link in second.links] == [first.context.span_id]
    assert first.context.trace_id == second.context.trace_id
    assert first.attributes is not None
    assert first.attributes["error.type"] == "CancelledError"


async def test_an_error_is_told_by_its_class_alone(bench: Bench, spans: Spans) -> None:
    """Its message may hold a customer's words; waiting for a person is no error."""
    bench.think(classifier=Broken(bench.runtime.minds.classifier, ValueError("Ann's card")))
    await bench.answer(QUESTION)
    [triage] = named(spans(), "node triage")
    assert triage.attributes is not None
    assert triage.attributes["error.type"] == "ValueError"
    assert not triage.events
    [waiting] = named(spans(), "node await_human")
    assert waiting.status.is_ok
    assert "card" not in "".join(span.to_json() for span in spans())


async def test_the_outside_service_gets_the_trace(open_bench: Opened, spans: Spans) -> None:
    """The request of the HTTP adapter names the ticket's trace, and the attempt as its parent."""
    sent: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        sent.append(request.headers["traceparent"])
        return httpx2.Response(200, json={"order_id": "A1", "status": "sent", "email": MAIL})

    async with httpx2.AsyncClient(transport=httpx2.MockTransport(answer)) as client:
        spec = ORDER.model_copy(update={"path": "/orders/{order_id}"})
        async with open_bench(tools=[HttpTool(spec, "http://service", "", client)]) as bench:
            bench.think(classifier=Knows(), planner=Plans([[LOOK_UP]]))
            ticket = await bench.answer("Where is A1?", customer_email=MAIL)
    [attempt] = named(spans(), "attempt lookup_order")
    _, trace_id, span_id, sampled = sent[0].split("-")
    assert trace_id == ids.trace_hex(ticket.id)
    assert span_id == trace.format_span_id(attempt.context.span_id)
    assert sampled == "01"


async def test_the_api_begins_the_trace_and_logs_its_request(
    settings: Settings, spans: Spans, intake: dict[str, str]
) -> None:
    """The ticket's root span links to the request; the request's span has no address in it."""
    async with desks.serving(settings) as client:
        body = {"text": QUESTION}
        answer = await client.post("/v1/tickets", json=body, headers=intake)
        [request] = named(spans(), "POST /v1/tickets")
        await client.post("/v1/tickets?email=ann@example.com", json=body, headers=intake)
    [root] = named(spans(), "ticket accepted")
    assert root.context.trace_id == ids.trace_of(answer.json()["id"])
    assert [link.context.span_id for link in root.links] == [request.context.span_id]
    assert "ann@example.com" not in "".join(span.to_json() for span in spans())
    assert "How do I" not in "".join(span.to_json() for span in spans())


def test_every_process_keeps_the_same_share() -> None:
    """A share of tickets is traced whole; none is traced in part."""
    kept = [ids.seen(ids.trace_of(f"tkt_{n}"), 0.25) for n in range(2_000)]
    assert 0.2 < sum(kept) / len(kept) < 0.3
    assert not ids.seen(ids.trace_of("tkt_1"), 0.0)
    assert ids.seen(ids.trace_of("tkt_1"), 1.0)
    assert ids.trace_of("tkt_1") != ids.trace_of("tkt_2")


CONFIGURED = {
    "nothing": ({}, None, None),
    "ours": ({}, "http://c:4318", "http://c:4318/v1/traces"),
    "whole": ({}, "http://c:4318/v1/traces", "http://c:4318/v1/traces"),
    "standard": ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://d/"}, None, "http://d/v1/traces"),
    "traces": ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://e"}, None, "http://e"),
    "disabled": ({"OTEL_SDK_DISABLED": "true"}, "http://c", None),
    "none": ({"OTEL_TRACES_EXPORTER": "none"}, "http://c", None),
}


@pytest.mark.parametrize("case", CONFIGURED)
def test_traces_go_where_they_are_told(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Our setting, OpenTelemetry's variables, or nowhere."""
    environment, ours, expected = CONFIGURED[case]
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert setup.endpoint_of(ours) == expected


class Stuck(SpanExporter):
    """An exporter that comes back only when it is let go."""

    def __init__(self) -> None:
        self.let_go = threading.Event()
        self.returned = 0

    @override
    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Hang."""
        del spans
        self.let_go.wait(LONGEST_SECONDS)
        self.returned += 1
        return SpanExportResult.FAILURE


def test_an_exporter_that_is_down_holds_nothing_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """More spans than the queue takes are dropped, and the end of the process does not wait."""
    monkeypatch.setattr(setup, "CLOSE_SECONDS", 0.1)
    stuck = Stuck()
    batches = BatchSpanProcessor(stuck, max_queue_size=100, max_export_batch_size=50)
    provider = exporting.provider_for(batches, 1.0, "tests")
    tracer = provider.get_tracer("test")
    for _ in range(2_000):
        tracer.start_span("one").end()
    setup.Tracing(provider).close()
    assert stuck.returned == 0
    stuck.let_go.set()


def test_a_message_is_a_span_of_its_tickets_trace(spans: Spans) -> None:
    """The customer's next message, with no word of it."""
    message = Message(ticket_id="tkt_1", seq=2, turn=2, role="customer", text="My card")
    tickets.written(message, "acme", 1.0, starts_turn=True)
    [span] = spans()
    assert span.context.trace_id == ids.trace_of("tkt_1")
    assert "card" not in span.to_json()


def test_a_bench_without_export_makes_no_wrapped_minds(bench: Bench) -> None:
    """Nothing is wrapped where nothing is exported."""
    assert bench.wiring.tracing is None
    assert replace(bench.runtime).minds is bench.runtime.minds
