"""The journal of a ticket as a story with times and totals. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from api.explain.sentences import count, sentence, span
from memory.budgets.amounts import MICROS
from memory.tables import JournalRow

_TROUBLE = frozenset({"failed", "refused", "timeout", "unknown", "fenced", "finding"})


@dataclass(frozen=True)
class Told:
    """One thing that happened."""

    offset_seconds: float
    """Since the first row of the story."""
    turn: int
    kind: str
    text: str
    trouble: bool
    """Whether something went wrong."""


@dataclass(frozen=True)
class Totals:
    """What it all came to."""

    seconds: float
    """From the first row to the last."""
    waiting_seconds: float
    """Of these in people's hands."""
    steps: int
    calls: int
    """Calls of tools, without those left out."""
    retries: int
    """Attempts beyond the first."""
    suppressed: int
    """Calls left out because they had been made already."""
    tokens: int
    cost_micros: int


def story(rows: Sequence[JournalRow]) -> list[Told]:
    """Every row in order, each as a sentence with its time since the first."""
    return [
        Told(
            offset_seconds=max(0.0, (row.at - rows[0].at).total_seconds()),
            turn=row.turn,
            kind=row.kind,
            text=sentence(row),
            trouble=bool(row.error) or row.outcome in _TROUBLE,
        )
        for row in rows
    ]


def condensed(rows: Sequence[JournalRow]) -> list[JournalRow]:
    """Without what another row says as well: single attempts, steps that only made a call."""
    return [row for row in rows if not _is_said_elsewhere(row)]


def _is_said_elsewhere(row: JournalRow) -> bool:
    numbers = row.numbers or {}
    if row.kind == "attempt":
        return numbers.get("attempt") == 1 and "next_wait_seconds" not in numbers
    if row.kind == "step" and row.cause not in {"retry", "resume"}:
        return row.name == "assess" or (row.name == "gather" and row.outcome != "proposed")
    return row.kind == "decision" and row.name == "plan" and ";" not in row.outcome


def totals(rows: Sequence[JournalRow]) -> Totals:
    """The figures of a story; all zero for an empty one."""
    waits = (
        (after.at - before.at).total_seconds()
        for before, after in pairwise(rows)
        if before.kind == "wait" or before.outcome == "waiting"
    )
    return Totals(
        seconds=(rows[-1].at - rows[0].at).total_seconds() if rows else 0.0,
        waiting_seconds=sum(waits),
        steps=sum(row.kind == "step" for row in rows),
        calls=sum(row.kind == "call" and row.outcome != "suppressed" for row in rows),
        retries=sum(row.cause == "retry" for row in rows),
        suppressed=sum(row.outcome == "suppressed" for row in rows),
        tokens=sum((row.tokens_in or 0) + (row.tokens_out or 0) for row in rows),
        cost_micros=sum(row.cost_micros or 0 for row in rows),
    )


def summary(rows: Sequence[JournalRow]) -> str:
    """The totals in one sentence."""
    found = totals(rows)
    parts = [f"{span(found.seconds)} from the first row to the last"]
    if found.waiting_seconds > 0:
        parts.append(f"{span(found.waiting_seconds)} of it in people's hands")
    parts += [count(found.steps, "step"), count(found.calls, "tool call")]
    if found.retries:
        parts.append(f"{found.retries} of the attempts repeated")
    if found.suppressed:
        parts.append(f"{count(found.suppressed, 'call')} left out as made before")
    parts += [count(found.tokens, "token"), f"cost {found.cost_micros / MICROS:.4f}"]
    return ", ".join(parts) + "."
