"""Visits every state that the protocol can reach, and says what must not be."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from evals.protocol.actions import AT_WORK, REPLIES, World
from evals.protocol.model import AGENT, PERSON, State, canonical
from memory.tables import EffectStatus

MOST_STATES = 5_000_000
"""More are not visited: `Explored.complete` tells."""
DENIED = frozenset({"", EffectStatus.FAILED.value})
"""What the ledger says of an effect that certainly did not happen."""


@dataclass
class Explored:
    """What a search found."""

    states: int = 0
    steps: int = 0
    ended: int = 0
    """States in which the ticket has ended and nothing is left to do but faults and people."""
    faults: list[Fault] = field(default_factory=list)
    complete: bool = True


@dataclass(frozen=True)
class Fault:
    """A broken promise, with the shortest way to it."""

    promise: str
    way: tuple[str, ...]


def explore(world: World, start: State) -> Explored:
    """Every state within the world's bounds; stops at the first fault."""
    found, before = Explored(), {start: (start, "")}
    onward: dict[State, list[State]] = {}
    queue = deque([start])
    while queue and not found.faults:
        now = queue.popleft()
        found.faults += [Fault(promise, _way_to(now, before)) for promise in broken(now)]
        following = onward[now] = []
        for step in world.steps(now):
            found.steps += 1
            after = canonical(step.after)
            if not step.fault:
                following.append(after)
            if after not in before:
                before[after] = (now, step.name)
                queue.append(after)
        if len(before) > MOST_STATES:
            found.complete = False
            break
    found.states = len(before)
    found.ended = sum(ended(state) for state in onward)
    if not found.faults and found.complete:
        found.faults += [
            Fault("lost: without further faults it does not come to an end", _way_to(state, before))
            for state in list(_stuck(onward))[:1]
        ]
    return found


def ended(now: State) -> bool:
    """Whether the ticket is answered or with a person."""
    return now.ticket.status not in AT_WORK


def broken(now: State) -> Iterator[str]:
    """Promises that this state breaks."""
    if now.arrived[AGENT] > 1 or now.arrived[PERSON] > 1:
        yield "doubled: a reply was sent twice"
    for key, told in enumerate(REPLIES):
        if now.arrived[key] == 0 and ended(now) and now.told == told:
            yield f"lost: it ended with the {told} reply, which was never sent"
    if ended(now) and not now.told:
        yield "lost: it ended, and nobody has it"
    if now.decided and ended(now) and now.told != REPLIES[PERSON]:
        yield "lost: a person has replied, and it ended without"
    if any(effect.stale for effect in now.effects):
        yield "zombie: a drive that had lost the ticket began a reply"
    if now.arrived[AGENT] and now.effects[AGENT].status in DENIED:
        yield "denied: the ledger says that a reply was not sent, and it was"


def _stuck(onward: Mapping[State, Sequence[State]]) -> Iterator[State]:
    """States from which no fair history leads to an end."""
    back: dict[State, list[State]] = {state: [] for state in onward}
    for state, following in onward.items():
        for after in following:
            if after in back:
                back[after].append(state)
    good = {state for state in onward if ended(state)}
    queue = deque(good)
    while queue:
        for state in back[queue.popleft()]:
            if state not in good:
                good.add(state)
                queue.append(state)
    yield from (state for state in onward if state not in good)


def _way_to(state: State, before: Mapping[State, tuple[State, str]]) -> tuple[str, ...]:
    """What happened, from the start. A worker's number holds for its own step only."""
    names = []
    while (step := before[state])[1]:
        names.append(step[1])
        state = step[0]
    return tuple(reversed(names))
