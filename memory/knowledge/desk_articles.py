"""Articles that people write at the desk, beside those that come from files."""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.faults import MemoryFault
from memory.knowledge import articles
from memory.knowledge.article_draft import DESK, ArticleDraft, Skipped
from memory.knowledge.conversion import Origin, from_row
from memory.knowledge.staging import put
from memory.storage.engines import hold_name
from memory.tables import Article
from memory.tables.knowledge import Visibility

MAX_SLUG_CHARS = 60
MAX_TITLE_CHARS = 200
MAX_TEXT_CHARS = 50_000


class NothingToRead(MemoryFault):
    """The text holds nothing that a reader would see."""


class FromAFile(MemoryFault):
    """The article comes from a file and is changed there."""


@dataclass(frozen=True)
class Written:
    """What somebody wrote."""

    title: str
    text: str
    """Markdown or HTML."""
    visibility: Visibility = Visibility.DRAFT


async def write(session: AsyncSession, tenant: str, new: Written, who: str) -> Article:
    """Store a new article; a worker has to index it. Raises `NothingToRead`."""
    await hold_name(session, "articles", tenant)
    doc_id = _slug(new.title)
    known = select(Article.id).where(Article.tenant == tenant, Article.doc_id == doc_id)
    if (await session.exec(known)).first() is not None:
        doc_id = f"{doc_id}-{secrets.token_hex(4)}"
    put(session, tenant, _draft(new, doc_id, who), None)
    await session.flush()
    return await articles.get(session, tenant, doc_id)


async def rewrite(
    session: AsyncSession, tenant: str, doc_id: str, new: Written, who: str
) -> Article:
    """Replace one that was written here. Raises `NothingToRead`, `FromAFile`, `NoSuchArticle`."""
    await hold_name(session, "articles", tenant)
    article = await articles.get(session, tenant, doc_id)
    if not article.source.startswith(DESK):
        msg = f"{doc_id!r} comes from {article.source}: change it there and load it again"
        raise FromAFile(msg)
    put(session, tenant, _draft(new, doc_id, who), article)
    await session.flush()
    return article


def _draft(new: Written, doc_id: str, who: str) -> ArticleDraft:
    row = {"title": new.title, "text": new.text, "visibility": new.visibility}
    made = from_row(row, Origin(doc_id, new.title, f"{DESK}{who}"))
    if isinstance(made, Skipped):
        raise NothingToRead(f"the article's text is {made.why}: write what customers should read")
    return made


def _slug(title: str) -> str:
    """An id that can be read; a title in another script has none, and gets one by chance."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = "".join(sign if sign.isalnum() else " " for sign in plain).split()
    slug = "-".join(words)[:MAX_SLUG_CHARS].strip("-")
    return slug or f"article-{secrets.token_hex(4)}"
