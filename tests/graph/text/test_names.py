"""How customers are greeted."""

import pytest

from graph.text.names import greeted

NAMES = [
    ("Mira Okoye", "Mira"),
    ("Okoye, Mira", "Mira"),
    ("OKOYE, MIRA", "Mira"),
    ("mira", "Mira"),
    ("Dr. Mira Okoye", "Dr. Okoye"),
    ("Mira Okoye, PhD", "Mira"),
    ("Mira (Lakeside)", "Mira"),
    ("山田 花子", "山田 花子"),
    ("M. Okoye", ""),
    ("mira.okoye", ""),
    ("no-reply", ""),
    ("Undefined", ""),
    ("Einkauf", ""),
    ("Anne-Marie Okoye", "Anne-Marie"),
    ("mira@lakeside.example.com", ""),
    ("Office Manager", ""),
    ("Lakeside GmbH", ""),
    ("{{name}}", ""),
    ("<i>Mira</i>", ""),
    ("\u202eariM", ""),
    ("Mira 2", ""),
    ("", ""),
    ("x" * 200, ""),
]


@pytest.mark.parametrize(("given", "expected"), NAMES)
def test_a_customer_is_greeted_by_a_real_name_or_by_none(given: str, expected: str) -> None:
    """Addresses, departments, templates and hidden characters are no names."""
    assert greeted(given) == expected


def test_a_title_in_capitals_is_written_as_titles_are() -> None:
    """Registers shout: "DR. ANN LEE"."""
    assert greeted("DR. ANN LEE") == "Dr. Lee"
