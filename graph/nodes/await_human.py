"""await_human: stop here until a person decides. Nothing else: it runs again on each resume."""

from __future__ import annotations

from langgraph.types import interrupt

from graph.context import NodeResult, TicketContext
from graph.state import Decided, TicketState
from memory.journal.codes import Cause
from memory.journal.events import PersonAwaited
from memory.tables import DecisionKind


async def run(state: TicketState, _context: TicketContext) -> NodeResult:
    """End the run at an interrupt; the decision comes back through it."""
    handed_off = state["handed_off"]
    assert handed_off is not None
    decided: Decided = interrupt({"handoff_id": handed_off["handoff_id"]})
    if decided["kind"] != "return":
        return NodeResult({"decided": decided}, _awaited(decided))
    update: TicketState = {"decided": decided, **given_back(state.get("returns", 0) + 1)}
    return NodeResult(update, _awaited(decided))


def _awaited(decided: Decided) -> PersonAwaited:
    return PersonAwaited(cause=Cause.DECISION, outcome=DecisionKind(decided["kind"]))


def given_back(returns: int) -> TicketState:
    """What a person's giving back resets: a new stretch, its counters begin anew.

    How often is bounded by Limits.returns.
    """
    return {
        "returns": returns,
        "spent": None,
        "gathered": None,  # a tool that failed, or an action proposed, may be tried anew
        "assessed": None,
        "drafted": None,
        "checked": None,
        "acted": None,
    }
