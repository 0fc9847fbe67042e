"""What is found by its words, and how much a word counts where it stands."""

from __future__ import annotations

from dataclasses import dataclass

TITLE_WEIGHT = 2.0
HEADING_WEIGHT = 1.5
BODY_WEIGHT = 1.0


@dataclass(frozen=True)
class TextRow:
    """A passage to be found by its words."""

    chunk_id: str
    title: str
    heading: str
    body: str
