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
