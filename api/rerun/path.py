"""Two paths through the graph beside each other: as it was, and as it is now. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from api.explain.sentences import sentence
from memory.journal.journal import Entry
from memory.tables import JournalRow
from memory.tables.base import now

ENDS = frozenset({"hand_off", "deliver"})
"""Steps at which the agent's own part of a turn ends."""
TOLD = frozenset({"intent", "screen", "confidence", "assess", "to_person", "give_up"})


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


def path_of(rows: Iterable[JournalRow | Entry]) -> list[Moment]:
    """The agent's part: up to the first handoff or delivery; parallel steps are one moment."""
    found: list[Moment] = []
    for row in rows:
        if row.kind == "step" and (row.name == "gather" or not row.error):
            _add(found, row)
        elif row.kind == "decision" and found and _is_told(row):
            found[-1].told.append(sentence(_as_row(row)))
        if found and found[-1].node in ENDS:
            break
    return found


def _add(found: list[Moment], row: JournalRow | Entry) -> None:
    tool = (row.numbers or {}).get("tool")
    if row.name != "gather":
        found.append(Moment(row.name, row.outcome))
        return
    if not found or found[-1].node != "gather":
        found.append(Moment("gather", ""))
    found[-1].tools.append(f"{tool or 'a step'}: {row.outcome}")


def _is_told(row: JournalRow | Entry) -> bool:
    return row.name in TOLD or row.outcome == "finding"


def _as_row(row: JournalRow | Entry) -> JournalRow:
    if isinstance(row, JournalRow):
        return row
    return JournalRow(
        ticket_id="",
        tenant="",
        turn=1,
        epoch=1,
        seq=1,
        at=now(),
        kind=row.kind,
        name=row.name,
        cause=row.cause,
        outcome=row.outcome,
        error=row.error,
        numbers=dict(row.numbers),
    )


def compared(then: Sequence[Moment], after: Sequence[Moment]) -> list[Pair]:
    """Both paths place by place; from the first different step on each goes its own way."""
    pairs: list[Pair] = []
    for place in range(max(len(then), len(after))):
        old = then[place] if place < len(then) else None
        new = after[place] if place < len(after) else None
        pairs.append(Pair(old, new))
    return pairs
