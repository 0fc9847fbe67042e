"""One small input and what should come of it."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

Kind = Literal["article", "desk", "question", "ticket"]


@dataclass(frozen=True)
class Trial:
    """One input of a folder."""

    id: str
    """Its path below the folder; with `:line` where a file holds one input a line."""
    kind: Kind
    path: Path
    expect: str
    """In the words of whoever wrote it; where they said nothing, what its kind implies."""
    line: int = 0
    """From 1 in a file of lines, otherwise 0."""
    body: dict[str, Any] = field(default_factory=dict)
    """What is posted as a ticket."""
    follow: tuple[str, ...] = ()
    """What the customer writes next, each once the turn before it has ended."""

    @property
    def folder(self) -> str:
        """Under which the table counts it."""
        return self.id.rpartition("/")[0] or "."

    @property
    def text(self) -> str:
        """Subject and text as they were written."""
        parts = (self.body.get("subject"), self.body.get("text"))
        return "\n".join(str(part) for part in parts if part)


@dataclass(frozen=True)
class Verdict:
    """What came of a trial."""

    right: bool
    came: str
    """For a person who compares it with `Trial.expect`."""
    unknown: tuple[str, ...] = ()
    """Parts of the expectation that nobody here understands: such a trial is never right."""
