"""plan: which things are asked, and what is to be done for each."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from graph import guidance
from graph.context import NodeFault, NodeResult, TicketContext
from graph.minds.contract import PlanRequest
from graph.policies import Reason
from graph.state import Planned, Step, TicketState
from memory.journal.journal import Entry


async def run(state: TicketState, context: TicketContext) -> NodeResult:
    """Plan only steps that have not run in this turn, as many as the limits allow."""
    proposed = await context.minds.planner.plan(_request(state, context))
    done = state.get("gathered") or {}
    fresh = [step for step in _unique(proposed["steps"]) if step["id"] not in done]
    room = min(context.desk.limits.steps, context.desk.limits.tool_calls - len(done))
    planned: Planned = {
        **proposed,
        "steps": fresh[: max(room, 0)],
        "overflow": proposed["overflow"] or len(fresh) > room,
    }
    cause = "replan" if planned["round"] > 1 else "planned"
    numbers = {
        "asks": len(planned["asks"]),
        "steps": len(planned["steps"]),
        "round": planned["round"],
    }
    if left_out := len(fresh) - len(planned["steps"]):
        numbers["left_out"] = left_out
    repeated = len(proposed["steps"]) - len(fresh)
    entries = (
        Entry("decision", "plan", cause, planned["reason"], numbers=numbers),
        *(_entry(step, planned) for step in planned["steps"]),
        *(_repeated(step) for step in _again(proposed["steps"], done)),
    )
    if repeated:
        numbers["already_done"] = repeated
    if not planned["asks"]:
        raise NodeFault(Reason.LOW_CONFIDENCE, "Nothing is asked in it.")
    update: TicketState = {"planned": planned}
    if (decided := guidance.returned(state)) is not None:
        update["gathered"] = guidance.evidence(decided, planned["asks"])
    return NodeResult(update, cause=cause, numbers=numbers, entries=entries)


def _request(state: TicketState, context: TicketContext) -> PlanRequest:
    triaged = state["triaged"]
    assert triaged is not None
    before, assessed, decided = state.get("planned"), state.get("assessed"), state.get("decided")
    return PlanRequest(
        desk=context.desk,
        conversation=state["conversation"],
        screening=triaged["screening"],
        classification=triaged["classification"],
        round=1 if before is None else before["round"] + 1,
        asks=() if before is None else before["asks"],
        results=tuple((state.get("gathered") or {}).values()),
        assessments=() if assessed is None else assessed["asks"],
        guidance="" if decided is None else decided["guidance"],
    )


def _entry(step: Step, planned: Planned) -> Entry:
    """Which tool for which ask, and why: the intent permits it, or it is a search."""
    intent = next((ask["intent"] for ask in planned["asks"] if ask["id"] == step["ask_id"]), None)
    numbers = {"ask": step["ask_id"], "intent": intent, "tool": step["tool"]}
    return Entry(
        "decision", "step", step["cause"], step["kind"], fingerprint=step["id"], numbers=numbers
    )


def _again(steps: Sequence[Step], done: Collection[str]) -> Iterator[Step]:
    """What the planner repeated: steps that have run, and those it named twice."""
    seen = set(done)
    for step in steps:
        if step["id"] in seen:
            yield step
        seen.add(step["id"])


def _repeated(step: Step) -> Entry:
    numbers = {"ask": step["ask_id"], "tool": step["tool"]}
    return Entry(
        "decision",
        "step",
        "duplicate_suppressed",
        "already_done",
        fingerprint=step["id"],
        numbers=numbers,
    )


def _unique(steps: list[Step]) -> list[Step]:
    return list({step["id"]: step for step in steps}.values())
