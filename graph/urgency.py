"""How urgent a handoff is: from the intent, the customer, the tone, and what was needed lately.

A policy: pure, small and explained. Each step of the priority comes with the words a person
reads next to it.
"""

from __future__ import annotations

from dataclasses import dataclass

from graph.desk.model import Desk
from graph.text.heat import HEATED, heat

NAMES = ("urgent", "high", "normal", "low")
"""Priorities, most urgent first."""
PRIORITIES = {name: number for number, name in enumerate(NAMES)}
"""Their order in the queue: lower comes first."""


def name_of(number: int) -> str:
    """A priority's name by its place in the queue; `normal` for a number that is none."""
    return NAMES[number] if 0 <= number < len(NAMES) else "normal"


@dataclass(frozen=True)
class Urgency:
    """A priority with the reasons for it, in words."""

    priority: str
    because: tuple[str, ...]


def urgency(
    desk: Desk, base: str, *, intent: str | None, email: str | None, text: str, earlier: int
) -> Urgency:
    """The priority of a handoff, raised step by step from `base`: the intent's, or by what is said.

    `earlier` counts the customer's handoffs of the last days.
    """
    because = [_beginning(desk, base, intent)]
    rule = next((rule for rule in desk.handoff.customers if rule.applies(email)), None)
    priority = base
    if rule is not None:
        priority = rule.priority
        because.append(f"The desk's rule for this customer makes it {priority}.")
    warmth = heat(text)
    if warmth >= HEATED:
        priority = raised(priority)
        because.append(f"The message sounds heated ({warmth:.2f}, from {HEATED:.2f} on one step).")
    if earlier > 0:
        priority = raised(priority)
        because.append(
            f"When it came, other tickets of the customer had needed a person lately: {earlier}."
        )
    return Urgency(priority, tuple(because))


def _beginning(desk: Desk, base: str, intent: str | None) -> str:
    known = None if intent is None else desk.intent(intent)
    if known is None:
        return f"It begins as {base}."
    if known.priority == base:
        return f"The priority of {known.name.replace('_', ' ')} is {base}."
    return f"It begins as {base}, by what it says."


def raised(priority: str) -> str:
    """One step more urgent, if there is one."""
    return NAMES[max(0, NAMES.index(priority) - 1)]
