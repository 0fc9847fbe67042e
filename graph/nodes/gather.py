"""gather: run one step through the gateway. Branches run in parallel and merge by step id."""

from __future__ import annotations

from collections.abc import Mapping
from string import Formatter
from typing import Any

from graph.context import NodeResult, TicketContext
from graph.desk.locale import in_words
from graph.desk.model import Desk
from graph.state import Evidence, Step, StepError, StepInput, StepResult
from memory.fingerprints import fingerprint
from memory.journal.codes import CallStatus, Cause
from memory.journal.events import GatherRan
from memory.sentences import sentences
from tools.contract import Json, ToolCall, ToolError, ToolOutcome, ToolSpec


async def run(state: StepInput, context: TicketContext) -> NodeResult:
    """One step: a search, a read tool, or the note that a write was proposed."""
    step = state["step"]
    result = _proposed(step) if step["kind"] == "action" else await _called(state, context)
    return NodeResult(
        {"gathered": {step["id"]: result}, "spent": {"tool_calls": 1}},
        GatherRan(
            outcome=CallStatus(result["status"]),
            cause=Cause(step["cause"]),
            evidence=len(result["evidence"]),
            tool=step["tool"],
            ask=step["ask_id"],
            intent=state["intent"],
        ),
    )


async def _called(state: StepInput, context: TicketContext) -> StepResult:
    step = state["step"]
    arguments = dict(step["arguments"])
    if step["kind"] == "search":
        arguments["limit"] = context.desk.limits.evidence
    call: ToolCall = {
        "tool": step["tool"],
        "arguments": arguments,
        "step_id": step["id"],
        "cause": Cause(step["cause"]),
    }
    outcome = await context.gateway.call(call, context.caller(state["intent"]))
    return result_of(step, outcome, context.desk)


def result_of(step: Step, outcome: ToolOutcome, desk: Desk) -> StepResult:
    """What a step brought, from what its call did."""
    result = _proposed(step)
    error, value = outcome["error"], outcome["value"]
    result["status"] = "ok" if outcome["status"] == "suppressed" and value else outcome["status"]
    result["error"] = None if error is None else _plain(error)
    if value is not None and step["kind"] == "search":
        result["evidence"] = [passage(hit) for hit in value["hits"]]
    elif value is not None:
        result["answer"] = worded(desk, outcome["tool"], value, step["arguments"])
        result["evidence"] = [_record(step, result["answer"])]
    return result


def _plain(error: ToolError) -> StepError:
    found: StepError = {"kind": error["kind"].value, "message": error["message"]}
    limit = error.get("limit")
    return found if limit is None else {**found, "limit": limit.value}


def _proposed(step: Step) -> StepResult:
    return {
        "step_id": step["id"],
        "ask_id": step["ask_id"],
        "kind": step["kind"],
        "tool": step["tool"],
        "arguments": step["arguments"],
        "status": "proposed",
        "evidence": [],
        "answer": None,
        "error": None,
        "fingerprint": fingerprint(step["tool"], step["arguments"]),
    }


def passage(hit: Mapping[str, Any]) -> Evidence:
    """A found passage as evidence; `hit` is a `memory.knowledge.contract.Hit` as plain data."""
    return {
        "id": hit["chunk_id"],
        "kind": "article",
        "source": hit["doc_id"],
        "title": hit["title"],
        "heading": hit["heading"],
        "text": hit["text"],
        "score": hit["score"],
        "features": hit["features"],
    }


def _record(step: Step, answer: str | None) -> Evidence:
    return {
        "id": step["id"],
        "kind": "tool",
        "source": step["tool"],
        "title": step["tool"].replace("_", " "),
        "heading": "",
        "text": answer or "",
        "score": 1.0,
        "features": {},
    }


def worded(desk: Desk, tool: str, value: Json, asked: Json | None = None) -> str | None:
    """The tool's result in the words that its declaration gives for it, None without any.

    A field that no record of the tool holds is taken from `asked`, the arguments of the call: many
    services do not repeat the number that they were asked for. Dates and amounts are written as the desk's locale has them. A sentence of which the record holds
    nothing, as the tracking number of what has not left, is left out.
    """
    spec = desk.tool(tool)
    if spec is None or spec.answer is None:
        return None
    locale, zone = desk.locale or desk.language, desk.hours.timezone
    known = {name: part for name, part in value.items() if part is not None}
    given = not_returned(spec, asked or {})
    shown = {name: in_words(part, locale, zone) for name, part in {**given, **known}.items()}
    kept = [one for one in _sentences(spec.answer) if _is_known(one, known, given)]
    return "".join(kept).strip().format_map(_Blank(shown))


def not_returned(spec: ToolSpec, asked: Json) -> Json:
    """The arguments that the tool's result does not tell anew: what it tells may differ."""
    told = spec.returns.get("properties", {})
    return {name: value for name, value in asked.items() if name not in told}


def _sentences(answer: str) -> list[str]:
    """The sentences with the blanks behind them: nothing of the answer is lost."""
    starts = [one.start for one in sentences(answer)][1:]
    return [answer[a:b] for a, b in zip([0, *starts], [*starts, len(answer)], strict=True)]


def _is_known(sentence: str, known: Json, given: Json) -> bool:
    """Whether it names no field but what was asked for, or one that the record has."""
    names = {name for _, name, _, _ in Formatter().parse(sentence) if name}
    return names <= set(given) or not names.isdisjoint(known)


class _Blank(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "unknown"
