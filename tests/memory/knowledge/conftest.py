"""A database with the tables of the knowledge base."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text

from memory.knowledge.fulltext_sqlite import CREATE_FULLTEXT
from memory.storage.database import Database
from memory.tables import metadata


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """An empty SQLite file."""
    async with Database(f"sqlite:///{tmp_path}/desk.db") as opened:
        async with opened.engine.begin() as connection:
            await connection.run_sync(metadata.create_all)
            for statement in CREATE_FULLTEXT:
                await connection.execute(text(statement))
        yield opened
