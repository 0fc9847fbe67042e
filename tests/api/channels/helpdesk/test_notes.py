"""What a colleague in the helpdesk reads of a handoff."""

from datetime import UTC, datetime
from typing import Any

from api.channels.helpdesk.notes import note_of
from memory.tables import Handoff, HandoffStatus

PASSAGES = [
    {"id": "a", "title": "Lids", "score": 0.2},
    {"id": "b", "title": "Boxes", "score": 0.9},
    {"id": "c", "title": "Boxes", "score": 0.1},
]


def note(**parts: Any) -> str:
    """Of a handoff with that story."""
    story = {"summary": "A box", "tried": [{"evidence": PASSAGES}], **parts}
    moment = datetime.now(UTC)
    handoff = Handoff(
        id="hnd_1",
        ticket_id="tkt_1",
        tenant="acme",
        turn=1,
        status=HandoffStatus.OPEN,
        reason="low_confidence",
        explanation="It is unclear.",
        story=story,
        due_at=moment,
        resolve_by=moment,
    )
    return note_of(handoff)


def test_without_a_suggestion_the_nearest_articles_are_told_best_first() -> None:
    """And what Deskhand would ask, so that nobody has to think of it again."""
    told = note(assessments=[{"ask_id": "a1", "question": "Which box is it?"}])
    assert "Nearest, perhaps about something else:\n- Boxes\n- Lids\n" in told
    assert "Deskhand would ask: Which box is it?" in told


def test_with_a_suggestion_they_are_what_it_stands_on() -> None:
    """Nothing is asked where there is no question."""
    told = note(suggestion={"text": "Take the large one."})
    assert "Found:\n- Boxes" in told
    assert "would ask" not in told
