"""`python -m evals bench`: what the engine costs, as ratios within one run."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import httpx2
import typer
from rich.console import Console
from rich.progress import Progress

from evals.figures.metrics import Metric, exact, percentile
from evals.figures.report import write_report
from evals.stack.sending import Outgoing, Sent, follow, send_all
from evals.stack.stack import Stack, scratch
from graph.build import build, recursion_limit
from graph.context import Drive, Sender, TicketContext
from graph.desk.model import Desk
from graph.minds.scripted import scripted_minds
from graph.state import TicketState
from memory.journal.codes import Cause
from memory.journal.events import Event
from memory.tables import Handoff, Memory
from tools.contract import CallContext, ToolCall, ToolOutcome, fingerprint

TENANT = "bench"
DESK = f"tenant: {TENANT}\ncompany: Bench\n"
ARTICLE = '{"doc_id": "a", "title": "Passwords", "text": "Reset a password under Settings."}\n'
TEXT = "How do I reset my password?"
BARE_RUNS = 200
RATE = 50.0
"""Tickets a second in the acknowledgement test."""
DRAIN_SECONDS = 300.0
STDERR = Console(stderr=True)


def register(app: typer.Typer) -> None:
    """Bring the command."""
    app.command("bench")(bench)


def bench(
    out: Annotated[Path, typer.Option(help="Where the figures go.")] = Path("bench.json"),
    tickets: Annotated[int, typer.Option(help="Tickets that are driven through the engine.")] = 200,
    seconds: Annotated[float, typer.Option(help="Length of the acknowledgement test.")] = 10.0,
) -> None:
    """Measure the overhead of engine and graph per ticket, and acknowledgement under load."""
    bare = asyncio.run(_bare())
    with (
        tempfile.TemporaryDirectory(prefix="deskhand-bench-") as folder,
        _stack(Path(folder)) as stack,
        stack.client(stack.key(TENANT)) as client,
    ):
        engine = _engine(client, tickets)
        acknowledged, ended = _under_load(client, seconds)
        memory = stack.memory_mb()
    metrics: dict[str, Metric] = {
        "bare_graph_ms": exact(bare * 1000, BARE_RUNS),
        "engine_ms": exact(engine * 1000, tickets),
        "engine_over_bare": exact(engine / bare, tickets),
        "tickets_per_second": exact(1 / engine, tickets),
        "acknowledge_ms_p50": percentile([one * 1000 for one in acknowledged], 50),
        "acknowledge_ms_p99": percentile([one * 1000 for one in acknowledged], 99),
        "ended_under_load": exact(ended / len(acknowledged), len(acknowledged)),
    }
    notes = [
        "minds cost nothing here: bare is LangGraph alone, without checkpoints, journal or queue",
        f"acknowledgement at {RATE:g} tickets a second while the worker is busy",
        f"memory in MB: {memory}",
    ]
    write_report(out, inputs={"tickets": tickets, "seconds": seconds}, metrics=metrics, notes=notes)


@contextmanager
def _stack(folder: Path) -> Iterator[Stack]:
    desk, articles = folder / "desk.yaml", folder / "kb.jsonl"
    desk.write_text(DESK, encoding="utf-8")
    articles.write_text(ARTICLE, encoding="utf-8")
    with scratch(
        folder / "data", desk, DESKHAND_MINDS="scripted", DESKHAND_TENANT_CONCURRENCY="4"
    ) as stack:
        stack.run("kb", "add", str(articles), "--tenant", TENANT)
        stack.start_api()
        stack.start_worker()
        yield stack


def _engine(client: httpx2.Client, count: int) -> float:
    """Seconds a ticket, from the first post to the last end."""
    outgoing = [Outgoing(f"engine-{n}", {"text": TEXT}) for n in range(count)]
    with Progress(console=STDERR) as progress:
        task = progress.add_task("through the engine", total=count)
        started = time.perf_counter()
        sent = send_all(client, outgoing)
        follow(client, sent, DRAIN_SECONDS, lambda _: progress.advance(task))
    return (time.perf_counter() - started) / count


def _under_load(client: httpx2.Client, seconds: float) -> tuple[list[float], int]:
    """Times to acknowledge at a steady rate, and how many of the tickets ended."""
    count = int(RATE * seconds)
    begin = time.monotonic()

    def post(number: int) -> Sent:
        time.sleep(max(0.0, begin + number / RATE - time.monotonic()))
        return send_all(client, [Outgoing(f"load-{number}", {"text": TEXT})])[0]

    with Progress(console=STDERR) as progress, ThreadPoolExecutor(32) as pool:
        task = progress.add_task("under load", total=count)
        sent = list(pool.map(post, range(count)))
        ended = follow(client, sent, DRAIN_SECONDS, lambda _: progress.advance(task))
    return [one.acknowledged_seconds for one in sent], len(ended)


async def _bare() -> float:
    """Seconds a run of the same graph with nothing around it."""
    desk = Desk(tenant=TENANT, company="Bench")
    graph = build(desk.limits)
    config: Any = {"recursion_limit": recursion_limit(graph, desk.limits)}
    await graph.ainvoke(bare_input(), config, context=bare_context(desk))
    started = time.perf_counter()
    for _ in range(BARE_RUNS):
        await graph.ainvoke(bare_input(), config, context=bare_context(desk))
    return (time.perf_counter() - started) / BARE_RUNS


def bare_input() -> TicketState:
    """A first turn."""
    return {
        "ticket_id": "t",
        "tenant": TENANT,
        "turn": 1,
        "subject": "",
        "headers": {},
        "conversation": [{"seq": 1, "role": "customer", "kind": "message", "text": TEXT}],
        "has_sender": False,
    }


def bare_context(desk: Desk) -> TicketContext:
    """A context with nothing behind it: no database, no tools, no thought."""
    return TicketContext(
        ticket_id="t",
        tenant=TENANT,
        turn=1,
        epoch=1,
        desk=desk,
        minds=scripted_minds(),
        gateway=_NoTools(),
        ledger=_NoLedger(),
        sender=Sender(),
        drive=Drive(Cause.ACCEPTED, resumed=False),
        answer_threshold=0.5,
    )


class _NoTools:
    async def call(self, call: ToolCall, caller: CallContext) -> ToolOutcome:
        """One passage for a search, nothing for a delivery."""
        hit = {
            "chunk_id": "c",
            "doc_id": "a",
            "title": "Passwords",
            "heading": "",
            "text": "Reset a password under Settings.",
            "score": 1.0,
            "features": {},
        }
        return {
            "status": "ok",
            "value": {"hits": [hit]},
            "error": None,
            "attempts": 1,
            "duration_ms": 0.0,
            "cost_micros": 0,
            "fingerprint": fingerprint(call["tool"], call["arguments"]),
            "tool": call["tool"],
        }


class _NoLedger:
    async def record(self, events: Sequence[Event]) -> None:
        """Forget it."""

    async def open_handoff(self, handoff: Handoff) -> Handoff:
        """Keep nothing."""
        return handoff

    async def sent(
        self,
        key: str,
        *,
        kind: str,
        text: str,
        role: str,
        author: str | None,
        citations: Sequence[Mapping[str, str]],
    ) -> None:
        """Forget it."""

    async def earlier_handoffs(self, email: str | None) -> int:
        """None."""
        return 0

    async def effect(self, key: str) -> str | None:
        """Know of none."""

    async def remember(self, memory: Memory) -> None:
        """Forget it."""

    async def similar(self, text: str, limit: int) -> list[dict[str, Any]]:
        """Nothing is like it."""
        return []
