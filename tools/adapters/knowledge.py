"""Searching the tenant's articles, as a tool."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from memory.encoder.faults import EncoderUnavailable
from memory.faults import MemoryFault
from memory.knowledge.contract import ForeignKnowledge, Hit, KnowledgeBase
from memory.storage.errors import StorageUnavailable
from memory.tool_names import SEARCH
from tools.contract import CallContext, Json, RetrySpec, ToolSpec
from tools.faults import ServiceError

HITS = 8
"""Passages that are returned where the call states no limit."""
MOST_HITS = 20
MORE = 5
"""Further passages of the best one's article, beyond the limit: an answer seldom stands in one."""

SPEC = ToolSpec(
    name=SEARCH,
    description="Searches the company's articles for passages that answer a question.",
    arguments={
        "query": {"type": "string", "minLength": 1, "maxLength": 10_000},
        "limit": {"type": "integer", "minimum": 1, "maximum": MOST_HITS},
        "language": {
            "type": "string",
            "pattern": "^[a-z]{2,3}$",
            "description": "Of the question, where the articles are in another one.",
        },
        "among": {
            "type": "string",
            "pattern": "^[a-z]{2,3}$",
            "description": "Search only the articles in this language, which is the question's.",
        },
    },
    required=("query",),
    returns={
        "type": "object",
        "required": ["hits"],
        "properties": {
            "hits": {
                "type": "array",
                "maxItems": MOST_HITS,
                "items": {
                    "type": "object",
                    "required": ["chunk_id", "doc_id", "title", "heading", "text", "score"],
                    "properties": {"text": {"type": "string"}, "score": {"type": "number"}},
                },
            }
        },
    },
    # It asks nobody outside: it waits for a processor, which does not count, and then computes. So
    # nothing but the processors paces it.
    timeout_seconds=10.0,
    retry=RetrySpec(attempts=2, longest_wait_seconds=1.0),
    slots=1_000,  # as many as there may be tickets
    calls_per_minute=1_000_000,
)


class SearchKnowledge:
    """Hybrid search over one tenant's articles; the tenant is never an argument."""

    spec = SPEC

    def __init__(
        self, knowledge: KnowledgeBase, tenant: str, foreign: ForeignKnowledge | None = None
    ) -> None:
        self._knowledge = knowledge
        self._tenant = tenant
        self._foreign = foreign

    async def call(self, arguments: Json, *, key: str | None, caller: CallContext) -> Json:
        """{"hits": [...]}, each with the fields of `memory.knowledge.contract.Hit`."""
        limit = int(arguments.get("limit", HITS))
        if arguments.get("language") is not None or arguments.get("among") is not None:
            return {"hits": await self._in_other_words(arguments, limit)}
        try:
            hits = await self._knowledge.search(self._tenant, arguments["query"], MOST_HITS)
        except StorageUnavailable:
            raise  # the ledger's own, on which everything waits
        except MemoryFault as fault:
            raise ServiceError(str(fault)) from fault
        return {"hits": [asdict(hit) for hit in _with_article(hits, limit)]}

    async def _in_other_words(self, arguments: Json, limit: int) -> list[Json]:
        """By meaning across languages, or within another one; nothing where that cannot be done."""
        if self._foreign is None:
            return []
        query, among = arguments["query"], arguments.get("among")
        try:
            hits = await self._foreign.search(self._tenant, query, limit, among)
            return [asdict(hit) for hit in hits]
        except StorageUnavailable:
            raise
        except (MemoryFault, EncoderUnavailable) as fault:
            raise ServiceError(str(fault)) from fault

    async def reconcile(self, key: str) -> Json | None:
        """A search has no effect."""
        return None


def _with_article(hits: Sequence[Hit], limit: int) -> list[Hit]:
    """The first `limit` hits and up to `MORE` others of the first one's article, best first."""
    more = [hit for hit in hits[limit:] if hit.doc_id == hits[0].doc_id]
    return [*hits[:limit], *more[:MORE]]
