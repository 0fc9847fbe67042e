"""What every node has around it: a bounded counter, the journal, and the way to a person."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any, Literal, Protocol

from langgraph.errors import GraphBubbleUp, NodeError
from langgraph.runtime import Runtime
from langgraph.types import Command
from opentelemetry.trace import Span

from graph.context import NodeFault, NodeResult, TicketContext
from graph.minds.contract import LimitReached, MindFault
from graph.state import Failure, TicketState
from graph.termination import caps
from memory.admission import limited
from memory.journal.codes import Cause, Limit, Reason
from memory.journal.codes import Node as Name
from memory.journal.events import Fault, LedToPerson, StepFailed, StepForgone
from memory.step_turns import step_turn
from memory.storage.errors import Fenced, StorageUnavailable
from tools.tracing import spanned

Node = Callable[[Any, TicketContext], Awaitable[NodeResult]]


class Runnable(Protocol):
    """A node as the graph calls it."""

    async def __call__(self, state: Any, runtime: Runtime[TicketContext]) -> TicketState:
        """Do the node's work on the state (or, for `gather`, on one step)."""
        ...


CAPPED = {
    Name.PLAN: Limit.REPLANS,
    Name.DRAFT: Limit.REVISIONS,
    Name.CHECK: Limit.REVISIONS,
    Name.GATHER: Limit.TOOL_CALLS,
}
"""The limits by which nodes are capped."""
PASSING = (StorageUnavailable, TimeoutError, ConnectionError)
"""Errors that a second attempt may not meet."""


def passing(error: Exception) -> bool:
    """Whether a failed node is worth another attempt. Tools have had theirs in the gateway."""
    if isinstance(error, MindFault):
        return error.retryable
    return isinstance(error, PASSING)


def journalled(name: str, node: Node, seconds: float) -> Runnable:
    """The node as the graph runs it: it spends its counter first and writes down what it did.

    An attempt takes `seconds` at most; what it waits for its turn at a processor does not count.

    The rows are written with the checkpoint, so that no completed step is missing from the
    journal; a step that is killed before runs again and leaves a row with cause `resume`.
    """

    async def run(state: Any, runtime: Runtime[TicketContext]) -> TicketState:
        context, started = runtime.context, time.perf_counter()
        cause = _cause(context, runtime)
        _refuse_beyond_cap(name, state, context)
        await step_turn()
        context.drive.mark(name)
        try:
            with _node_span(name, context, cause):
                async with limited(seconds):
                    result = await node(state, context)
        except (GraphBubbleUp, Fenced):
            raise
        except Exception as error:
            failed = StepFailed(
                node=Name(name),
                cause=cause or Cause.PLANNED,
                error=Fault(None, in_words(error)),
                duration_ms=_since(started),
            )
            await context.ledger.record([failed])
            raise
        ran = replace(result.ran, cause=cause or result.ran.cause, duration_ms=_since(started))
        await context.ledger.record([ran, *result.events])
        return _with_count(name, result.update, context)

    run.__name__ = name
    return run


class LedgerAway(GraphBubbleUp):
    """The ledger has been away for all attempts: the run ends where it stands, and no node has failed.

    While it is away nobody could be told. The sweeper begins the run again, within its own limit.
    """


def outlasting(node: Runnable, attempts: int) -> Runnable:
    """The node, whose last attempt takes a ledger that is away for no failure of its own."""

    async def run(state: Any, runtime: Runtime[TicketContext]) -> TicketState:
        try:
            return await node(state, runtime)
        except StorageUnavailable as away:
            info = runtime.execution_info
            if info is not None and info.node_attempt < attempts:
                raise
            raise LedgerAway from away

    return run


def _node_span(
    name: str, context: TicketContext, cause: Cause | None
) -> AbstractContextManager[Span]:
    """The span of one attempt of a node. Coming to rest at an interrupt is no error."""
    attributes = {
        "deskhand.node": name,
        "deskhand.cause": cause,
        "deskhand.tenant": context.tenant,
        "gen_ai.conversation.id": context.ticket_id,
    }
    return spanned(f"node {name}", attributes, passing=(GraphBubbleUp,))


async def to_person(
    _state: TicketState, error: NodeError, runtime: Runtime[TicketContext]
) -> Command[Literal["hand_off"]]:
    """The error handler of every node: retries are used up, so a person takes over."""
    if isinstance(error.error, Fenced):
        raise error.error
    failure = _failure_of(error.node, error.error)
    led = LedToPerson(
        outcome=Reason(failure["kind"]), error=Fault(None, failure["message"]), node=error.node
    )
    try:
        await runtime.context.ledger.record([led])
    except StorageUnavailable as away:
        raise LedgerAway from away
    return Command(update={"failure": failure}, goto="hand_off")


async def forgo(
    _state: TicketState, error: NodeError, runtime: Runtime[TicketContext]
) -> Command[Literal["__end__"]]:
    """The error handler of what comes after the delivery: the customer has the answer.

    A handoff would be a second ending, so the loss is written down and the turn ends.
    """
    if isinstance(error.error, Fenced):
        raise error.error
    forgone = StepForgone(outcome=Name(error.node), error=Fault(None, in_words(error.error)))
    await runtime.context.ledger.record([forgone])
    return Command(update={"remembered": {"memory_id": None}}, goto="__end__")


def _failure_of(node: str, error: BaseException) -> Failure:
    """The failure as state: a reason code and words without customer text."""
    found: Failure = {"node": node, "kind": _reason(error), "message": in_words(error)}
    limit = error.limit if isinstance(error, NodeFault | LimitReached) else None
    return found if limit is None else {**found, "limit": limit.value}


def _reason(error: BaseException) -> str:
    if isinstance(error, NodeFault):
        return error.reason.value
    reason = Reason.LIMIT_REACHED if isinstance(error, LimitReached) else Reason.NODE_FAILED
    return reason.value


def in_words(error: BaseException) -> str:
    """What happened. Only our own errors are quoted: others may carry customer text."""
    if isinstance(error, (NodeFault, MindFault, StorageUnavailable)):
        return str(error)
    return type(error).__name__


def _refuse_beyond_cap(name: str, state: Any, context: TicketContext) -> None:
    cap = caps(context.desk.limits).get(name)
    spent = (state.get("spent") or {}).get(name, 0)
    if cap is not None and spent >= cap:
        words = f"{name} ran {spent} times, at most {cap}."
        raise NodeFault(Reason.LIMIT_REACHED, words, CAPPED.get(Name(name)))


def _with_count(name: str, update: TicketState, context: TicketContext) -> TicketState:
    if name not in caps(context.desk.limits):
        return update
    return {**update, "spent": {**(update.get("spent") or {}), name: 1}}


def _cause(context: TicketContext, runtime: Runtime[TicketContext]) -> Cause | None:
    info = runtime.execution_info
    first, context.drive.started = not context.drive.started, True
    if info is not None and info.node_attempt > 1:
        return Cause.RETRY
    return Cause.RESUME if first and context.drive.resumed else None


def _since(started: float) -> float:
    return (time.perf_counter() - started) * 1000
