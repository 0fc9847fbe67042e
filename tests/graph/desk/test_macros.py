"""Macros of a desk: checked when it is loaded, filled in once."""

import pytest
from pydantic import ValidationError

from graph.desk.macros import Macro, filled
from graph.desk.people import HandoffPolicy

KNOWN = {
    "customer_name": "Ann Lee",
    "first_name": "Ann",
    "subject": "{my_name} {x}",
    "my_name": "Bo",
}


def test_fields_are_filled_in_once() -> None:
    """What a customer wrote into a subject is no field; what is not known goes with its space."""
    assert filled("Hello {first_name}, about {subject}: {my_name}", KNOWN) == (
        "Hello Ann, about {my_name} {x}: Bo"
    )
    assert filled("Hello {first_name},\n{company}!", {}) == "Hello,\n!"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Hello {name}", "{name} is not known here: use {customer_name}"),
        ("Hello {customer_name", "a brace that belongs to nothing"),
        ("Hello {}", "{} is not known here"),
    ],
)
def test_a_macro_that_would_be_sent_with_a_hole_is_refused(text: str, told: str) -> None:
    """The message says what may be written."""
    with pytest.raises(ValidationError) as caught:
        Macro(name="Hello", text=text)
    assert told in str(caught.value)


def test_two_macros_of_one_name_are_refused() -> None:
    """The record of which was used would not tell them apart."""
    twice = [Macro(name="Hello", text="Hello"), Macro(name="Hello", text="Hi")]
    with pytest.raises(ValidationError, match="macros are named twice"):
        HandoffPolicy(macros=tuple(twice))
