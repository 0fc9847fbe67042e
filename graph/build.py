"""The journey of a ticket. Every edge stands here, and the diagram is drawn from it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import wraps
from typing import Any

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.types import RetryPolicy

from graph import routes
from graph.context import TicketContext
from graph.desk.limits import Limits
from graph.nodes import (
    act,
    assess,
    await_human,
    check,
    deliver,
    draft,
    gather,
    hand_off,
    plan,
    remember,
    triage,
)
from graph.state import TicketState
from graph.steps import Node, Runnable, forgo, journalled, outlasting, passing, to_person
from graph.termination import Edges, caps, check_termination, worst_case_steps

TicketGraph = CompiledStateGraph[TicketState, TicketContext, TicketState, TicketState]

NODES: Mapping[str, Node] = {
    "triage": triage.run,
    "plan": plan.run,
    "gather": gather.run,
    "assess": assess.run,
    "draft": draft.run,
    "check": check.run,
    "hand_off": hand_off.run,
    "await_human": await_human.run,
    "act": act.run,
    "deliver": deliver.run,
    "remember": remember.run,
}
STOPS = frozenset({"await_human"})
"""Nodes at which a run ends until a person decides."""
UNHANDLED = frozenset({"hand_off", "await_human"})
"""Nodes whose failure leaves the graph, because `hand_off` itself is the last resort."""
AFTER_DELIVERY = frozenset({"remember"})
"""Nodes whose failure ends the turn, because the customer has the answer already."""
FAILURE = "to_person"
"""The error handler, as a node of the termination check."""


def build(limits: Limits, checkpointer: BaseCheckpointSaver[Any] | None = None) -> TicketGraph:
    """The compiled graph. Raises `UnboundedCycle` if a run could go on for ever."""
    graph = StateGraph(TicketState, TicketContext)
    for name, node in NODES.items():
        graph.add_node(
            name,
            _around(name, node, limits),
            retry_policy=RetryPolicy(
                max_attempts=limits.node_attempts, initial_interval=0.1, retry_on=passing
            ),
            error_handler=_handler(name),
        )
    _connect(graph)
    compiled = graph.compile(checkpointer=checkpointer, name="ticket")
    check_termination(edges_of(compiled), frozenset(caps(limits)), STOPS, FAILURE)
    # Once, since walking the graph for it takes longer than a step of a run.
    return compiled.with_config(recursion_limit=recursion_limit(compiled, limits))


def _around(name: str, node: Node, limits: Limits) -> Runnable:
    made = journalled(name, node, limits.node_seconds)
    return made if name in UNHANDLED | AFTER_DELIVERY else outlasting(made, limits.node_attempts)


def _handler(name: str) -> Any:  # the builder's type knows no error handlers
    if name in UNHANDLED:
        return None
    return forgo if name in AFTER_DELIVERY else to_person


def _connect(graph: StateGraph[TicketState, TicketContext, TicketState, TicketState]) -> None:
    graph.add_conditional_edges(START, _on_loop(routes.enter))
    graph.add_conditional_edges("triage", _on_loop(routes.after_triage))
    graph.add_conditional_edges("plan", _on_loop(routes.after_plan), ["gather", "assess"])
    graph.add_edge("gather", "assess")
    graph.add_conditional_edges("assess", _on_loop(routes.after_assess))
    graph.add_edge("draft", "check")
    graph.add_conditional_edges("check", _on_loop(routes.after_check))
    graph.add_edge("hand_off", "await_human")
    graph.add_conditional_edges("await_human", _on_loop(routes.after_human))
    graph.add_conditional_edges("act", _on_loop(routes.after_act))
    graph.add_edge("deliver", "remember")
    graph.add_edge("remember", END)


def _on_loop(route: Callable[[TicketState], Any]) -> Callable[[TicketState], Awaitable[Any]]:
    """The same, awaited: LangGraph sends a plain function through a thread, which costs more."""

    @wraps(route)  # with its hints, which name the targets
    async def routed(state: TicketState) -> Any:
        return route(state)

    return routed


def edges_of(compiled: TicketGraph) -> Edges:
    """Every way from node to node, the ones through the error handler included."""
    found: dict[str, set[str]] = {START: set(), END: set(), FAILURE: {"hand_off"}}
    for edge in compiled.get_graph().edges:
        found.setdefault(edge.source, set()).add(edge.target)
    for name in set(NODES) - UNHANDLED - AFTER_DELIVERY:
        found.setdefault(name, set()).add(FAILURE)
    return {node: frozenset(targets) for node, targets in found.items()}


def recursion_limit(compiled: TicketGraph, limits: Limits) -> int:
    """Steps of the longest run that `limits` allow, between two stops."""
    return worst_case_steps(edges_of(compiled), caps(limits), STOPS, FAILURE)


def mermaid() -> str:
    """The diagram in ARCHITECTURE.md; the way from any failed node to `hand_off` is left out."""
    drawn = build(Limits()).get_graph().draw_mermaid()
    return "\n".join(line for line in drawn.splitlines() if "__error_handler__" not in line)


def make_graph() -> TicketGraph:
    """For LangGraph's own tooling, which brings its own checkpointer; see langgraph.json."""
    return build(Limits())
