"""The journal is told in words that people understand, whatever stands in it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.explain import journal as explain
from api.explain.sentences import sentence
from api.explain.words.phrases import span
from memory.journal import codec
from memory.tables import JournalRow

START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


def row(kind: str, name: str, cause: str, outcome: str, **more: Any) -> JournalRow:
    """A row of the journal."""
    seconds = more.pop("after", 0.0)
    fields: dict[str, Any] = {
        "ticket_id": "tkt_1",
        "tenant": "acme",
        "turn": 1,
        "epoch": 1,
        "seq": 1,
    }
    moment = START + timedelta(seconds=seconds)
    return JournalRow(
        kind=kind, name=name, cause=cause, outcome=outcome, at=moment, **{**fields, **more}
    )


TOLD = {
    "The ticket was accepted and queued.": row("ticket", "accept", "accepted", "ok"),
    "The customer wrote again while the ticket was being worked on.": row(
        "ticket", "message", "customer", "running"
    ),
    "The turn ended: the agent's checked reply was delivered.": row(
        "ticket", "settle", "planned", "delivered"
    ),
    "A worker took the ticket up.": row("run", "drive", "accepted", "started"),
    "A worker took the ticket over from one that died and was stopped, since a newer run owns"
    " the ticket.": row("run", "drive", "recovered", "fenced"),
    "The message was read (12 ms).": row("step", "triage", "planned", "ok", duration_ms=12.2),
    "A plan was made again, since the evidence was not enough: 1 ask, 2 steps.": row(
        "step", "plan", "replan", "ok", numbers={"asks": 1, "steps": 2}
    ),
    "Sending the reply once more, since the attempt before failed failed: it gave no answer in"
    " time (5.0 s).": row("step", "deliver", "retry", "failed", error="timeout", duration_ms=5_000),
    "The draft was checked, and it goes back to be revised: 2 findings.": row(
        "step", "check", "planned", "revise", numbers={"findings": 2}
    ),
    "The intent is order status: 0.91 is above 0.35.": row(
        "decision",
        "intent",
        "planned",
        "order_status",
        numbers={"confidence": 0.91, "threshold": 0.35},
    ),
    "The ask a1 is not supported by its evidence: 0.41 is under 0.62.": row(
        "decision",
        "confidence",
        "planned",
        "not supported",
        numbers={"ask": "a1", "confidence": 0.41, "threshold": 0.62},
    ),
    "The ask a1 is not supported by its evidence: 0.5996 is under 0.6000.": row(
        "decision",
        "confidence",
        "planned",
        "not supported",
        numbers={"ask": "a1", "confidence": 0.5996, "threshold": 0.6},
    ),
    "Decided to hand it to a person, since the evidence does not answer it well enough.": row(
        "decision", "assess", "planned", "hand_off", numbers={"reason": "low_confidence"}
    ),
    "A person gave it back to the agent with guidance.": row(
        "decision", "person", "return", "decided"
    ),
    "A person approved the suggested reply, and refused 1 proposed action.": row(
        "decision", "person", "approve", "decided", numbers={"refused": 1}
    ),
    "No action was approved, so none was carried out after a person's decision.": row(
        "step", "act", "decision", "ok"
    ),
    "The approved actions were carried out after a person's decision: 2 actions approved, 2 done.": row(
        "step", "act", "decision", "ok", numbers={"approved": 2, "done": 2}
    ),
    "Attempt 1 of lookup_order failed, the next comes in 200 ms: backoff: it gave no answer in"
    " time (slow) (3.0 s).": row(
        "attempt",
        "lookup_order",
        "planned",
        "failed",
        error="timeout: slow",
        duration_ms=3_000,
        numbers={"attempt": 1, "next_wait_seconds": 0.2, "why": "backoff"},
    ),
    "The same call of lookup_order had been made, so its result was used again.": row(
        "call", "lookup_order", "duplicate_suppressed", "suppressed"
    ),
    "The tool refund answered as a person approved (80 ms, 30 tokens, cost 0.0021).": row(
        "call",
        "refund",
        "approved",
        "ok",
        duration_ms=80,
        tokens_in=10,
        tokens_out=20,
        cost_micros=2_100,
    ),
    "The worker that had the ticket stopped, since it was killed from outside; begun was: making a"
    " plan.": row("run", "death", "recovered", "outside", numbers={"node": "plan", "kills": 1}),
    "The worker that had the ticket stopped, since it stood still: 2 times by now.": row(
        "run", "death", "recovered", "silent", numbers={"crashes": 2, "kills": 2}
    ),
    "It waits for a person (not enough evidence).": row(
        "wait", "person", "hand_off", "low_confidence"
    ),
}


@pytest.mark.parametrize("expected", TOLD)
def test_a_row_is_told_in_words(expected: str) -> None:
    """Each kind of row has its sentence, with causes, numbers, durations and costs."""
    assert sentence(codec.event(TOLD[expected])) == expected


NAMES = st.text(max_size=12) | st.sampled_from(["intent", "screen", "plan", "check", "accept"])
VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9)
NUMBERS = st.dictionaries(
    st.sampled_from(["confidence", "threshold", "attempt", "next_wait_seconds", "detail", "asks"])
    | st.text(max_size=5),
    VALUES | st.lists(VALUES, max_size=3),
    max_size=5,
)
KINDS = ["ticket", "run", "step", "call", "attempt", "decision", "wait", "else", ""]


@given(
    kind=st.sampled_from(KINDS),
    name=NAMES,
    cause=NAMES,
    outcome=NAMES,
    numbers=NUMBERS,
    duration=st.none() | st.floats(0, 1e9),
)
def test_any_row_can_be_told(
    *,
    kind: str,
    name: str,
    cause: str,
    outcome: str,
    numbers: dict[str, Any],
    duration: float | None,
) -> None:
    """No row, however strange, keeps the story from being told."""
    told = row(kind, name, cause, outcome, numbers=numbers, duration_ms=duration)
    assert sentence(codec.event(told)).endswith(".")
    assert explain.story([codec.record(told)])[0].offset_seconds == 0


def test_a_story_says_once_what_a_threshold_rests_on() -> None:
    """The caveat of a calibration is told at the first ask, and again only where it changed."""
    caveat = "calibrated on 40 cases (2026-01-05) for at most 5% wrong"
    rows = [
        row(
            "decision",
            "confidence",
            "planned",
            "supported",
            numbers={
                "ask": ask,
                "confidence": 0.9,
                "threshold": 0.6,
                "threshold_source": source,
                "sources": [],
            },
        )
        for ask, source in (("a1", caveat), ("a2", caveat), ("a3", "in desk.yaml"))
    ]
    told = [one.text for one in explain.story(codec.records(rows))]
    assert [caveat in one for one in told] == [True, False, False]
    assert "in desk.yaml" in told[2]


def test_a_story_has_times_and_totals() -> None:
    """Offsets count from the first row; waiting for people is told apart from work."""
    rows = [
        row("ticket", "accept", "accepted", "ok"),
        row("call", "search", "planned", "ok", after=1.5, cost_micros=1_000_000),
        row("call", "search", "planned", "suppressed", after=1.6),
        row("step", "gather", "planned", "ok", after=2.0),
        row("wait", "person", "hand_off", "low_confidence", after=2.0),
        row("decision", "person", "close", "decided", after=3_602.0, turn=2),
    ]
    records = codec.records(rows)
    told = explain.story(records)
    assert [one.offset_seconds for one in told] == [0.0, 1.5, 1.6, 2.0, 2.0, 3_602.0]
    assert explain.summary(records) == (
        "1 h 0 min from the first row to the last, 1 h 0 min of it in people's hands, 1 step,"
        " 1 tool call, 1 call left out as made before, 0 tokens, cost 1.0000."
    )
    assert explain.story([]) == []
    assert explain.totals([]).seconds == 0


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0.34, "340 ms"),
        (2.14, "2.1 s"),
        (185, "3 min 5 s"),
        (7_800, "2 h 10 min"),
        (273_600, "3 d 4 h"),
    ],
)
def test_lengths_of_time_are_said_as_people_say_them(seconds: float, expected: str) -> None:
    """From milliseconds to days, two units at most."""
    assert span(seconds) == expected
