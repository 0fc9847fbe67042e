"""Prepared journals: rows one after the other, each at its second."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from memory.journal import codec
from memory.journal.events import Record
from memory.tables import JournalRow

START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
THRESHOLD = 0.62


@dataclass
class Journal:
    """A ticket's rows, written as the program writes them."""

    ticket: str = "tkt_1"
    rows: list[JournalRow] = field(default_factory=list)
    epoch: int = 0
    turn: int = 1
    now: float = 0.0

    @property
    def records(self) -> list[Record]:
        """As the program reads them."""
        return codec.records(self.rows)

    def at(self, seconds: float) -> Self:
        """The rows that follow happen then."""
        self.now = seconds
        return self

    def row(self, kind: str, name: str, cause: str, outcome: str, **more: Any) -> Self:
        """Any row."""
        fields: dict[str, Any] = {
            "ticket_id": self.ticket,
            "tenant": "acme",
            "turn": self.turn,
            "epoch": self.epoch,
            "seq": len(self.rows) + 1,
            "tokens_in": 0,
            "tokens_out": 0,
            "cost_micros": 0,
            "numbers": {},
        }
        moment = START + timedelta(seconds=self.now)
        row = {"kind": kind, "name": name, "cause": cause, "outcome": outcome, "at": moment}
        self.rows.append(JournalRow(**{**fields, **row, **more}))
        return self

    def accepted(self) -> Self:
        """The ticket is in the queue."""
        return self.row("ticket", "accept", "accepted", "ok")

    def drive(self, cause: str = "accepted") -> Self:
        """A worker takes it."""
        self.epoch += 1
        return self.row("run", "drive", cause, "started")

    def planned(self, tool: str, ask: str = "a1", cause: str = "planned", **more: Any) -> Self:
        """The plan wants a tool."""
        numbers = {"ask": ask, "intent": "pricing", "tool": tool}
        return self.row("decision", "step", cause, "tool", numbers=numbers, **more)

    def attempt(
        self, tool: str, number: int = 1, cause: str = "planned", seconds: float = 0.1, **more: Any
    ) -> Self:
        """One attempt that took so long."""
        numbers = {"attempt": number, **more.pop("numbers", {})}
        outcome = "failed" if "error" in more else "ok"
        name = "retry" if number > 1 else cause
        return self.row(
            "attempt", tool, name, outcome, duration_ms=seconds * 1000, numbers=numbers, **more
        )

    def call(
        self,
        tool: str,
        cause: str = "planned",
        seconds: float = 0.1,
        attempts: int = 1,
        **more: Any,
    ) -> Self:
        """The whole call."""
        outcome = more.pop("outcome", "failed" if "error" in more else "ok")
        numbers = {"attempts": attempts, **more.pop("numbers", {})}
        return self.row(
            "call", tool, cause, outcome, duration_ms=seconds * 1000, numbers=numbers, **more
        )

    def model(self, decision: str, cause: str = "planned", **more: Any) -> Self:
        """A model's call."""
        numbers = {"model": "openai:small", "prompt": "1", "estimated": False}
        outcome = "failed" if "error" in more else "ok"
        return self.row("call", f"model:{decision}", cause, outcome, numbers=numbers, **more)

    def step(self, node: str, cause: str = "planned", outcome: str = "ok", **more: Any) -> Self:
        """A node that ran."""
        return self.row("step", node, cause, outcome, **more)

    def weighed(self, value: float, *sources: str, ask: str = "a1", **more: bool) -> Self:
        """The evidence of an ask."""
        numbers = {"ask": ask, "confidence": value, "threshold": THRESHOLD}
        found = "supported" if value >= THRESHOLD else "not supported"
        self.step("assess")
        return self.row(
            "decision",
            "confidence",
            "planned",
            found,
            numbers={**numbers, "sources": list(sources), **more},
        )

    def handed_off(self, reason: str, detail: str = "") -> Self:
        """A person has it."""
        self.step("hand_off", outcome=reason, numbers={"detail": detail})
        return self.row("wait", "person", "hand_off", reason)


def four_calls() -> Journal:
    """The pricing tool, called four times for a request that needed one, and once more left out."""
    late = "timeout: no answer within 5 s"
    journal = Journal().accepted().at(2).drive().planned("lookup_price", fingerprint="p1")
    journal.at(7).attempt(
        "lookup_price", seconds=5, error=late, fingerprint="p1", numbers={"next_wait_seconds": 0.4}
    )
    journal.at(7.6).attempt("lookup_price", 2, seconds=0.2, fingerprint="p1")
    journal.call("lookup_price", seconds=5.6, attempts=2, cost_micros=2_000, fingerprint="p1")
    journal.weighed(0.41, "prices").planned("lookup_price", cause="replan", fingerprint="p2")
    journal.at(7.8).attempt("lookup_price", cause="replan", fingerprint="p2")
    journal.at(20).drive("recovered")
    journal.at(20.2).attempt("lookup_price", cause="replan", fingerprint="p2")
    journal.call("lookup_price", cause="replan", seconds=0.2, cost_micros=1_000, fingerprint="p2")
    journal.call(
        "lookup_price",
        cause="duplicate_suppressed",
        outcome="suppressed",
        seconds=0,
        attempts=0,
        fingerprint="p2",
    )
    return journal.at(21.2).step("gather", cause="resume")


def dear() -> Journal:
    """A model that had to be asked again and again."""
    journal = Journal().accepted().at(1).drive()
    journal.model("classify", cost_micros=1_000, tokens_in=400, tokens_out=20).step("triage")
    journal.call("lookup_price", cost_micros=4_000, fingerprint="p1")
    write: dict[str, Any] = {"cost_micros": 10_000, "tokens_in": 3_000, "tokens_out": 500}
    journal.model("write", error="not_json", fingerprint="w1", **write)
    journal.model("write", cause="repair", fingerprint="w1", **write).step("draft")
    journal.model("write", fingerprint="w2", **write).step("draft", cause="revise")
    return journal


def handed_off() -> Journal:
    """An ask whose evidence was too weak, twice."""
    journal = Journal().accepted().at(1).drive()
    numbers = {"confidence": 0.81, "threshold": 0.35}
    journal.step("triage").row("decision", "intent", "planned", "pricing", numbers=numbers)
    journal.weighed(0.31, "prices").weighed(0.41, "prices", "plans")
    return journal.handed_off("low_confidence", "Confidence 0.41 is under 0.62.")
