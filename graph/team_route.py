"""Which team's queue a handoff stands in, and what its people should know."""

from __future__ import annotations

from dataclasses import dataclass

from graph.desk.model import Desk


@dataclass(frozen=True)
class TeamRoute:
    """Whose queue a handoff stands in, and what they should know."""

    team: str
    skills: tuple[str, ...]


def team_route(desk: Desk, intents: list[str]) -> TeamRoute:
    """The first intent's team; where it names none, the first team with a skill that is needed."""
    known = [found for name in intents if (found := desk.intent(name)) is not None]
    skills = tuple(dict.fromkeys(skill for intent in known for skill in intent.skills))
    named = known[0].team if known else None
    return TeamRoute(desk.handoff.team_for(skills) if named is None else named, skills)
