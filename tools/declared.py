"""What people write in YAML: nothing in it may be unknown, and a truth is not a number."""

from __future__ import annotations

from typing import Any, get_args

from pydantic import BaseModel, ConfigDict, ValidationInfo, field_validator

NUMBERS = frozenset({int, float})


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
