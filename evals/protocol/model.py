"""One ticket, its jobs, its effects, and who works on it: what they may do next.

The moves of the ticket come from `memory.tickets.transitions`, the table that the ledger's UPDATE
statements are made of. The effects follow `memory.effects` and `tools.writes`, by hand. Each action
here is one commit, or one call to the outside: between two of them anybody else may act, or the
process may die.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from memory.tickets.transitions import TRANSITIONS, Rule, Transition

AGENT, PERSON = 0, 1
"""Whose reply: each is an effect with a key of its own."""
NOBODY: Final = -1


class Pc:
    """What a worker does next. Plain strings: a state is hashed a million times."""

    IDLE: Final = "idle"
    BEGIN: Final = "begin"
    DECIDE: Final = "decide"
    """Whether the agent answers or hands off; the checkpoint keeps it."""
    WANT: Final = "want"
    """Write the effect's intention down, or find what became of it."""
    ASK: Final = "ask"
    """Ask the service what became of an effect in doubt."""
    AGAIN: Final = "again"
    CALL: Final = "call"
    RECORD: Final = "record"
    """The service has answered."""
    DOUBT: Final = "doubt"
    """The service's answer was lost."""
    SETTLE: Final = "settle"
    REST: Final = "rest"


class Job(NamedTuple):
    """The queue's entry of one run."""

    run: int
    state: str = "queued"
    holder: int = NOBODY


QUEUED: Final = "queued"
HELD: Final = "held"


class TicketState(NamedTuple):
    """What the fence and the transitions look at."""

    status: str
    run: int
    epoch: int


class Effect(NamedTuple):
    """What the ledger says of one reply."""

    status: str = ""
    attempt: int = 0
    """How often it was begun."""
    stale: bool = False
    """Whether a drive has begun it that did not have the ticket any more."""


class Worker(NamedTuple):
    """A process, or what is left of one."""

    locked: bool = True
    """Whether it holds its lock: others take it for dead where it does not."""
    pc: str = Pc.IDLE
    run: int = 0
    epoch: int = 0
    key: int = AGENT
    attempt: int = 0
    """Of the effect that it makes."""
    doubt: bool = False
    """Whether an earlier attempt of somebody else may have happened."""


class State(NamedTuple):
    """Everything that survives, and where each process stands."""

    ticket: TicketState
    jobs: tuple[Job, ...]
    """Those that are not over."""
    effects: tuple[Effect, Effect]
    arrived: tuple[int, int]
    """How often the customer got each reply."""
    workers: tuple[Worker, ...]
    choice: str = ""
    """Of the agent, in the checkpoint: answer or person."""
    decided: bool = False
    """Whether a person has replied, and a run has to send it."""
    told: str = ""
    """How the ticket ended."""
    seen: TicketState | None = None
    """What the sweeper has read and not acted on yet."""
    crashes: int = 0
    lost_locks: int = 0
    lost_answers: int = 0
    redrives: int = 0
    takeovers: int = 0
    replies: int = 0
    amends: int = 0


@dataclass(frozen=True)
class Service:
    """The outside that replies leave to."""

    honours_key: bool
    """It does one thing once for one key."""
    tells: bool
    """It can be asked what became of a key."""


@dataclass(frozen=True)
class Bounds:
    """How much goes wrong in one history."""

    workers: int = 2
    crashes: int = 1
    lost_locks: int = 1
    """A worker that others take for dead goes on as a zombie."""
    lost_answers: int = 1
    redrives: int = 1
    takeovers: int = 1
    replies: int = 1
    """Of the person, to one handoff after the other."""
    amends: int = 0
    """Messages of a customer who writes on while the agent works."""


@dataclass(frozen=True)
class Rules:
    """The protocol; tests break one rule at a time to see that it is needed."""

    transitions: Mapping[Transition, Rule]
    effects_fenced: bool = True
    ends_fenced: bool = True
    intends_first: bool = True
    failures_by_attempt: bool = True
    """That an attempt failed for certain says nothing about those after it."""
    doubts_kept: bool = True
    """An effect that somebody else left `intended` is in doubt."""


THE_RULES = Rules(TRANSITIONS)


def first(bounds: Bounds) -> State:
    """An accepted ticket and idle workers."""
    return State(
        ticket=TicketState("queued", run=1, epoch=0),
        jobs=(Job(1),),
        effects=(Effect(), Effect()),
        arrived=(0, 0),
        workers=(Worker(),) * bounds.workers,
    )


def canonical(now: State) -> State:
    """The same with the workers in order: they are alike, so their numbers mean nothing."""
    workers = tuple(sorted(now.workers))
    if workers == now.workers:
        return now
    order = sorted(range(len(now.workers)), key=lambda number: now.workers[number])
    place = {number: index for index, number in enumerate(order)} | {NOBODY: NOBODY}
    jobs = tuple(job._replace(holder=place[job.holder]) for job in now.jobs)
    return now._replace(workers=workers, jobs=jobs)


def move(
    rules: Rules,
    ticket: TicketState,
    transition: Transition,
    *,
    run: int | None = None,
    epoch: int | None = None,
    status: str | None = None,
) -> TicketState | None:
    """How the ticket stands after the transition; None where it is held."""
    rule = rules.transitions[transition]
    wanted = ((run, ticket.run), (epoch, ticket.epoch), (status, ticket.status))
    if ticket.status not in rule.sources or any(a not in {None, b} for a, b in wanted):
        return None
    return TicketState(rule.target.value, ticket.run + rule.new_run, ticket.epoch + rule.new_epoch)
