"""The sentences of a desk that stand in letters: what may be filled in, checked at loading."""

from __future__ import annotations

import re

NAME = "{name}"
"""The one field: a space and the customer's first name, or nothing."""
FIRST_NAME = "{first_name}"
"""What others call it; a space before it goes with it."""
_SPACED = re.compile(r" ?\{first_name\}")
_FIELD = re.compile(r"\{[^{}\n]{0,40}\}")


def greeting(value: str) -> str:
    """A greeting whose only braces are `{name}`, however the field was written.

    Raises `ValueError`, with what to change.
    """
    value = _SPACED.sub(NAME, value)
    rest = value.replace(NAME, "")
    if found := _FIELD.search(rest):
        msg = f"{found[0]} is not known here: only {NAME} and {FIRST_NAME} are filled in"
        raise ValueError(msg)
    if "{" in rest or "}" in rest:
        raise ValueError(f"contains a brace that belongs to nothing: write {NAME}, or remove it")
    if value.startswith(NAME):
        msg = "begins with the name, which not everybody gives: begin with a word, as in 'Hello'"
        raise ValueError(msg)
    return value


def without_fields(value: str) -> str:
    """A sentence in which nothing is filled in. Raises `ValueError` if it looks so."""
    if found := _FIELD.search(value):
        msg = f"{found[0]} would be sent as it is: only the greeting is filled in, remove it"
        raise ValueError(msg)
    return value


def greeted(value: str, name: str = "") -> str:
    """The greeting as it is sent; without a name it goes without one."""
    return value.replace(NAME, f" {name}" if name else "")
