"""The one article that the channels' desks know, loaded for all of them before a worker runs."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from api.settings import Settings
from api.wiring import encoder_for, open_index
from evals.stack.chaotic import ARTICLE
from memory.knowledge.article_draft import ArticleDraft
from memory.knowledge.article_files import read_articles
from memory.knowledge.ingest import index_pending
from memory.knowledge.staging import stage
from memory.storage.database import Database


async def load(settings: Settings, tenants: Sequence[str], folder: Path) -> None:
    """Store it and make it findable."""
    path = folder / "kb.jsonl"
    path.write_text(ARTICLE, encoding="utf-8")
    drafts = [one for one in read_articles(path) if isinstance(one, ArticleDraft)]
    database, encoder = Database(settings.ledger_url), encoder_for(settings)
    try:
        with closing(open_index(settings, encoder.revision)) as index:
            for tenant in tenants:
                await stage(database, tenant, drafts)
                await index_pending(database, index, encoder, tenant)
    finally:
        await database.close()
