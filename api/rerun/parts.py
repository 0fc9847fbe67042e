"""A gateway and a ledger that repeat what was, and let nothing out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from typing_extensions import override

from api.rerun.recording import Recording
from graph.context import Ledger
from graph.desk.model import Desk
from graph.state import Decided, Evidence, StepResult
from graph.ticket_reader import TicketReader, TurnInput
from memory.fingerprints import fingerprint
from memory.journal.codes import ErrorKind
from memory.journal.events import Event
from memory.tables import Handoff, Memory
from memory.tickets.messages import Said
from tools.checks.permission import SYSTEM_TOOLS, UNMETERED
from tools.contract import CallContext, Json, OutcomeStatus, ToolCall, ToolError, ToolOutcome

ANSWER = "recorded_answer"
"""The field in which a tool's recorded words come back."""


@dataclass
class RecordedGateway:
    """The gateway over the recorded results. No effect is ever performed."""

    recording: Recording
    desk: Desk
    held: list[str] = field(default_factory=list)
    """Writes that were asked for and not made."""
    unknown: list[str] = field(default_factory=list)
    """Tools whose answer nobody knows, since this was never asked of them."""

    async def call(self, call: ToolCall, caller: CallContext) -> ToolOutcome:
        """The recorded outcome of an equal call; a failure of its own kind where there is none."""
        if call["tool"] in UNMETERED:
            self.held.append(call["tool"])
            return _outcome(call, {"channel": "replay"}, None, "ok")
        if call["tool"] not in SYSTEM_TOOLS | self.desk.tools_of(caller["intent"]):
            message = f"the intent {caller['intent']!r} may not use {call['tool']}"
            return _outcome(call, None, _error(ErrorKind.NOT_PERMITTED, message), "refused")
        known = self.recording.results.get(_step_id(call))
        if known is None or known["status"] == "proposed":
            self.unknown.append(call["tool"])
            message = "this call was never made, so there is no answer to give again"
            return _outcome(call, None, _error(ErrorKind.NOT_RECORDED, message), "failed")
        return _again(call, known)


def _again(call: ToolCall, known: StepResult) -> ToolOutcome:
    if known["error"] is not None:
        error = _error(ErrorKind(known["error"]["kind"]), known["error"]["message"])
        status: OutcomeStatus = "refused" if known["status"] == "refused" else "failed"
        return _outcome(call, None, error, status)
    if known["kind"] == "search":
        return _outcome(call, {"hits": [_hit(item) for item in known["evidence"]]}, None, "ok")
    return _outcome(call, {ANSWER: known["answer"]}, None, "ok")


def _step_id(call: ToolCall) -> str:
    """A search gets a limit beside what was planned."""
    arguments = {name: value for name, value in call["arguments"].items() if name != "limit"}
    whole = fingerprint(call["tool"], call["arguments"])
    return call["step_id"] or (fingerprint(call["tool"], arguments) if arguments else whole)


def _hit(item: Evidence) -> Json:
    return {
        "chunk_id": item["id"],
        "doc_id": item["source"],
        "title": item["title"],
        "heading": item["heading"],
        "text": item["text"],
        "url": None,
        "score": item["score"],
        "features": item["features"],
    }


def _outcome(
    call: ToolCall, value: Json | None, error: ToolError | None, status: OutcomeStatus
) -> ToolOutcome:
    return {
        "status": status,
        "value": value,
        "error": error,
        "attempts": 0,
        "duration_ms": 0.0,
        "cost_micros": 0,
        "fingerprint": fingerprint(call["tool"], call["arguments"]),
        "tool": call["tool"],
    }


def _error(kind: ErrorKind, message: str) -> ToolError:
    return {"kind": kind, "message": message, "retryable": False}


def repeating(desk: Desk) -> Desk:
    """The desk with each tool's words replaced by those that it gave then."""
    tools = [
        tool if tool.answer is None else tool.model_copy(update={"answer": f"{{{ANSWER}}}"})
        for tool in desk.tools
    ]
    return desk.model_copy(update={"tools": tuple(tools)})


@dataclass
class KeptLedger(Ledger):
    """The ledger in memory: what would be written is kept to be compared."""

    events: list[Event] = field(default_factory=list)
    handoff: Handoff | None = None
    citations: list[str] = field(default_factory=list)
    """Sources of the reply that would be sent."""

    @override
    async def record(self, events: Sequence[Event]) -> None:
        self.events += events

    @override
    async def open_handoff(self, handoff: Handoff) -> Handoff:
        self.handoff = handoff
        return handoff

    @override
    async def owe(self, handoff: Handoff, text: str) -> None: ...

    @override
    async def sent(self, said: Said) -> None:
        self.citations += [one["source"] for one in said.citations]

    @override
    async def earlier_handoffs(self, email: str | None) -> int:
        return 0

    @override
    async def effect(self, key: str) -> str | None:
        return None

    @override
    async def remember(self, memory: Memory, email: str | None) -> None: ...

    @override
    async def similar(self, text: str, limit: int) -> list[dict[str, Any]]:
        return []


@dataclass(frozen=True)
class RecordedBook(TicketReader):
    """The conversation as the turn began, and no person's decision."""

    recording: Recording

    @override
    async def begin(self) -> TurnInput:
        state = self.recording.state
        return TurnInput(state["subject"], state["headers"], state["conversation"])

    @override
    async def decision(self) -> Decided | None:
        """The replay ends where a person would take it."""
        return None

    @override
    async def amended(self, after: int) -> bool:
        """A replay has all that was written from its beginning."""
        return False

    @override
    async def untouched(self) -> bool:
        """A replay goes on with no other version's state."""
        return True
