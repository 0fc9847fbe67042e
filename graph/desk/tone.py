"""The desk's part that says how replies begin and end. Pure and frozen."""

from __future__ import annotations

from pydantic import field_validator

from graph.desk.wording import greeting as checked_greeting
from graph.desk.wording import without_fields
from tools.declared import Declared


class Tone(Declared):
    """How replies begin and end."""

    greeting: str = "Hello{name},"
    """`{name}` becomes a space and the customer's first name, or nothing."""
    closing: str = "Kind regards,\nSupport"
    clarify: str = "To give you the right answer, I need one more detail:"

    @field_validator("greeting")
    @classmethod
    def _greeting(cls, value: str) -> str:
        return checked_greeting(value)

    @field_validator("closing", "clarify")
    @classmethod
    def _no_fields(cls, value: str) -> str:
        return without_fields(value)
