"""How urgent a handoff is and whose it is: from the intent, the customer and the tone.

A policy: pure, small and explained. Each step of the priority comes with the words a person
reads next to it.
"""

from __future__ import annotations

from dataclasses import dataclass

from graph.desk.model import Desk
from memory.patterns import linear

PRIORITIES = {"urgent": 0, "high": 1, "normal": 2, "low": 3}
"""Order of the queue: lower comes first."""
NAMES = tuple(sorted(PRIORITIES, key=lambda name: PRIORITIES[name]))
"""Priorities, most urgent first."""
HEATED = 0.5
"""Heat from which a message raises the priority by one."""
MOST_READ_CHARS = 8_000
SHOUTED_LETTERS = 12
"""Letters without which capitals say nothing."""

_ANGRY = linear(
    r"\b(?:unacceptable|outrag\w+|ridiculous|furious|angry|disgust\w*|appalling|terrible|awful|"
    r"horrible|worst|useless|pathetic|joke|scam|fraud\w*|rip[- ]?off|steal\w*|stolen|liars?|"
    r"incompeten\w+|disgrace\w*|fed up|sick of|had enough|disappointed|frustrat\w+|annoy\w+|"
    r"complain\w*|complaint)\b",
    ignore_case=True,
)
_THREAT = linear(
    r"\b(?:lawyers?|solicitors?|attorney|legal action|sue (?:you|them|your|for)|(?:will|shall|going to) sue|"
    r"(?:in|to|before|through) court|(?:to|before) the courts?|small claims|ombudsman|regulator|chargeback|"
    r"consumer protection|trading standards|police|(?:to|with) the press|journalist|cancel (?:my|our) (?:account|"
    r"contract|subscription))\b",
    ignore_case=True,
)
_AGAIN = linear(
    r"\b(?:(?:second|third|fourth|fifth|\d+(?:nd|rd|th)) time|again and again|still (?:waiting|no|"
    r"not|nothing|haven't|have not)|no (?:answer|reply|response)|nobody (?:answers|replies|helps)|"
    r"for (?:days|weeks|months))\b",
    ignore_case=True,
)


@dataclass(frozen=True)
class Urgency:
    """A priority with the reasons for it, in words."""

    priority: str
    because: tuple[str, ...]


def heat(text: str) -> float:
    """How heated a message sounds, from 0 to 1: anger, threats, repetition, shouting.

    General English words and symbols only. It orders a queue; nothing else is decided by it.
    """
    read = text[:MOST_READ_CHARS]
    letters = [sign for sign in read if sign.isalpha()]
    shouted = sum(sign.isupper() for sign in letters) / max(len(letters), 1)
    loud = len(letters) >= SHOUTED_LETTERS and shouted > HEATED
    found = (
        0.35 * min(len(_ANGRY.findall(read)), 2)
        + 0.5 * bool(_THREAT.search(read))
        + 0.3 * bool(_AGAIN.search(read))
        + 0.3 * loud
        + 0.15 * min(read.count("!") // 2, 2)
    )
    return round(min(found, 1.0), 2)


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


@dataclass(frozen=True)
class Route:
    """Whose queue a handoff stands in, and what they should know."""

    team: str
    skills: tuple[str, ...]


def route(desk: Desk, intents: list[str]) -> Route:
    """The first intent's team; where it names none, the first team with a skill that is needed."""
    known = [found for name in intents if (found := desk.intent(name)) is not None]
    skills = tuple(dict.fromkeys(skill for intent in known for skill in intent.skills))
    named = known[0].team if known else None
    return Route(desk.handoff.team_for(skills) if named is None else named, skills)
