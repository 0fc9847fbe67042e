"""Bodies of the knowledge API: articles, gaps, contradictions, a search with its scores."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel

from memory.tables import Visibility


class ArticleSummary(BaseModel):
    """An article in a list."""

    doc_id: str
    title: str
    url: str | None
    source: str
    updated_at: datetime
    visibility: Visibility
    """public: the agent answers from it; internal: people may quote it; draft: neither."""
    searchable: bool
    """Whether what is searched is the article as it stands; indexing may still be due."""
    stale: bool
    """Not changed for `stale_after_days`."""
    cited: int
    """Settled answers that stand on it."""
    marked_wrong: bool
    """A person marked it: it is not cited until it changes or the mark is undone."""


class ArticleOut(ArticleSummary):
    """An article with its text."""

    text: str


class ArticlePage(BaseModel):
    """Articles by title."""

    items: list[ArticleSummary]
    total: int
    stale_after_days: int
    next: str | None
    """Where the next page is; null on the last one."""


class HitOut(BaseModel):
    """A passage that a search found, with the figures behind its place."""

    doc_id: str
    title: str
    heading: str
    text: str
    url: str | None
    score: float
    features: dict[str, float]
    visibility: Visibility = Visibility.PUBLIC
    """Of its article; the agent finds public ones alone."""


class SearchOut(BaseModel):
    """What the agent would find."""

    query: str
    hits: list[HitOut]


class GapAskOut(BaseModel):
    """One ask that no article answered."""

    ticket_id: str
    text: str


class GapOut(BaseModel):
    """Asks of one kind, the most typical ones."""

    count: int
    confidence: float | None
    """The best that any of them reached."""
    examples: list[GapAskOut]


class ConflictOut(BaseModel):
    """Two articles that say different figures of one thing."""

    first: ArticleRef
    second: ArticleRef
    similarity: float
    figures: list[tuple[str, str]]


class ArticleRef(BaseModel):
    """An article by name."""

    doc_id: str
    title: str


class SurveyOut(BaseModel):
    """Gaps and contradictions, the largest and closest first."""

    gaps: list[GapOut]
    conflicts: list[ConflictOut]
    passages: int
    """Passages compared."""
