"""Questions to the customer, in words."""

from __future__ import annotations

from collections.abc import Sequence

MOST_SHOWN = 60
"""Characters of a description that a question repeats: more of it is for the desk, not for customers."""


def in_full(said: str, argument: str, description: str) -> str:
    """Asks for a number of which a part was given; `description` is the desk's word for it."""
    return f"You wrote “{said}”. Could you send it in full? We are looking for {_name(argument, description)}."


def which_one(among: Sequence[str]) -> str:
    """Asks which of several is meant; two at least."""
    *others, last = among
    return f"Which one do you mean: {', '.join(others)} or {last}?"


def not_given(argument: str, description: str) -> str:
    """Asks for a number of which nothing was given."""
    return f"Could you send us {_name(argument, description)}? Then we can look it up."


def _name(argument: str, description: str) -> str:
    name = description.strip().rstrip(".")
    if not name or len(name) > MOST_SHOWN:
        name = f"the {argument.replace('_', ' ')}"
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]
