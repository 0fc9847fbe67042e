"""The private note by which a colleague in the helpdesk learns the whole story. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from memory.handoffs.model import Story, story_of
from memory.tables import Handoff

MOST_CHARS = 6_000
MOST_SOURCES = 5
END = "Answer here. Deskhand stays out of this conversation until it is closed."


def note_of(handoff: Handoff) -> str:
    """Why it is handed over, what was asked, what Deskhand would say, and where that is from."""
    story = story_of(handoff)
    parts = [f"Deskhand hands this over: {handoff.explanation}", *_told(story)]
    return "\n\n".join(parts)[:MOST_CHARS] + f"\n\n{END}"


def _told(story: Story) -> Iterator[str]:
    if story.summary:
        yield f"What it is about: {story.summary}"
    if story.suggested:
        yield f"Suggested answer:\n{story.suggested}"
    if found := _sources(story):
        named = "Found:" if story.suggested else "Nearest, perhaps about something else:"
        yield "\n".join([named, *(f"- {title}" for title in found)])
    if asked := [one.question for one in story.assessments if one.question]:
        yield f"Deskhand would ask: {asked[0]}"
    for action in story.actions:
        yield f"Proposed, and not done: {action.tool}. Decide on it in Deskhand's console."


def _sources(story: Story) -> list[str]:
    best = sorted(story.evidence.values(), key=lambda one: one.score, reverse=True)
    titles = [one.title for one in best if one.title]
    return list(dict.fromkeys(titles))[:MOST_SOURCES]
