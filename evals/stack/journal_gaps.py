"""Is a ticket's journal whole? Pure: rows in, what is missing in words out.

The graph's own edges are the measure: between two rows of steps there must be a way that the
builder knows, or the cause must say why the same step ran again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol

from graph.build import FAILURE, build, edges_of
from graph.desk.limits import Limits
from graph.termination import Edges
from memory.journal import codec, events
from memory.journal.codes import Cause, Node
from memory.tables import TicketStatus

START = "__start__"
AGAIN = frozenset({Cause.RETRY, Cause.RESUME})
"""Causes under which a step may run twice in a row."""
ENTRIES = frozenset({"triage", "act"})
"""Where a decision enters that no interrupt waits for."""


class JournalLine(codec.RowLike, Protocol):
    """What is looked at of a `memory.tables.JournalRow`."""

    @property
    def seq(self) -> int: ...  # noqa: D102
    @property
    def epoch(self) -> int: ...  # noqa: D102


@lru_cache(maxsize=1)
def ways() -> Edges:
    """From each node to those that may follow it."""
    return edges_of(build(Limits()))


def gaps(rows: Sequence[JournalLine], edges: Edges | None = None) -> list[str]:
    """What is missing from a ticket's journal, in words; empty if it is whole."""
    if not rows:
        return ["the journal is empty"]
    found = [
        f"row {want} is missing: there is {row.seq}"
        for want, row in enumerate(rows, start=1)
        if row.seq != want
    ]
    first = rows[0]
    if not isinstance(codec.event(first), events.Accepted):
        found.append(f"it begins with {first.kind} {first.name}, not with the acceptance")
    walk = _Walk(edges or ways())
    for row in rows:
        found += walk.faults(row)
    return found + walk.end()


@dataclass
class _Walk:
    """Follows the rows through the graph."""

    edges: Mapping[str, frozenset[str]]
    last: str = START
    """The last step that ran."""
    due: frozenset[str] = frozenset({"triage", "act"})
    """What may run next without being a repetition."""
    drives: set[int] = field(default_factory=set)
    fresh: bool = False
    """Whether a drive began since the last step."""
    amended: bool = False
    """Whether the customer wrote while a run went on: the next drive may begin the turn anew."""
    rest: str = "nothing has run"
    steps_due: int = 0
    """Branches that the last plan asked for and none of which has been seen."""

    def faults(self, row: JournalLine) -> list[str]:
        """What is wrong with the next row."""
        match codec.event(row):
            case events.CustomerWrote(outcome=TicketStatus.RUNNING | TicketStatus.QUEUED):
                self.amended = True
            case events.RunBegan():
                self.drives.add(row.epoch)
                self.due |= self._after(START) if self.amended else frozenset()
                self.amended = False
                self.fresh, self.rest = True, "a run began and did not come to rest"
            case events.StepBase() as step:
                return self._step(row, step)
            case events.LedToPerson() | events.RunGivenUp():
                self.due = self._after(FAILURE)
            case events.StepForgone():
                self.due = frozenset()
            case events.TurnSettled():
                self.last, self.due, self.rest = START, self._after(START), ""
            case events.Waiting() as waits:
                self._wait(waits)
        return []

    def end(self) -> list[str]:
        """What is wrong with where it stops."""
        return [f"it does not end at rest: {self.rest}"] if self.rest else []

    def _step(self, row: JournalLine, step: events.StepBase) -> list[str]:
        found = []
        if row.epoch not in self.drives:
            found.append(f"row {row.seq}: step {step.name} of drive {row.epoch}, which never began")
        if not self._may(step):
            found.append(f"row {row.seq}: {step.name} ({step.cause}) does not follow {self.last}")
        if step.name == Node.ASSESS and self.steps_due:
            found.append(f"row {row.seq}: {self.steps_due} planned steps left no row")
        self._note(step)
        return found

    def _may(self, step: events.StepBase) -> bool:
        if step.name in self.due or (step.name == self.last == Node.GATHER):
            return True
        again = step.name == self.last and step.cause in AGAIN
        return again or (self.fresh and step.name in self._after(self.last))

    def _note(self, step: events.StepBase) -> None:
        self.last, self.fresh, self.due = step.name, False, self._after(step.name)
        self.rest = f"the last step is {step.name}"
        if isinstance(step, events.PlanRan):
            self.steps_due = step.steps
        elif step.name == Node.GATHER:
            self.steps_due = 0

    def _wait(self, waits: events.Waiting) -> None:
        self.rest = ""
        if waits.cause in {Cause.REDRIVE, Cause.TAKEOVER}:
            self.due = self.due | ENTRIES | {self.last}

    def _after(self, node: str) -> frozenset[str]:
        return self.edges.get(node, frozenset()) - {FAILURE}
