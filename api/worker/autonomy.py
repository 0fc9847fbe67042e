"""The record of what desk.yaml says of how far the agent may go by itself."""

from __future__ import annotations

from collections.abc import Iterable

from graph.desk.model import Desk
from memory import autonomy
from memory.people import audit
from memory.storage.database import Database

WHO = "desk.yaml"
"""Stands in the audit for what a file changed."""


async def declare(database: Database, desks: Iterable[Desk]) -> None:
    """Put on record what desk.yaml says otherwise than before. Raises `StorageUnavailable`."""
    for desk in desks:
        async with database.transaction() as session:
            for one in await autonomy.declare(session, desk.tenant, desk.autonomy.levels):
                await audit.note(
                    session, tenant=desk.tenant, who=WHO, via="command", action=str(one)
                )
