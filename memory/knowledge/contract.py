"""What searching the knowledge base gives back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from memory.tables.knowledge import Visibility


@dataclass(frozen=True)
class Hit:
    """One passage that was found."""

    chunk_id: str
    doc_id: str
    title: str
    heading: str
    text: str
    url: str | None
    score: float
    """Fused score; only its order means something."""
    features: dict[str, float] = field(default_factory=dict)
    """dense (cosine), lexical (BM25), ranks and whatever else the confidence model uses."""
    visibility: str = Visibility.PUBLIC.value
    """Of its article: anything but public is for people alone."""
    held: bool = False
    """Its article waits for a person, since it reads as if it gave orders to the agent."""


class ForeignKnowledge(Protocol):
    """The search by meaning across languages."""

    async def search(
        self, tenant: str, query: str, limit: int, among: str | None = None
    ) -> list[Hit]:
        """The nearest articles, best first; only those in the language `among`, if it is given."""
        ...


class KnowledgeBase(Protocol):
    """Hybrid search over one tenant's articles."""

    async def search(self, tenant: str, query: str, limit: int) -> list[Hit]:
        """At most `limit` passages, best first; an empty list for an empty base."""
        ...
