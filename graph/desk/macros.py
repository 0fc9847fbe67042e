"""Canned replies of a desk: what may be filled in, checked when the desk is loaded."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field, field_validator

from memory.patterns import linear
from tools.declared import Declared

FIELDS = ("customer_name", "first_name", "subject", "ticket", "company", "my_name")
"""What a macro may name: of the customer, of the ticket, of the desk, and of whoever inserts it."""
MOST_MACROS = 200
MAX_NAME_CHARS = 60
MAX_TEXT_CHARS = 10_000
_FIELD = linear(r" ?\{[^{}\n]{0,40}\}")


class Macro(Declared):
    """A reply that people insert and change, with a few fields filled in."""

    name: str = Field(min_length=1, max_length=MAX_NAME_CHARS)
    text: str = Field(min_length=1, max_length=MAX_TEXT_CHARS)

    @field_validator("name")
    @classmethod
    def _is_one_line(cls, value: str) -> str:
        if not value.strip() or not value.isprintable():
            raise ValueError(f"macro {value!r}: give it a name of one line")
        return value

    @field_validator("text")
    @classmethod
    def _known_fields(cls, value: str) -> str:
        known = ", ".join(f"{{{name}}}" for name in FIELDS)
        for found in _FIELD.finditer(value):
            if _name(found[0]) not in FIELDS:
                raise ValueError(f"{found[0].strip()} is not known here: use {known}")
        rest = _FIELD.sub("", value)
        if "{" in rest or "}" in rest:
            raise ValueError(
                f"contains a brace that belongs to nothing: write a field as in {known}"
            )
        return value


def filled(text: str, known: Mapping[str, str]) -> str:
    """The text with its fields; one of which nothing is known goes, with the space before it.

    What is filled in is not looked at again: braces in a subject stay as they are.
    """
    parts, place = [], 0
    for found in _FIELD.finditer(text):
        value = known.get(_name(found[0]), "")
        space = " " if value and found[0].startswith(" ") else ""
        parts += [text[place : found.start()], space, value]
        place = found.end()
    return "".join([*parts, text[place:]])


def _name(field: str) -> str:
    return field.strip(" {}")
