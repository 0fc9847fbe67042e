"""What the console shows where the agent suggests no reply, or one that answers a part."""

from typing import Any

from api.console.queue.findings import findings, lead, left_out

ASKED = {"subject": "Cello", "messages": [{"text": "Hello, which locker fits a cello? Thanks."}]}


def open_ask(text: str, **parts: Any) -> dict[str, Any]:
    """One that nothing answers surely enough."""
    return {"id": text, "text": text, "supported": False, **parts}


def test_each_open_ask_is_told_with_what_was_looked_for_and_found() -> None:
    """An ask that is answered needs none of it."""
    place = {"title": "Lockers", "heading": "Sizes"}
    asks = [
        open_ask(
            "Which locker fits a cello?",
            searched=["dimensions storage instrument"],
            evidence=[place, place],
            question="How long is it?",
        ),
        {"text": "What does it cost?", "supported": True},
        open_ask("May I paint it?", evidence=[]),
    ]
    assert findings({**ASKED, "asks": asks}) == [
        "Still unknown: Which locker fits a cello?",
        "Looked for: dimensions storage instrument",
        "Nearest, perhaps about something else: Lockers › Sizes",
        "Would ask: How long is it?",
        "Still unknown: May I paint it?",
        "Found: nothing",
    ]


def test_what_the_customer_wrote_is_not_told_again_as_what_was_looked_for() -> None:
    """The message stands above; only what was searched in other words is news."""
    searched = ["Cello Hello, which locker fits a cello? cabinet"]
    asks = [open_ask("Which locker fits a cello?", searched=searched)]
    assert not [one for one in findings({**ASKED, "asks": asks}) if one.startswith("Looked for")]


def test_a_whole_message_as_an_ask_is_cut_to_its_beginning() -> None:
    """It stands above."""
    told, _ = findings({**ASKED, "asks": [open_ask("word " * 90)]})
    assert told.endswith("word …")
    assert len(told) < 200


def test_the_nearest_articles_are_named_where_none_is_evidence() -> None:
    """To say "nothing" would be untrue: the article may say it in words that nobody can compare."""
    nearest = [{"title": "Lost keys", "heading": ""}, {"title": "Prices", "heading": "Keys"}]
    told = findings({**ASKED, "asks": [open_ask("What now?", evidence=[], nearest=nearest)]})
    assert told[1] == "Nearest, perhaps about something else: Lost keys; Prices › Keys"


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


def test_a_record_that_was_not_given_is_told_with_its_number() -> None:
    """That the number is known to nobody is what the customer has to hear."""
    missing = {"kind": "not_found", "message": "the service has no such thing"}
    step = {"ask_id": "a1", "kind": "tool", "tool": "look_up", "arguments": {"id": "P-9"}}
    asks = [{"id": "a1", "text": "Where is P-9?", "supported": False}]
    told = findings({"asks": asks, "story": {"tried": [{**step, "error": missing}]}})
    assert told[1:] == ["Looked up: P-9: the service has no such thing"]


def test_what_a_suggestion_leaves_out_is_told() -> None:
    """What it tells of one ask may answer another from the same passage."""
    asks = [
        {"id": "a1", "text": "How long may I keep it?", "evidence": [{"id": "p1"}]},
        {"id": "a2", "text": "And renew it?", "evidence": [{"id": "p1"}]},
        {"id": "a3", "text": "Do you lend saws?", "evidence": [{"id": "p2"}]},
    ]
    claims = [{"text": "Three weeks.", "ask_id": "a1", "evidence": ["p1"]}]
    assert left_out({"asks": asks, "suggestion": {"claims": claims}}) == [
        "It says nothing of: Do you lend saws?"
    ]
    assert left_out({"asks": asks, "suggestion": {"claims": []}}) == []


def test_nobody_is_said_to_have_searched_where_a_person_has_to_answer_anyway() -> None:
    """That not enough was found is why only of what was looked for."""
    assert "found" in lead({"reason": "low_confidence"})
    assert "found" not in lead({"reason": "always_person"})
