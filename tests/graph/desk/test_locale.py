"""Dates and amounts are written as the desk's locale has them, and nothing else is touched."""

from typing import Any

import pytest

from graph.desk.locale import in_words, language_name
from graph.desk.model import Desk
from graph.nodes.gather import worded
from tools.contract import ToolSpec


@pytest.mark.parametrize(
    ("code", "name"),
    [("he", "Hebrew"), ("zh-cn", "Chinese"), ("und", "Unknown language"), ("xx", "xx")],
)
def test_a_language_is_named_and_not_coded(code: str, name: str) -> None:
    """People who read why a ticket came to them know no two letters."""
    assert language_name(code) == name


@pytest.mark.parametrize(
    ("locale", "value", "words"),
    [
        ("en-GB", "2026-11-16", "16 November 2026"),
        ("en", "2026-11-16", "November 16, 2026"),
        ("de", "2026-11-16", "16. November 2026"),
        ("ja", "2026-11-16", "2026年11月16日"),
        ("en-GB", 1250.5, "1,250.50"),
        ("de", 1250.5, "1.250,50"),
        ("en", 18.0, "18.00"),
        ("en", None, "unknown"),
    ],
)
def test_a_value_is_written_in_one_format(locale: str, value: Any, words: str) -> None:
    """Whatever a program writes."""
    assert in_words(value, locale, "Europe/London") == words


def test_a_moment_is_told_in_the_desks_own_time() -> None:
    """With its zone, so that nobody has to guess."""
    told = in_words("2026-07-01T10:00:00+00:00", "en-GB", "Europe/Berlin")
    assert told.startswith("1 July 2026")
    assert "12:00:00" in told


@pytest.mark.parametrize(
    "value",
    [7, True, "FH-104233", "2026-13-45", "2026-11-16 or later", "20261116", 1.239, "x" * 60],
)
def test_what_is_neither_stays_as_it_is(value: Any) -> None:
    """Numbers of orders above all."""
    assert in_words(value, "en-GB", "Europe/London") == value


def test_a_tools_answer_has_the_format_of_its_desk() -> None:
    """The record's own text is evidence, so the reply and what it stands on agree."""
    spec = ToolSpec(
        name="invoice", description="x", answer="Of {issued_on}: {amount} EUR, number {number}."
    )
    desk = Desk(tenant="acme", company="Acme", locale="de", tools=(spec,))
    record = {"issued_on": "2026-11-09", "amount": 1072.0, "number": 20261109}
    assert worded(desk, "invoice", record) == "Of 9. November 2026: 1.072,00 EUR, number 20261109."


def test_a_locale_that_nobody_knows_is_refused() -> None:
    """When the desk is loaded."""
    with pytest.raises(ValueError, match="write it as en-GB or de"):
        Desk(tenant="acme", company="Acme", locale="klingon")
