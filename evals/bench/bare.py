"""The same graph with nothing around it: what every cost is set beside."""

import time
from typing import Any

from api.rerun.parts import KeptLedger
from evals.bench.figure import Spent
from graph.build import build, recursion_limit
from graph.context import Drive, Sender, TicketContext
from graph.desk.model import Desk
from graph.minds.scripted import scripted_minds
from graph.state import TicketState
from memory.fingerprints import fingerprint
from memory.journal.codes import Cause
from tools.contract import CallContext, ToolCall, ToolOutcome

TENANT = "bench"
TEXT = "How do I reset my password?"


async def bare_runs(count: int) -> Spent:
    """What `count` runs take: LangGraph alone, without checkpoints, journal or queue."""
    desk = Desk(tenant=TENANT, company="Bench")
    graph = build(desk.limits)
    config: Any = {"recursion_limit": recursion_limit(graph, desk.limits)}
    await graph.ainvoke(bare_input(), config, context=bare_context(desk))
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in range(count):
        await graph.ainvoke(bare_input(), config, context=bare_context(desk))
    return Spent(time.process_time() - cpu, time.perf_counter() - wall, count)


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
        ledger=KeptLedger(),
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
