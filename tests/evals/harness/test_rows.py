"""Cases as data: what is read, and how what does not fit is named."""

from pathlib import Path
from typing import Any

import pytest

from evals.figures.datasets import DataError
from evals.harness.rows import CaseRow, ClaimRow, SafetyRow, TicketRow, read_cases, without_articles
from evals.harness.suite import SHIPPED, TICKETS
from tests.evals.harness.conftest import write


@pytest.mark.parametrize(
    ("kind", "path", "least"),
    [
        (TicketRow, TICKETS, 100),
        (TicketRow, SHIPPED / "intent.jsonl", 25),
        (ClaimRow, SHIPPED / "grounding.jsonl", 50),
        (SafetyRow, SHIPPED / "safety.jsonl", 40),
    ],
)
def test_what_ships_is_valid(kind: type[CaseRow], path: Path, least: int) -> None:
    """Every file of our own reads without an error."""
    assert len(read_cases(kind, [path])) >= least


def test_labelled_spans_are_where_they_say(tmp_path: Path) -> None:
    """No span of the shipped personal data is empty or runs over its text."""
    for row in read_cases(SafetyRow, [SHIPPED / "safety.jsonl"]):
        assert all(one.start < one.end <= len(row.text) for one in row.spans or ())


@pytest.mark.parametrize(
    ("kind", "row", "words"),
    [
        (TicketRow, {"body": "x", "label": {"outcome": "maybe"}}, "label.outcome"),
        (TicketRow, {"body": "x"}, "label"),
        (TicketRow, {"question": "x", "history": ["hi"]}, "history.0"),
        (ClaimRow, {"source": "a", "response": "b"}, "hallucinated"),
        (ClaimRow, {"source": " ", "response": "b", "hallucinated": 1}, "source"),
        (SafetyRow, {"text": "x", "label": 2}, "label"),
        (SafetyRow, {"text": "x", "spans": [{"type": "email", "start": -1, "end": 2}]}, "spans"),
    ],
)
def test_a_bad_row_is_named(
    tmp_path: Path, kind: type[CaseRow], row: dict[str, Any], words: str
) -> None:
    """The error has file, line and field."""
    good = {
        "body": "x",
        "text": "x",
        "source": "a",
        "response": "b",
        "hallucinated": 0,
        "label": {} if kind is TicketRow else 1,
    }
    path = write(tmp_path / "c.jsonl", [good, row])
    with pytest.raises(DataError, match=r"c\.jsonl:2: field") as caught:
        read_cases(kind, [path])
    assert words in str(caught.value)


def test_an_id_stands_once(tmp_path: Path) -> None:
    """Two cases of one id could not be told apart when runs are compared."""
    row = {"id": "one", "body": "x", "label": {}}
    with pytest.raises(DataError, match=r":2: the id 'one'"):
        read_cases(TicketRow, [write(tmp_path / "c.jsonl", [row, row])])


def test_rows_of_the_fixed_commands_are_tickets(tmp_path: Path) -> None:
    """Questions and intents are taken as they are; a question without gold is for a person."""
    rows: list[dict[str, Any]] = [
        {
            "qid": "q",
            "question": "How?",
            "gold_doc_ids": ["a"],
            "history": [{"speaker": "S", "text": "hi"}],
        },
        {"question": "Why?", "gold_doc_ids": []},
        {"text": "hello", "intent": "greeting"},
    ]
    first, second, third = read_cases(TicketRow, [write(tmp_path / "c.jsonl", rows)])
    assert (first.id, first.label.outcome, first.history[0].role) == ("q", "answer", "agent")
    assert (second.id, second.label.outcome) == ("c:2", "person")
    assert (third.body, third.label.intent, third.label.outcome) == ("hello", "greeting", None)


def test_a_ticket_without_its_article_is_for_a_person(tmp_path: Path) -> None:
    """What the base lacks cannot be answered from it."""
    rows = read_cases(
        TicketRow,
        [write(tmp_path / "c.jsonl", [{"question": "How?", "gold_doc_ids": ["a"]}])],
    )
    assert without_articles(rows, frozenset({"a"}))[0].label.outcome == "answer"
    assert without_articles(rows, frozenset({"b"}))[0].label.outcome == "person"
