"""Two paths through the graph beside each other: as it was, and as it is now. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from api.explain.sentences import sentence
from memory.journal import events
from memory.journal.codes import Node
from memory.journal.events import Event, StepFailed, StepRan

ENDS = frozenset({Node.HAND_OFF, Node.DELIVER})
"""Steps at which the agent's own part of a turn ends."""
TOLD = (
    events.IntentNamed,
    events.Screened,
    events.AskWeighed,
    events.TicketAssessed,
    events.Objected,
    events.LedToPerson,
    events.RunGivenUp,
)
"""Decisions that are told."""


@dataclass
class Moment:
    """One step, with the decisions taken in it."""

    node: str
    outcome: str
    tools: list[str] = field(default_factory=list)
    """For `gather`: what was called, each as `tool: outcome`."""
    told: list[str] = field(default_factory=list)
    """Its decisions in sentences."""

    @property
    def shape(self) -> tuple[str, str, tuple[str, ...]]:
        """What two equal moments share."""
        return self.node, self.outcome, tuple(sorted(self.tools))

    @property
    def words(self) -> str:
        """The step in a few words."""
        what = f" ({', '.join(sorted(self.tools))})" if self.tools else ""
        outcome = "" if self.outcome in {"ok", ""} else f": {self.outcome.replace('_', ' ')}"
        return f"{self.node}{what}{outcome}"


@dataclass(frozen=True)
class Pair:
    """The same place of both paths."""

    then: Moment | None
    now: Moment | None

    @property
    def same(self) -> bool:
        """Whether the same step ended the same way."""
        return self.then is not None and self.now is not None and self.then.shape == self.now.shape


def path_of(told: Iterable[Event]) -> list[Moment]:
    """The agent's part: up to the first handoff or delivery; parallel steps are one moment."""
    found: list[Moment] = []
    for event in told:
        if isinstance(event, events.StepBase):
            _add(found, event)
        elif isinstance(event, TOLD) and found:
            found[-1].told.append(sentence(event))
        if found and found[-1].node in ENDS:
            break
    return found


def _add(found: list[Moment], step: StepRan | StepFailed) -> None:
    match step:
        case events.GatherRan(tool=tool, outcome=outcome):
            _gathered(found, f"{tool or 'a step'}: {outcome}")
        case StepFailed(node=Node.GATHER, outcome=outcome):
            _gathered(found, f"a step: {outcome}")
        case StepFailed():
            pass
        case _:
            found.append(Moment(step.name, step.outcome))


def _gathered(found: list[Moment], what: str) -> None:
    if not found or found[-1].node != Node.GATHER:
        found.append(Moment(Node.GATHER, ""))
    found[-1].tools.append(what)


def compared(then: Sequence[Moment], after: Sequence[Moment]) -> list[Pair]:
    """Both paths place by place; from the first different step on each goes its own way."""
    pairs: list[Pair] = []
    for place in range(max(len(then), len(after))):
        old = then[place] if place < len(then) else None
        new = after[place] if place < len(after) else None
        pairs.append(Pair(old, new))
    return pairs
