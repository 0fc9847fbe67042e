"""Articles to stage, and what is to be seen of them once they are indexed."""

from sqlmodel import select

from memory.encoder.encoder import HashEncoder
from memory.knowledge.article_draft import ArticleDraft
from memory.knowledge.index import MemoryIndex
from memory.knowledge.search import HybridSearch
from memory.knowledge.vectors import vector_ids
from memory.storage.database import Database
from memory.tables.knowledge import Chunk

ENCODER = HashEncoder()


def draft(doc_id: str, text: str, title: str = "Refunds") -> ArticleDraft:
    """An article with a file of its own."""
    return ArticleDraft(doc_id, title, text, None, f"{doc_id}.md")


async def texts_of(database: Database, index: MemoryIndex, query: str) -> list[str]:
    """What a search finds."""
    search = HybridSearch(database, index, ENCODER)
    return [hit.text for hit in await search.search("acme", query, 10)]


async def ids_of(database: Database) -> set[str]:
    """Which vectors the passages in the ledger have."""
    async with database.reading() as session:
        chunks = await session.exec(select(Chunk))
        return {one for chunk in chunks for one in vector_ids(chunk.id, chunk.text)}
