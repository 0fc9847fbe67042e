"""plan: which things are asked, and what is to be done for each."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TypedDict

from graph import guidance
from graph.context import NodeFault, NodeResult, TicketContext
from graph.minds.contract import PlanRequest
from graph.state import Planned, Step, TicketState, results_of
from memory.journal.codes import Cause, Reason, StepKind
from memory.journal.events import Event, PlanMade, PlanRan, StepPlanned


class Sizes(TypedDict):
    """The figures of a plan."""

    asks: int
    steps: int
    round: int
    left_out: int
    already_done: int


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
    cause = Cause.REPLAN if planned["round"] > 1 else Cause.PLANNED
    sizes = Sizes(
        asks=len(planned["asks"]),
        steps=len(planned["steps"]),
        round=planned["round"],
        left_out=len(fresh) - len(planned["steps"]),
        already_done=len(proposed["steps"]) - len(fresh),
    )
    lacking = tuple(planned.get("lacking", ()))
    events: tuple[Event, ...] = (
        PlanMade(cause=cause, outcome=planned["reason"], lacking=lacking, **sizes),
        *(_planned(step, planned) for step in planned["steps"]),
        *(_repeated(step) for step in _again(proposed["steps"], done)),
    )
    if not planned["asks"]:
        raise NodeFault(Reason.LOW_CONFIDENCE, "Nothing is asked in it.")
    update: TicketState = {"planned": planned}
    if (decided := guidance.returned(state)) is not None:
        update["gathered"] = guidance.evidence(decided, planned["asks"])
    return NodeResult(update, PlanRan(cause=cause, **sizes), events)


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
        results=tuple(results_of(state)),
        assessments=() if assessed is None else assessed["asks"],
        guidance="" if decided is None else decided["guidance"],
    )


def _planned(step: Step, planned: Planned) -> StepPlanned:
    """Which tool for which ask, and why: the intent permits it, or it is a search."""
    intent = next((ask["intent"] for ask in planned["asks"] if ask["id"] == step["ask_id"]), None)
    return StepPlanned(
        cause=Cause(step["cause"]),
        outcome=StepKind(step["kind"]),
        fingerprint=step["id"],
        ask=step["ask_id"],
        tool=step["tool"],
        intent=intent,
    )


def _again(steps: Sequence[Step], done: Collection[str]) -> Iterator[Step]:
    """What the planner repeated: steps that have run, and those it named twice."""
    seen = set(done)
    for step in steps:
        if step["id"] in seen:
            yield step
        seen.add(step["id"])


def _repeated(step: Step) -> StepPlanned:
    return StepPlanned(
        cause=Cause.DUPLICATE_SUPPRESSED,
        outcome=StepKind.ALREADY_DONE,
        fingerprint=step["id"],
        ask=step["ask_id"],
        tool=step["tool"],
    )


def _unique(steps: Sequence[Step]) -> list[Step]:
    """Each step once, for the ask that named it first: no later one takes its result away."""
    found: dict[str, Step] = {}
    for step in steps:
        found.setdefault(step["id"], step)
    return list(found.values())
