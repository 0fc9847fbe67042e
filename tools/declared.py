"""What people write in YAML: nothing in it may be unknown, and a truth is not a number."""

from __future__ import annotations

from typing import Any, get_args
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, ValidationInfo, field_validator

NUMBERS = frozenset({int, float})


def check_address(url: str) -> None:
    """Raise `ValueError` unless it is a plain web address."""
    parts = urlsplit(url)
    if parts.username or parts.password:
        msg = (
            "an address names a user or a password before its host: leave them out, write a `token`"
        )
        raise ValueError(msg)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        # What is refused is printed and logged, and before an @ may stand a password.
        shown = "an address" if "@" in url else repr(url)
        raise ValueError(f"{shown} is not a web address: use http(s)://host[:port][/path]")


class Declared(BaseModel):
    """A part of a desk, frozen once it was read."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @field_validator("*", mode="before")
    @classmethod
    def _no_truth_for_a_number(cls, value: Any, info: ValidationInfo) -> Any:
        """YAML reads `yes` and `on` as true, which would pass for 1."""
        kind = cls.model_fields[info.field_name or ""].annotation
        kinds = frozenset(get_args(kind)) or frozenset({kind})
        if isinstance(value, bool) and kinds & NUMBERS and bool not in kinds:
            raise ValueError(f"needs a number, and YAML reads this as {str(value).lower()}")
        return value
