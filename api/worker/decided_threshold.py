"""A threshold from what people decided on handoffs.

A handoff for low confidence brings a suggestion: sent as it was, it was right; rewritten, it was
wrong. These cases lie below the threshold in force, so they can only lower it: what is newly
answered keeps the stated error, and what was answered before is answered as before.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from graph.thresholds import Threshold, choose
from memory.handoffs.model import story_of
from memory.tables import DecisionKind, Handoff

LEAST_DECISIONS = 40
"""Decisions below which nothing is fitted."""
ALIKE = 0.95
"""Likeness of a sent reply to the suggestion, from 0 to 1, from which on it is the same answer."""


@dataclass(frozen=True)
class Decided:
    """One decision as a labelled case."""

    confidence: float
    correct: bool


def cases(handoffs: Iterable[Handoff]) -> list[Decided]:
    """The handoffs that say whether the suggestion was right."""
    return [found for one in handoffs if (found := _case(one)) is not None]


def fitted(found: list[Decided], max_error: float, current: float) -> Threshold:
    """The threshold that these decisions support; never above the current one.

    Not `sufficient` where they are too few or too often wrong: then the current one stays.
    """
    below = [one for one in found if one.confidence < current]
    chosen = choose(below, max_error)
    if len(below) < LEAST_DECISIONS:
        note = f"{len(below)} decisions are too few: at least {LEAST_DECISIONS} are needed."
        return replace(chosen, sufficient=False, threshold=current, note=note)
    if not chosen.sufficient:
        note = f"No lower threshold keeps {max_error:.0%} on people's {len(below)} decisions."
        return replace(chosen, threshold=current, note=note)
    note = (
        f"Chosen on people's {len(below)} decisions on handoffs below {current:.2f}; of these, "
        f"{chosen.delivered} would have been answered."
    )
    return replace(chosen, note=note)


def _case(handoff: Handoff) -> Decided | None:
    decision, story = handoff.decision or {}, story_of(handoff)
    values = [one.confidence for one in story.assessments if one.confidence is not None]
    if not values or story.suggestion is None:
        return None
    match decision.get("kind"):
        case DecisionKind.APPROVE:
            return Decided(min(values), correct=True)
        case DecisionKind.REPLY:
            likeness = (decision.get("difference") or {}).get("likeness", 0.0)
            return Decided(min(values), correct=float(likeness) >= ALIKE)
    return None  # given back, closed or merged: nobody judged the suggestion
