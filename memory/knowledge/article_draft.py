"""An article as it was read, before it is stored."""

from __future__ import annotations

from dataclasses import dataclass

from memory.tables.knowledge import Visibility

DESK = "desk:"
"""Begins the source of an article that somebody wrote at the desk; their name follows."""


@dataclass(frozen=True)
class ArticleDraft:
    """An article as it was read."""

    doc_id: str
    title: str
    text: str
    """Markdown as `documents.render` writes it."""
    url: str | None
    source: str
    """The file it came from, with the line where a file holds many."""
    visibility: Visibility = Visibility.PUBLIC
    notices: tuple[str, ...] = ()
    """What a person should know about how it was read: what is missing, what was not used."""


@dataclass(frozen=True)
class Skipped:
    """Something that could not be read as an article."""

    source: str
    why: str
    is_article: bool = True
    """Whether an article is missing now; False for pictures, styles and the like beside them."""
