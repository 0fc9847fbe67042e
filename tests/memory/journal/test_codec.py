"""A row is read into its event and written back, also where an earlier release wrote it."""

from typing import Any, get_args

import pytest

from memory.journal import codec, events
from memory.journal.codes import ErrorKind, Wrong
from memory.journal.events import Event, Fault
from memory.tables import JournalRow
from tests.memory.journal.written import rows

SENTENCES = {("decision", "plan")}
"""Rows whose outcome was a sentence in 0.1.0 and is a word today."""
EMPTY: tuple[object, ...] = (None, "", [])
NEVER = {
    events.Other,
    events.AnswerJudged,
    events.Corrected,
    events.Undelivered,
    events.WorkerDied,
}
"""Events that none of the tickets had."""


def test_every_row_of_an_earlier_release_has_its_event() -> None:
    """None is an `Other`, and they are of every kind."""
    kinds = {type(codec.event(row)) for row in rows()}
    assert events.Other not in kinds
    assert kinds == set(get_args(Event)) - NEVER


def test_rows_are_written_as_they_were_read() -> None:
    """Every column; an empty figure may go without saying."""
    for row in rows():
        written = codec.values(codec.event(row))
        numbers = written.pop("numbers")
        said = {name: value for name, value in row.numbers.items() if value not in EMPTY}
        assert said.items() <= numbers.items(), row
        if (row.kind, row.name) in SENTENCES:
            written["outcome"] = row.outcome
        assert {name: getattr(row, name) for name in written} == written


def test_a_plan_of_an_earlier_release_lacks_what_its_sentence_says() -> None:
    """The fields of today are read from the words of then."""
    plans = [codec.event(row) for row in rows() if (row.kind, row.name) == ("decision", "plan")]
    lacking = {plan.lacking for plan in plans if isinstance(plan, events.PlanMade)}
    assert () in lacking
    assert all(":" not in plan.outcome for plan in plans if isinstance(plan, events.PlanMade))
    row = _row(outcome="first plan: 1 asks, 0 steps; arguments are missing for refund, cancel")
    assert codec.event(row) == events.PlanMade(outcome="first plan", lacking=("refund", "cancel"))


def _row(**parts: Any) -> JournalRow:
    fields = {"kind": "decision", "name": "plan", "cause": "planned", "numbers": {}}
    return JournalRow(**{**fields, **parts})


@pytest.mark.parametrize(
    "parts",
    [
        {"kind": "party", "outcome": "ok"},
        {"name": "nonsense", "outcome": "ok"},
        {"name": "confidence", "outcome": "supported", "numbers": {"confidence": "high"}},
        {"name": "check:taste", "outcome": "finding"},
        {"kind": "step", "name": "dream", "outcome": "ok"},
        {"kind": "step", "name": "dream", "outcome": "failed", "error": "x"},
    ],
)
def test_what_no_class_takes_stays_as_it_is(parts: dict[str, Any]) -> None:
    """A row of a later release, or a broken one, is kept and breaks nothing."""
    row = _row(**parts)
    found = codec.event(row)
    assert isinstance(found, events.Other)
    assert {name: codec.values(found)[name] for name in parts} == parts


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("timeout: no answer within 5 s", Fault(ErrorKind.TIMEOUT, "no answer within 5 s")),
        ("not_permitted", Fault(Wrong.NOT_PERMITTED)),
        ("not_permitted: not here", Fault(ErrorKind.NOT_PERMITTED, "not here")),
        ("HTTP 503", Fault(None, "HTTP 503")),
    ],
)
def test_an_error_keeps_its_code(text: str, fault: Fault) -> None:
    """A model's fault stands alone, a tool's with its message, and others have words only."""
    assert codec.fault(text) == fault
    assert str(fault) == text
