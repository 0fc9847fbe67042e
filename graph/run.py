"""One drive of one ticket's graph: from wherever its checkpoint stands to rest."""

from __future__ import annotations

import asyncio
from copy import copy
from typing import Any, Literal

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.types import Command, StateSnapshot

from graph.build import TicketGraph
from graph.checkpoint_shape import SHAPE, NewerState, shape_of
from graph.context import TicketContext
from graph.nodes import deliver
from graph.nodes.await_human import given_back
from graph.run_result import RunResult, is_at_rest, is_plainly_over, rest_of, result_of
from graph.state import Decided, Failure, MessageRecord, TicketState
from graph.ticket_reader import TicketReader
from memory.admission import limited
from memory.journal.codes import Limit, Reason
from memory.journal.events import Fault, FoundDelivered, RunGivenUp
from memory.tables import EffectStatus


async def drive(
    graph: TicketGraph,
    saver: BaseCheckpointSaver[Any],
    context: TicketContext,
    reader: TicketReader,
) -> RunResult:
    """Go on until the ticket is finished or waits for a person.

    Raises `NewerState` for what only a newer version can go on with. A run beyond `Limits.run_seconds` is stopped at once and handed off with that reason.
    """
    runnable, config = _kept_by(graph, saver), _config(context)
    limit = context.desk.limits.run_seconds
    bound: asyncio.Timeout | None = None
    values: TicketState | None = None
    try:
        async with limited(limit) as bound:
            values = await _advance(runnable, config, context, reader)
    except TimeoutError:
        if bound is None or not bound.expired():
            raise  # the last resort itself failed
        failure: Failure = {
            "node": "run",
            "kind": Reason.LIMIT_REACHED.value,
            "message": f"The run took longer than {limit:g} s.",
            "limit": Limit.RUN_SECONDS.value,
        }
        await _give_up(runnable, config, context, reader, failure)
    if values is not None and is_plainly_over(values):
        return result_of(values)
    return rest_of(await _finished(runnable, config, context))


async def give_up(
    graph: TicketGraph,
    saver: BaseCheckpointSaver[Any],
    context: TicketContext,
    reader: TicketReader,
    failure: Failure,
) -> RunResult:
    """Leave the run where it stands and hand the ticket off with the story so far."""
    runnable, config = _kept_by(graph, saver), _config(context)
    await _give_up(runnable, config, context, reader, failure)
    return rest_of(await runnable.aget_state(config))


async def state_of(
    graph: TicketGraph, saver: BaseCheckpointSaver[Any], thread_id: str
) -> TicketState | None:
    """What a thread's newest checkpoint holds, None if it has none. Only looks."""
    place: RunnableConfig = {"configurable": {"thread_id": thread_id}}
    snapshot = await _kept_by(graph, saver).aget_state(place)
    return snapshot.values or None  # type: ignore[return-value]


async def _advance(
    graph: TicketGraph, config: RunnableConfig, context: TicketContext, reader: TicketReader
) -> TicketState | None:
    """The state at the end, where a step was made."""
    snapshot = await graph.aget_state(config)
    if snapshot.values.get("turn", 0) < context.turn or await _is_amended(snapshot, reader):
        return await _invoke(graph, await _input(context, reader), config, context)
    if shape_of(snapshot) > SHAPE:
        if not await reader.untouched():
            raise NewerState
        return await _invoke(graph, await _input(context, reader), config, context)
    decision = await reader.decision()
    if decision is not None and _is_new(decision, snapshot):
        # A person's word comes before whatever the run was about to do.
        return await _invoke(graph, _carrying(decision, snapshot), config, context)
    if snapshot.tasks and not snapshot.interrupts:
        # Not `next`: it leaves out a node that had written its result when the process died.
        context.drive.resumed = True
        return await _invoke(graph, None, config, context)
    return None


async def _is_amended(snapshot: StateSnapshot, reader: TicketReader) -> bool:
    """Whether the customer wrote more than the checkpoint knows, early enough to be answered with it."""
    known: list[MessageRecord] = snapshot.values.get("conversation") or []
    return await reader.amended(max((one["seq"] for one in known), default=0))


async def _finished(
    graph: TicketGraph, config: RunnableConfig, context: TicketContext
) -> StateSnapshot:
    # On a busy machine a run can end right behind `hand_off` when an error handler led to it,
    # without the interrupt that follows (seen with langgraph 1.2.22). Its edge is taken here.
    snapshot = await graph.aget_state(config)
    if snapshot.values.get("handed_off") and not is_at_rest(snapshot) and not snapshot.tasks:
        await graph.aupdate_state(config, {}, as_node="hand_off")
        await _invoke(graph, None, config, context)
        return await graph.aget_state(config)
    return snapshot


def _is_new(decision: Decided, snapshot: StateSnapshot) -> bool:
    taken: Decided | None = snapshot.values.get("decided")
    return taken is None or decision["handoff_id"] != taken["handoff_id"]


def _carrying(decision: Decided, snapshot: StateSnapshot) -> TicketState | Command[Any]:
    """The answer to the interrupt that waits for it, or a new entry where none does."""
    for waiting in snapshot.interrupts:
        if waiting.value["handoff_id"] == decision["handoff_id"]:
            return Command(resume={waiting.id: decision})
    entered: TicketState = {"decided": decision, "acted": None, "failure": None}
    if decision["kind"] != "return":
        return entered
    returns = snapshot.values.get("returns", 0) + 1
    return {**entered, **given_back(returns)}


async def _input(context: TicketContext, reader: TicketReader) -> TicketState:
    begin = await reader.begin()
    return {
        "ticket_id": context.ticket_id,
        "tenant": context.tenant,
        "turn": context.turn,
        "subject": begin.subject,
        "headers": begin.headers,
        "conversation": list(begin.conversation),
        "has_sender": context.sender.email is not None,
        "triaged": None,
        "planned": None,
        "gathered": None,
        "assessed": None,
        "drafted": None,
        "checked": None,
        "handed_off": None,
        "decided": await reader.decision() if begin.decided else None,
        "acted": None,
        "delivered": None,
        "remembered": None,
        "failure": None,
        "spent": None,
        "handoffs": 0,
        "returns": 0,
    }


async def _give_up(
    graph: TicketGraph,
    config: RunnableConfig,
    context: TicketContext,
    reader: TicketReader,
    failure: Failure,
) -> None:
    snapshot = await graph.aget_state(config)
    begun = snapshot.values.get("turn", 0) >= context.turn
    if begun and await _is_with_person(snapshot, reader):
        return
    if begun and await _is_sent(snapshot, context):
        # The ledger knows it, the checkpoint does not yet: `deliver` takes the result over.
        found = FoundDelivered(error=Fault(None, failure["message"]))
        await context.ledger.record([found])
        await graph.aupdate_state(config, {"failure": None}, as_node=_before_delivery(snapshot))
        await _invoke(graph, None, config, context)
        return
    await context.ledger.record([_given_up(failure)])
    if begun and snapshot.values.get("delivered") is not None:
        # The customer has the answer. What is left undone is no reason for a second ending.
        nothing: TicketState = {"remembered": {"memory_id": None}}
        await graph.aupdate_state(config, nothing, as_node="remember")
        return
    # Written as `triage`, whose router sends a failed run to `hand_off`: what was pending is
    # dropped, what was gathered stays for the person.
    given: TicketState = {} if begun else await _input(context, reader)
    await graph.aupdate_state(config, {**given, "failure": failure}, as_node="triage")
    await _invoke(graph, None, config, context)


async def _is_with_person(snapshot: StateSnapshot, reader: TicketReader) -> bool:
    decision = await reader.decision()
    return bool(snapshot.interrupts) and (decision is None or not _is_new(decision, snapshot))


async def _is_sent(snapshot: StateSnapshot, context: TicketContext) -> bool:
    """Whether the reply that the run was about to send has reached the customer for certain."""
    values: TicketState = snapshot.values  # type: ignore[assignment]
    checked = values.get("checked")
    ready = deliver.by_person(values) is not None or (checked and checked["verdict"] == "pass")
    open_still = values.get("delivered") is None
    return (
        bool(ready) and open_still and await deliver.already(values, context) == EffectStatus.DONE
    )


def _before_delivery(snapshot: StateSnapshot) -> Literal["act", "check"]:
    """The node whose router leads to `deliver` from here."""
    return "check" if deliver.by_person(snapshot.values) is None else "act"  # type: ignore[arg-type]


def _given_up(failure: Failure) -> RunGivenUp:
    return RunGivenUp(outcome=Reason(failure["kind"]), error=Fault(None, failure["message"]))


async def _invoke(
    graph: TicketGraph,
    given: TicketState | Command[Any] | None,
    config: RunnableConfig,
    context: TicketContext,
) -> TicketState:
    found: TicketState = await graph.ainvoke(given, config, context=context, durability="sync")  # type: ignore[assignment]
    return found


def _kept_by(graph: TicketGraph, saver: BaseCheckpointSaver[Any]) -> TicketGraph:
    own = copy(graph)  # `graph.copy` makes and validates the whole graph anew
    own.checkpointer = saver
    return own


def _config(context: TicketContext) -> RunnableConfig:
    return {
        "configurable": {"thread_id": context.ticket_id},
        "metadata": {"tenant": context.tenant, "epoch": context.epoch, "shape": SHAPE},
    }
