"""Is a ticket's journal whole? Pure: rows in, what is missing in words out.

The graph's own edges are the measure: between two rows of steps there must be a way that the
builder knows, or the cause must say why the same step ran again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from graph.build import FAILURE, build, edges_of
from graph.desk.limits import Limits
from graph.termination import Edges

START = "__start__"
AGAIN = frozenset({"retry", "resume"})
"""Causes under which a step may run twice in a row."""
ENTRIES = frozenset({"triage", "act"})
"""Where a decision enters that no interrupt waits for."""


class JournalLine(Protocol):
    """What is looked at of a `memory.tables.JournalRow`."""

    seq: int
    epoch: int
    kind: str
    name: str
    cause: str
    outcome: str
    numbers: dict[str, Any]


def ways() -> Edges:
    """From each node to those that may follow it."""
    return edges_of(build(Limits()))


def gaps(rows: Sequence[JournalLine], edges: Edges | None = None) -> list[str]:
    """What is missing from a ticket's journal, in words; empty where it is whole."""
    if not rows:
        return ["the journal is empty"]
    found = [
        f"row {want} is missing: there is {row.seq}"
        for want, row in enumerate(rows, start=1)
        if row.seq != want
    ]
    first = rows[0]
    if (first.kind, first.name) != ("ticket", "accept"):
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
    rest: str = "nothing has run"
    steps_due: int = 0
    """Branches that the last plan asked for and none of which has been seen."""

    def faults(self, row: JournalLine) -> list[str]:
        """What is wrong with the next row."""
        match (row.kind, row.name):
            case ("run", "drive"):
                self.drives.add(row.epoch)
                self.fresh, self.rest = True, "a run began and did not come to rest"
            case ("step", _):
                return self._step(row)
            case ("decision", "to_person" | "give_up"):
                self.due = self._after(FAILURE)
            case ("decision", "forgo"):
                self.due = frozenset()
            case ("ticket", "settle"):
                self.last, self.due, self.rest = START, self._after(START), ""
            case ("wait", _):
                self._wait(row)
        return []

    def end(self) -> list[str]:
        """What is wrong with where it stops."""
        return [f"it does not end at rest: {self.rest}"] if self.rest else []

    def _step(self, row: JournalLine) -> list[str]:
        found = []
        if row.epoch not in self.drives:
            found.append(f"row {row.seq}: step {row.name} of drive {row.epoch}, which never began")
        if not self._may(row):
            found.append(f"row {row.seq}: {row.name} ({row.cause}) does not follow {self.last}")
        if row.name == "assess" and self.steps_due:
            found.append(f"row {row.seq}: {self.steps_due} planned steps left no row")
        self._note(row)
        return found

    def _may(self, row: JournalLine) -> bool:
        if row.name in self.due or (row.name == self.last == "gather"):
            return True
        again = row.name == self.last and row.cause in AGAIN
        return again or (self.fresh and row.name in self._after(self.last))

    def _note(self, row: JournalLine) -> None:
        self.last, self.fresh, self.due = row.name, False, self._after(row.name)
        self.rest = f"the last step is {row.name}"
        if row.name == "plan" and row.outcome != "failed":
            self.steps_due = int(row.numbers.get("steps", 0))
        elif row.name == "gather":
            self.steps_due = 0

    def _wait(self, row: JournalLine) -> None:
        self.rest = ""
        if row.cause in {"redrive", "takeover"}:
            self.due = self.due | ENTRIES | {self.last}

    def _after(self, node: str) -> frozenset[str]:
        return self.edges.get(node, frozenset()) - {FAILURE}
