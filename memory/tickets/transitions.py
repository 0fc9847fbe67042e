"""The table of a ticket's transitions, as data: `lifecycle` makes them, the diagram is drawn from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from memory.journal.codes import RunCause
from memory.tables import TicketStatus


class Transition(StrEnum):
    """What can happen to a ticket. `TRANSITIONS` says from where, and to where it leads."""

    ACCEPT = "accept"
    """A customer's system handed it in."""
    BEGIN = "begin"
    """A worker drives its graph, for the first time or after another worker died."""
    REST = "rest"
    """The graph waits for a person."""
    SETTLE = "settle"
    """The graph has come to its end."""
    NEXT_TURN = "next turn"
    """The customer wrote on."""
    AMEND = "amend"
    """The customer wrote more while the agent was at work: the turn begins anew with all of it."""
    CARRY_OUT = "carry out"
    """A person decided, and a run does what was decided."""
    MERGE = "merge"
    """A person answers it together with another ticket."""
    TAKE_OVER = "take over"
    """A person took it from the agent."""
    REDRIVE = "redrive"
    """Its run was lost; another one begins."""
    GIVE_UP = "give up"
    """Its runs were lost too often; it goes to a person without one."""
    ERASE = "erase"
    """Its customer is erased: whatever has it lets go, and its rows are removed."""


@dataclass(frozen=True)
class Rule:
    """Where a transition may begin, where it leads, and which numbers it raises by one."""

    sources: tuple[TicketStatus, ...]
    """Empty for a ticket that is not there yet."""
    target: TicketStatus
    new_run: bool = False
    """The queue entry of the run before is void from here on."""
    new_epoch: bool = False
    """Whatever drives the ticket is a zombie from here on."""


AT_WORK = (TicketStatus.QUEUED, TicketStatus.RUNNING)
"""While the agent has the ticket, or is to have it."""
TRANSITIONS: Mapping[Transition, Rule] = {
    Transition.ACCEPT: Rule((), TicketStatus.QUEUED),
    Transition.BEGIN: Rule(AT_WORK, TicketStatus.RUNNING, new_epoch=True),
    Transition.REST: Rule((TicketStatus.RUNNING,), TicketStatus.WAITING),
    Transition.SETTLE: Rule((TicketStatus.RUNNING,), TicketStatus.SETTLED),
    Transition.NEXT_TURN: Rule((TicketStatus.SETTLED,), TicketStatus.QUEUED, new_run=True),
    Transition.AMEND: Rule(
        (TicketStatus.RUNNING,), TicketStatus.QUEUED, new_run=True, new_epoch=True
    ),
    Transition.CARRY_OUT: Rule((TicketStatus.WAITING,), TicketStatus.QUEUED, new_run=True),
    Transition.MERGE: Rule((TicketStatus.WAITING,), TicketStatus.SETTLED),
    Transition.TAKE_OVER: Rule(AT_WORK, TicketStatus.WAITING, new_run=True, new_epoch=True),
    Transition.REDRIVE: Rule(AT_WORK, TicketStatus.QUEUED, new_run=True, new_epoch=True),
    Transition.GIVE_UP: Rule(AT_WORK, TicketStatus.WAITING, new_epoch=True),
    Transition.ERASE: Rule(tuple(TicketStatus), TicketStatus.SETTLED, new_run=True, new_epoch=True),
}


RESUMING = frozenset({RunCause.REDRIVE, RunCause.RECOVERED})
"""Runs that go on with what another drive of the same turn had begun."""


def mermaid() -> str:
    """The table as a diagram of states. `+run` and `+epoch` say which numbers grow."""
    lines = ["stateDiagram-v2"]
    for transition, rule in TRANSITIONS.items():
        grown = [
            name for name, grows in (("run", rule.new_run), ("epoch", rule.new_epoch)) if grows
        ]
        label = " ".join([transition.value, *(f"+{name}" for name in grown)])
        sources = rule.sources or ("[*]",)
        lines += [f"    {source} --> {rule.target}: {label}" for source in sources]
    return "\n".join(lines)
