"""Bodies of the knowledge API: articles, gaps, contradictions, a search with its scores."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic_core import PydanticCustomError

from api.http.text import Line, Text, is_blank
from memory.knowledge.desk_articles import MAX_TEXT_CHARS, MAX_TITLE_CHARS
from memory.tables import Visibility

_MISFIT = "misfit"


class ArticleSummary(BaseModel):
    """An article in a list."""

    doc_id: str
    title: str
    url: str | None
    source: str
    updated_at: datetime
    visibility: Visibility
    """public: the agent answers from it; internal: people may quote it; draft: neither."""
    written_here: bool
    """Somebody wrote it at the desk, and it can be changed here; others come from files."""
    searchable: bool
    """Whether what is searched is the article as it stands; indexing may still be due."""
    stale: bool
    """Not changed for `stale_after_days`."""
    cited: int
    """Settled answers that stand on it."""
    marked_wrong: bool
    """A person marked it: it is not cited until it changes or the mark is undone."""
    held: bool
    """Sentences in it read as orders to the agent: it is not cited before a person clears it."""


class ArticleOut(ArticleSummary):
    """An article with its text."""

    text: str
    version: str
    """Of title and text; it is what a person clears."""
    orders: list[str]
    """Sentences that read as orders to the agent, the first five."""
    cleared_by: str | None
    """Who cleared this version; null where nobody did or had to."""


class ClearIn(BaseModel):
    """An article that the agent may answer from in spite of what it reads like."""

    model_config = ConfigDict(extra="forbid")

    doc_id: Annotated[str, Field(min_length=1, max_length=500)]
    version: Annotated[str, Field(min_length=1, max_length=64)]
    """As GET /v1/articles/{doc_id} gave it: only what was read is cleared."""


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
    held: bool = False
    """Its article waits for a person: the agent does not find it."""


class SearchOut(BaseModel):
    """What the agent would find."""

    query: str
    hits: list[HitOut]


class ArticleIn(BaseModel):
    """An article that somebody writes at the desk."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: Annotated[Line, Field(min_length=1, max_length=MAX_TITLE_CHARS)]
    text: Annotated[Text, Field(min_length=1, max_length=MAX_TEXT_CHARS)]
    """Markdown or HTML."""
    visibility: Visibility = Visibility.DRAFT

    @field_validator("title")
    @classmethod
    def _says_something(cls, value: str) -> str:
        if is_blank(value):
            msg = "title is blank: say what the article is about"
            raise PydanticCustomError(_MISFIT, msg)
        return value.strip()


class GapAskOut(BaseModel):
    """One ask that no article answered."""

    ticket_id: str
    ask: str | None
    """Its id within the ticket; null for a person's word that an article is missing."""
    text: str


class GapOut(BaseModel):
    """Asks of one kind, the most typical first."""

    count: int
    confidence: float | None
    """The best that any of them reached."""
    examples: list[GapAskOut]
    dismissed: str | None
    """The correction that says that this needs no article; undo it to list the gap again."""


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
