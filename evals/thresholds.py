"""A threshold for the share of wrong answers a tenant allows, by conformal risk control.

A delivered answer is wrong when nothing answers the question or another article is cited. On n
exchangeable cases the share of wrong ones among the next delivered is at most
(wrong + 1) / (delivered + 1) of those at or above a fixed threshold; the lowest threshold for
which this stays within the stated error is taken. Where none does, nothing is delivered.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from evals.cases import Case
from evals.datasets import DataError

NEVER = 1.0
"""A threshold that no confidence reaches: everything goes to a person."""


@dataclass(frozen=True)
class Threshold:
    """A threshold with what it stands on."""

    threshold: float
    max_error: float
    """The share of delivered answers that may be wrong, as stated."""
    n: int
    """Labelled cases it was chosen on."""
    delivered: int
    realised_error: float | None
    """On those cases; None where nothing would be delivered."""
    coverage: float
    """The share of those cases that would be answered."""
    sufficient: bool
    """Whether some threshold kept the stated error; if not, `threshold` delivers nothing."""
    note: str
    date: str


def choose(cases: Sequence[Case], max_error: float) -> Threshold:
    """The lowest threshold that keeps `max_error`; see the module."""
    ranked = sorted(cases, key=lambda case: -case.confidence)
    taken = wrong = taken_wrong = 0
    for place, case in enumerate(ranked, start=1):
        wrong += not case.correct
        tied = place < len(ranked) and ranked[place].confidence == case.confidence
        if not tied and (wrong + 1) / (place + 1) <= max_error:
            taken, taken_wrong = place, wrong
    return Threshold(
        threshold=ranked[taken - 1].confidence if taken else NEVER,
        max_error=max_error,
        n=len(ranked),
        delivered=taken,
        realised_error=taken_wrong / taken if taken else None,
        coverage=taken / len(ranked) if ranked else 0.0,
        sufficient=taken > 0,
        note=_note(len(ranked), max_error, taken),
        date=datetime.now(UTC).date().isoformat(),
    )


def _note(n: int, max_error: float, taken: int) -> str:
    least = round(1 / max_error) - 1
    if taken:
        return f"Chosen on {n} cases, of which {taken} would be answered."
    if n < least:
        return (
            f"{n} cases are too few: at least {least} right answers are needed to show an error "
            f"of at most {max_error:.0%}. Every question goes to a person until there are more."
        )
    return (
        f"No threshold keeps the error at {max_error:.0%} on these {n} cases. "
        "Every question goes to a person: state a larger error, or improve the articles."
    )


def save(threshold: Threshold, path: Path) -> None:
    """Write it as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(asdict(threshold), indent=2) + "\n", encoding="utf-8")


def load(path: Path) -> Threshold:
    """Read what `save` wrote. Raises `DataError`."""
    try:
        return Threshold(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        msg = f"{path}: no calibration that `evals calibrate` wrote ({error})"
        raise DataError(msg) from error
