"""What the console shows where the agent suggests no reply."""

from api.console.queue.findings import findings


def test_each_open_ask_is_told_with_what_was_looked_for_and_found() -> None:
    """An ask that is answered needs none of it."""
    place = {"title": "Lockers", "heading": "Sizes"}
    asks = [
        {
            "text": "Which locker fits a cello?",
            "supported": False,
            "searched": ["locker cello"],
            "evidence": [place, place],
            "question": "How long is it?",
        },
        {"text": "What does it cost?", "supported": True},
        {"text": "May I paint it?", "supported": False, "evidence": []},
    ]
    assert findings({"asks": asks}) == [
        "Still unknown: Which locker fits a cello?",
        "Looked for: locker cello",
        "Found: Lockers › Sizes",
        "Would ask: How long is it?",
        "Still unknown: May I paint it?",
        "Found: nothing that fits",
    ]


def test_records_that_were_read_are_told() -> None:
    """Which of two is meant is left open; whoever decides need not look both up again."""
    asks = [{"id": "a1", "text": "Send one back.", "supported": False, "evidence": []}]
    tried = [
        {"ask_id": "a1", "kind": "search", "answer": None},
        {"ask_id": "a1", "kind": "tool", "answer": "Parcel 1 is packed."},
        {"ask_id": "a1", "kind": "tool", "answer": "Parcel 2 is gone."},
        {"ask_id": "a2", "kind": "tool", "answer": "Parcel 3 is lost."},
    ]
    assert findings({"asks": asks, "story": {"tried": tried}}) == [
        "Still unknown: Send one back.",
        "Looked up: Parcel 1 is packed.",
        "Looked up: Parcel 2 is gone.",
    ]
