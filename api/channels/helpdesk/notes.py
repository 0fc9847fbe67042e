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
        yield "Found:\n" + "\n".join(f"- {title}" for title in found)
    for action in story.actions:
        yield f"Proposed, and not done: {action.tool}. Decide on it in Deskhand's console."


def _sources(story: Story) -> list[str]:
    titles = [one.title for one in story.evidence.values() if one.title]
    return list(dict.fromkeys(titles))[:MOST_SOURCES]
