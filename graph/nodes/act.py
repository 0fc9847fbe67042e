"""act: run the actions a person approved, each bound to the digest of what was approved."""

from __future__ import annotations

from string import Formatter

from graph.context import NodeResult, TicketContext
from graph.desk.model import Desk
from graph.nodes.gather import not_returned, worded
from graph.state import Acted, ActionResult, Decided, StepResult, TicketState, intent_of, results_of
from memory.journal.codes import Cause
from memory.journal.events import ActRan
from tools.arguments import is_amount, promised_currency
from tools.contract import Json, ToolCall


async def run(state: TicketState, context: TicketContext) -> NodeResult:
    """Call each approved write through the gateway, in the order it was proposed."""
    decided = state["decided"]
    assert decided is not None
    proposed = [
        result
        for result in results_of(state)
        if result["status"] == "proposed" and result["fingerprint"] in decided["actions"]
    ]
    actions = [await _perform(result, decided, state, context) for result in proposed]
    done = {action["fingerprint"] for action in actions if action["status"] == "ok"}
    acted: Acted = {"actions": actions, "failed": not set(decided["actions"]) <= done}
    return NodeResult(
        {"acted": acted},
        ActRan(
            cause=Cause.DECISION,
            outcome="failed" if acted["failed"] else "ok",
            approved=len(decided["actions"]),
            done=len(done),
        ),
    )


async def _perform(
    result: StepResult, decided: Decided, state: TicketState, context: TicketContext
) -> ActionResult:
    call: ToolCall = {
        "tool": result["tool"],
        "arguments": result["arguments"],
        "step_id": result["step_id"],
        "cause": Cause.APPROVED,
    }
    intent = intent_of(state, result["ask_id"])
    outcome = await context.gateway.call(call, context.caller(intent, decided["actions"]))
    error = outcome["error"]
    told = _told(context.desk, call, outcome["value"])
    return {
        "fingerprint": result["fingerprint"],
        "tool": result["tool"],
        "status": "ok" if outcome["status"] == "suppressed" else outcome["status"],
        "detail": told if error is None else error["message"],
    }


def foretold(desk: Desk, tool: str, arguments: Json) -> str:
    """What will be told of an action, as far as it is known before; nothing without such words."""
    spec = desk.tool(tool)
    if spec is None or spec.answer is None:
        return ""
    sums = {
        name: float(value)
        for name, value in arguments.items()
        if is_amount(name, spec.arguments.get(name, {})) and isinstance(value, int | float)
    }
    unit = promised_currency(spec)
    names = {name for _, name, _, _ in Formatter().parse(spec.answer) if name}
    units = {name: unit for name in names if unit and "currency" in name}
    return worded(desk, tool, {**dict.fromkeys(names, "..."), **units, **arguments, **sums}) or ""


def _told(desk: Desk, call: ToolCall, value: Json | None) -> str:
    """What was done, in the words of the tool's declaration; nothing where a part of it is missing."""
    spec = desk.tool(call["tool"])
    if spec is None or spec.answer is None or value is None:
        return ""
    wanted = {name for _, name, _, _ in Formatter().parse(spec.answer) if name}
    asked = not_returned(spec, call["arguments"])
    known = {*asked, *(name for name, part in value.items() if part is not None)}
    return (worded(desk, spec.name, value, asked) or "") if wanted <= known else ""
