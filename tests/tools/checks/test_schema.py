"""Faults of arguments and results in words, without a single value in them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.checks.schema import MOST_ARGUMENT_BYTES, SchemaInvalid, Shape, oversized

ORDER = Shape(
    {
        "type": "object",
        "required": ["order_id", "amount"],
        "properties": {
            "order_id": {"type": "string", "pattern": "^A[0-9]+$"},
            "amount": {"type": "number", "minimum": 1},
            "day": {"type": "string", "format": "date"},
            "size": {"enum": ["S", "M"]},
            "lines": {"type": "array", "items": {"type": "object", "required": ["sku"]}},
        },
        "additionalProperties": False,
    }
)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"order_id": "A1", "amount": 2}, []),
        ({"amount": 2}, ["order_id is missing"]),
        ({"order_id": "hello", "amount": 2}, ["order_id must have the form ^A[0-9]+$"]),
        ({"order_id": "A1", "amount": "2"}, ["amount must be a number and is text"]),
        ({"order_id": "A1", "amount": None}, ["amount must be a number and is nothing"]),
        ({"order_id": "A1", "amount": 0}, ["amount must satisfy minimum 1"]),
        ({"order_id": "A1", "amount": 2, "size": "L"}, ["size must be one of ['S', 'M']"]),
        ({"order_id": "A1", "amount": 2, "day": "31/12"}, ["day must be a valid date"]),
        ({"order_id": "A1", "amount": 2, "lines": [{}]}, ["lines.0.sku is missing"]),
    ],
)
def test_says_which_field_and_what_form(value: Any, words: Any) -> None:
    """Each fault names the field and what it should be."""
    assert ORDER.faults(value) == words


def test_unknown_fields_are_counted_not_quoted() -> None:
    """A made-up field may hold anything, so only the known ones are named."""
    (words,) = ORDER.faults({"order_id": "A1", "amount": 2, "iban DE89": 1})
    assert words == "1 unknown field(s); known are: order_id, amount, day, size, lines"


@given(st.text("xyz#", min_size=4, max_size=9), st.text("xyz#", min_size=4, max_size=9))
def test_values_never_stand_in_the_words(left: Any, right: Any) -> None:
    """Whatever a customer wrote, the journal does not get it from here."""
    value = {"order_id": left, "amount": right, "size": left, "day": right}
    words = "; ".join(ORDER.faults(value))
    assert left not in words
    assert right not in words


def test_many_faults_are_cut() -> None:
    """A wholly different answer does not fill the journal."""
    shape = Shape({"type": "object", "required": [f"f{n}" for n in range(20)]})
    assert len(shape.faults({})) == 7
    assert shape.faults({})[-1] == "and 14 more"


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "colour"}, "colour"),
        ({"$ref": "http://127.0.0.1:9/schema.json"}, "points to nothing"),
        ({"properties": {"a": {"$ref": "#/$defs/gone"}}}, "points to nothing"),
        ({"properties": {"a": {"pattern": "("}}}, "is not a 'regex'"),
    ],
)
def test_an_invalid_schema_is_refused(schema: dict[str, Any], words: Any) -> None:
    """A mistake in desk.yaml is found before the first call, and nothing is fetched for it."""
    with pytest.raises(SchemaInvalid, match=words):
        Shape(schema)


def test_a_schema_may_refer_to_itself() -> None:
    """Trees are fine; a schema that is only a circle is a fault and no crash."""
    tree = Shape({"$defs": {"t": {"items": {"$ref": "#/$defs/t"}}}, "$ref": "#/$defs/t"})
    assert tree.faults([[[]], []]) == []
    assert Shape({"$ref": "#"}).faults(1) == ["it is nested too deeply"]


@pytest.mark.parametrize(
    "arguments", [{"a": object()}, {"a": "\ud800"}, {"a": "x" * MOST_ARGUMENT_BYTES}]
)
def test_what_cannot_travel_is_refused(arguments: dict[str, Any]) -> None:
    """Not JSON, not text, or too large."""
    assert oversized(arguments)
    assert oversized({"a": 1}) is None
