"""Marked personal data goes through everything; logs, journal, metrics and traces hold none."""

import io
import json
import logging
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import httpx2
import pytest
import structlog
from opentelemetry.sdk.trace import ReadableSpan

from api.explain.answers import About, answer
from api.explain.sentences import sentence
from api.telemetry import logs
from api.telemetry.minds import traced
from graph.minds.local.build import local_minds
from graph.minds.local.confidence.assessor import LocalAssessor
from graph.minds.local.planning.arguments import step_of
from memory.encoder.encoder import HashEncoder
from tests import desks
from tests.bench import Bench, opened
from tests.broken import Broken
from tests.graph.minded import ORDER, REFUND, Knows, Plans
from tools.adapters.fakes import ScriptedTool
from tools.adapters.http import HttpTool
from tools.contract import ToolSpec

NAME, PERSON = "Zebulon Quarkwright", "Ottoline Fizzlewick"
EMAIL, PHONE = "zebulon@quarkwright.example", "+44 7700 900982"
CARD, IBAN = "4556 7375 8689 9855", "DE89 3704 0044 0532 0130 00"
STREET = "17 Larkspur Crescent"
MARKS = (*NAME.split(), *PERSON.split(), EMAIL, "quarkwright.example", PHONE, "900982")
MARKED = (*MARKS, CARD, "8689 9855", "4556737586899855", IBAN, "DE89370400440532013000", STREET)
TEXT = (
    f"Hello, this is {NAME}, {STREET}, call {PHONE}. Where is my order? Card {CARD}, IBAN {IBAN}."
    f" Write to {EMAIL}."
)
FAILING = ToolSpec(
    name="lookup_parcel",
    description="A parcel.",
    arguments={"order_id": {"type": "string"}},
    path="/parcels/{order_id}",
)
Spans = Callable[[], list[ReadableSpan]]


def held(where: str, text: str) -> list[str]:
    """Marks that stand in a text, with the place."""
    return [f"{where}: {mark}" for mark in MARKED if mark.casefold() in text.casefold()]


def crashing(request: httpx2.Request) -> httpx2.Response:
    """A service that repeats what it knows of a customer in its error."""
    return httpx2.Response(500, json={"detail": f"no parcel for {NAME}, {EMAIL}, {CARD}"})


def tools() -> list[Any]:
    """One that answers with personal data, one that fails with it, one that breaks with it."""
    order = {"order_id": "A1", "status": f"sent to {NAME}, {STREET}", "email": EMAIL}
    client = httpx2.AsyncClient(transport=httpx2.MockTransport(crashing))
    failing = HttpTool(FAILING, "http://service", "", client)

    def broken(_arguments: dict[str, Any]) -> dict[str, Any]:
        raise ValueError(f"cannot pay {NAME} to {IBAN}")

    return [ScriptedTool(ORDER, lambda _a: order), failing, ScriptedTool(REFUND, broken)]


def step(tool: str, kind: Any) -> Any:
    """A step of the plan, whose argument is personal data, too."""
    ask: Any = {"id": "a1"}
    return step_of(ask, kind, tool, {"order_id": EMAIL}, "planned")


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """All that is logged, as it is logged in production."""
    kept, stream = (logging.root.handlers[:], sys.stderr), io.StringIO()
    sys.stderr = stream
    logs.configure(logging.DEBUG)
    logging.root.setLevel(logging.INFO)
    yield stream
    sys.stderr = kept[1]
    logging.root.handlers[:] = kept[0]
    logging.root.setLevel(logging.WARNING)
    structlog.reset_defaults()


async def everything(bench: Bench) -> None:
    """Tickets through the API; tools that answer, fail and break; every decision of a person."""
    settings = bench.wiring.settings
    key = await desks.new_key(settings, "shop", ["intake", "agent"])
    customer = {"email": EMAIL, "name": NAME}
    body = {"subject": f"{NAME}: {CARD}", "text": TEXT, "customer": customer}
    async with desks.serving(settings) as client:
        for _ in range(5):
            posted = await client.post("/v1/tickets", json=body, headers=key)
            assert posted.status_code == 202
            ticket = await bench.ticket(str(posted.json()["id"]))
            await bench.run(ticket)
            more = {"text": f"It is still {NAME}. {TEXT}"}
            await client.post(f"/v1/tickets/{ticket.id}/messages", json=more, headers=key)
            await client.get("/v1/tickets", params={"before": EMAIL}, headers=key)
            await client.post("/v1/tickets", json={**body, "nope": NAME}, headers=key)


async def test_nothing_personal_leaves_by_logs_journal_metrics_or_traces(
    tmp_path: Path, template: Path, spans: Spans, written: io.StringIO
) -> None:
    """Names, street, phone, card, IBAN and address, in every text there is and in every error."""
    async with opened(tmp_path / "home", template, tools=tools()) as bench:
        await journeys(bench)
        found = [*held("log", written.getvalue()), *held("trace", traces(spans()))]
        found += held("journal", await journals(bench))
        found += held("metrics", await metrics(bench))
    assert found == []
    assert "request" in written.getvalue()
    assert "execute_tool lookup_order" in traces(spans())


async def journeys(bench: Bench) -> None:
    """All kinds of minds and endings."""
    specs = ("lookup_order", "tool"), ("lookup_parcel", "tool"), ("refund", "action")
    planner = Plans([[step(name, kind)] for name, kind in specs])
    scripted = bench.runtime.minds
    bench.think(classifier=Knows(), planner=planner)
    await everything(bench)
    for name, kind in specs:
        bench.think(planner=Plans([[step(name, kind)]]))
        await decided(bench)
    bench.think(classifier=Broken(Knows(), ValueError(f"{NAME} {EMAIL}")))
    await everything(bench)
    local = local_minds(bench.runtime.desk, HashEncoder(), LocalAssessor(HashEncoder()))
    bench.change(minds=traced(replace(local, judge=scripted.judge)))
    await everything(bench)
    await decided(bench)


async def decided(bench: Bench) -> None:
    """A person whose name, guidance and reply are personal data, too."""
    ticket = await bench.answer(TEXT, customer_email=EMAIL, customer_name=NAME)
    if (await bench.ticket(ticket)).status != "waiting":
        return
    await bench.settled_by(ticket, "return", guidance=f"{PERSON}: call {NAME} at {PHONE}")
    if (await bench.ticket(ticket)).status == "waiting":
        actions = [one["fingerprint"] for one in (await bench.handoff(ticket)).story["actions"]]
        await bench.settled_by(ticket, "reply", text=f"Dear {NAME}, {PERSON}", actions=actions)
    if (await bench.ticket(ticket)).status == "waiting":
        await bench.settled_by(ticket, "close")


def traces(found: list[ReadableSpan]) -> str:
    """Every span as it would be exported."""
    return "\n".join(span.to_json() for span in found)


async def journals(bench: Bench) -> str:
    """Every row, every sentence of it, and every answer computed from it."""
    from sqlmodel import select

    from memory.journal import codec
    from memory.tables import JournalRow

    async with bench.wiring.database.reading() as session:
        rows = list((await session.exec(select(JournalRow))).all())
    assert len(rows) > 100
    said = [sentence(codec.event(row)) for row in rows]
    told = [json.dumps(row.model_dump(mode="json")) for row in rows]
    for ticket in {row.ticket_id for row in rows}:
        own = [codec.record(row) for row in rows if row.ticket_id == ticket]
        said += [line for about in get_args(About) for line in answer(own, about).sentences]
    return "\n".join([*told, *said])


async def metrics(bench: Bench) -> str:
    """What a Prometheus server would read."""
    from api.telemetry.exposition import exposed
    from api.telemetry.meter import Meter

    async def none(_tenant: str) -> None:
        return None

    meter = Meter(bench.wiring.database, bench.wiring.settings.home, none)
    return exposed(await meter.read()).decode()


LIBRARIES = {
    "arguments": ("no row for %s", (EMAIL,), "no row for %s"),
    "quoted": (f"bad value '{NAME}' in {{'a': '{CARD}'}}", (), "bad value …"),
    "address": (f"failed for {EMAIL}", (), "failed for [email]"),
}


@pytest.mark.parametrize("case", LIBRARIES)
def test_a_librarys_line_loses_what_it_quotes(case: str, written: io.StringIO) -> None:
    """Its place and kind stay."""
    message, given, expected = LIBRARIES[case]
    logging.getLogger("dbos").error(message, *given)
    line = json.loads(written.getvalue())
    assert line["event"].startswith(expected)
    assert line["logger"] == "dbos"
    assert held("log", written.getvalue()) == []


def test_an_exception_is_logged_by_class_and_place(written: io.StringIO) -> None:
    """Ours and a library's alike."""
    for log in (structlog.get_logger(), logging.getLogger("langgraph")):
        try:
            int(f"{NAME} at {EMAIL}")
        except ValueError:
            log.exception("it broke")
    for text in written.getvalue().splitlines():
        line = json.loads(text)
        assert line["error"] == "ValueError"
        assert line["where"][-1].endswith("test_an_exception_is_logged_by_class_and_place")
    assert held("log", written.getvalue()) == []


async def test_a_line_about_a_ticket_names_it_and_its_trace(
    bench: Bench, written: io.StringIO
) -> None:
    """Whatever is logged while a ticket is driven, by whomever."""
    from api.telemetry.ids import trace_hex

    class Says:
        async def classify(self, text: str) -> Any:
            logging.getLogger("library").warning("slow")
            return await Knows().classify(text)

    bench.think(classifier=Says())
    ticket = await bench.answer("How do I reset my password?")
    [line] = [json.loads(one) for one in written.getvalue().splitlines() if '"slow"' in one]
    assert (line["ticket"], line["tenant"], line["turn"]) == (ticket.id, "acme", 1)
    assert line["trace_id"] == trace_hex(ticket.id)
