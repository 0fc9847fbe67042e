"""act: run the actions a person approved, each bound to the digest of what was approved."""

from __future__ import annotations

from graph.context import NodeResult, TicketContext
from graph.state import Acted, ActionResult, Decided, StepResult, TicketState, intent_of
from memory.journal.codes import Cause
from memory.journal.events import ActRan
from tools.contract import ToolCall


async def run(state: TicketState, context: TicketContext) -> NodeResult:
    """Call each approved write through the gateway, in the order it was proposed."""
    decided = state["decided"]
    assert decided is not None
    proposed = [
        result
        for result in (state.get("gathered") or {}).values()
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
    return {
        "fingerprint": result["fingerprint"],
        "tool": result["tool"],
        "status": "ok" if outcome["status"] == "suppressed" else outcome["status"],
        "detail": "" if error is None else error["message"],
    }
