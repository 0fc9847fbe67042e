"""Rows that an earlier release wrote are told as that release told them."""

import json
from pathlib import Path
from typing import get_args

import pytest

from api.explain.aggregate import GroupBy, grouped
from api.explain.answers import About, answer
from api.explain.journal import condensed, story, totals
from memory.journal import codec
from tests.memory.journal.written import rows, tickets

ANSWERS = json.loads(Path(__file__).with_name("answers_0.1.0.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("ticket", sorted(ANSWERS))
def test_why_is_answered_as_then(ticket: str) -> None:
    """In the very words that release 0.1.0 answered each question with."""
    records = codec.records(tickets()[ticket])
    assert {about: answer(records, about).sentences for about in get_args(About)} == ANSWERS[ticket]


def test_every_row_is_told() -> None:
    """As a sentence without a code in brackets, with its time; and nothing is told twice."""
    for own in tickets().values():
        records = codec.records(own)
        told = story(records)
        assert len(condensed(records)) <= len(told) == len(own)
        assert all(one.text.endswith(".") and "_suppressed" not in one.text for one in told)
        assert totals(records).steps == sum(row.kind == "step" for row in own)


@pytest.mark.parametrize("by", get_args(GroupBy))
def test_many_tickets_are_grouped(by: GroupBy) -> None:
    """Each of them is counted."""
    found = grouped(codec.records(rows()), by)
    assert found.tickets == len(tickets())
    assert found.groups
    assert found.sentence.endswith(".")
