"""What a worker does for people beside the runs: send their letters, tell a stopped run's story."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import structlog

from api.runtimes import DriveContexts, TenantRuntime
from graph.briefing import brief
from graph.nodes.hand_off import story
from graph.run import state_of
from graph.state import TicketState
from memory import handoffs
from memory.handoffs import outbox
from memory.handoffs.held_letters import bring_forward
from memory.journal.codes import Cause, ErrorKind
from memory.storage.checkpoints import Checkpoints
from memory.storage.database import Database
from memory.storage.errors import Fenced
from memory.tables import Handoff, Letter, OutboxStatus, Ticket
from memory.tickets import tickets
from tools.contract import CallContext, ToolCall, ToolOutcome

log = structlog.get_logger()

_ENDS = {"unknown": OutboxStatus.UNKNOWN, "ok": OutboxStatus.SENT, "suppressed": OutboxStatus.SENT}


@dataclass(frozen=True)
class Tried:
    """What one attempt to send a letter brought."""

    status: OutboxStatus
    error: str | None = None
    may_pass: bool = False
    """Whether another attempt may bring more: an outage, or a doubt that the service can end."""


class OutboxWorker:
    """Sends letters and tells stories. Each may be done twice."""

    def __init__(
        self,
        database: Database,
        runtimes: Mapping[str, TenantRuntime],
        contexts: DriveContexts,
        checkpoints: Checkpoints,
    ) -> None:
        self._database = database
        self._runtimes = runtimes
        self._contexts = contexts
        self._checkpoints = checkpoints

    async def send(self, letter_id: str) -> str:
        """Send a letter through the delivery effect, and write down what became of it."""
        async with self._database.transaction() as session:
            letter = await outbox.begin(session, letter_id)
            ticket = None if letter is None else await tickets.get(session, None, letter.ticket_id)
        if letter is None or ticket is None:
            return "settled before"
        sent = await self._sent(letter, ticket)
        async with self._database.transaction() as session:
            if sent.may_pass and await outbox.later(session, letter, sent.error or ""):
                return "later"
            await outbox.settle(session, letter_id, sent.status, sent.error)
        if sent.status is OutboxStatus.SENT:
            async with self._database.transaction() as session:
                await bring_forward(session, letter.tenant)
        return str(sent.status)

    async def _sent(self, letter: Letter, ticket: Ticket) -> Tried:
        runtime = self._runtimes.get(letter.tenant)
        if runtime is None:
            words = f"the desk of {letter.tenant} could not be read"
            return Tried(OutboxStatus.FAILED, words, may_pass=True)
        call: ToolCall = {
            "tool": outbox.TOOLS[letter.kind],
            "arguments": outbox.arguments(letter),
            "step_id": letter.id,
            "cause": Cause.PERSON if letter.author else Cause.NOTICE,
        }
        context = self._contexts.of(ticket, "letter")
        # As of the moment it was wanted: a run that began since fences it off.
        as_wanted = replace(context, epoch=letter.epoch, turn=letter.turn)
        try:
            caller: CallContext = {**as_wanted.caller(), "by_person": letter.author is not None}
            outcome = await runtime.gateway.call(call, caller)
        except Fenced:
            return Tried(OutboxStatus.WITHDRAWN)
        return _became(outcome, letter)

    async def tell_story(self, handoff_id: str) -> bool:
        """Add to a taken-over ticket's handoff what its run had found before it was stopped."""
        async with self._database.reading() as session:
            handoff = await session.get(Handoff, handoff_id)
            if handoff is None:
                return False
            ticket = await tickets.get(session, None, handoff.ticket_id)
        runtime = self._runtimes.get(ticket.tenant)
        if runtime is None or ticket.turn != handoff.turn:
            return False
        try:
            state = await self._state(ticket)
        except Fenced:
            return False  # the ticket goes on already: a person decided
        if state is None or state.get("turn", 0) < handoff.turn:
            return False
        return await self._fill(handoff, ticket, state)

    async def _state(self, ticket: Ticket) -> TicketState | None:
        """Where the run stands; opening the saver also keeps the stopped run from writing on."""
        graph = self._runtimes[ticket.tenant].graph
        async with self._checkpoints.saver(ticket.id, ticket.epoch) as saver:
            return await state_of(graph, saver, ticket.id)

    async def _fill(self, handoff: Handoff, ticket: Ticket, state: TicketState) -> bool:
        context = self._contexts.of(ticket, "takeover")
        briefing = await brief(state, context, handoff.created_at)
        told = await story(state, context, briefing)
        async with self._database.transaction() as session:
            return await handoffs.fill_story(session, handoff.id, told, **briefing.fields())


def _became(outcome: ToolOutcome, letter: Letter) -> Tried:
    error = outcome["error"]
    status = _ENDS.get(outcome["status"], OutboxStatus.FAILED)
    if error is None:
        return Tried(status)
    # A person who asks is told at once that all sending is stopped; a notice waits for its start.
    halted = letter.author is None and error["kind"] == ErrorKind.SENDING_STOPPED
    may_pass = error["retryable"] or halted or status is OutboxStatus.UNKNOWN
    return Tried(status, f"{error['kind']}: {error['message']}", may_pass)
