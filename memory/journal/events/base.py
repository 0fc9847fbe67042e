"""What any event has. See `memory/journal/events/__init__.py` for where a field is stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from pydantic import ConfigDict
from typing_extensions import override

from memory.journal.codes import ErrorKind, Wrong


@dataclass(frozen=True)
class Fault:
    """Why something has no result: a code, and our own words on it without customer text."""

    kind: ErrorKind | Wrong | None
    """None if it is a failure that has no code."""
    message: str = ""

    @override
    def __str__(self) -> str:
        """As the row has it: `kind: message`."""
        return ": ".join(part for part in (self.kind, self.message) if part)


@dataclass(frozen=True, kw_only=True)
class Base:
    """What any event may have."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(allow_inf_nan=False)

    fingerprint: str | None = None
    """Digest of tool and canonical arguments: equal fingerprints are equal calls."""
    duration_ms: float | None = None
    tokens_in: int = 0
    tokens_out: int = 0
    cost_micros: int = 0
    error: Fault | None = None

    @property
    def all_tokens(self) -> int:
        """Read and written."""
        return self.tokens_in + self.tokens_out


class Named(Base):
    """An event whose row has the name of what it is about: one of its fields."""

    NAMED: ClassVar[tuple[str, str]]
    """The field, and what stands before it in the row."""

    @property
    def name(self) -> str:
        """The row's name."""
        field, before = self.NAMED
        return f"{before}{getattr(self, field)}"
