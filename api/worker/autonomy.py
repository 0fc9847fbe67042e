"""How far the agent may go by itself in a drive, and the record of what desk.yaml says of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from graph.context import TicketContext
from graph.desk.model import Desk
from memory import autonomy
from memory.people import audit
from memory.storage.database import Database

WHO = "desk.yaml"
"""Stands in the audit for what a file changed."""


async def with_autonomy(context: TicketContext, channel: str, database: Database) -> TicketContext:
    """The context with the levels in force now. Raises `StorageUnavailable`.

    They are looked up at the start of each drive: a change holds from the next one on.
    """
    levels = context.desk.autonomy.levels
    found = await database.units.look(
        lambda do: autonomy.in_force_in(do, context.tenant, channel, levels)
    )
    return replace(context, autonomy=found)


async def declare(database: Database, desks: Iterable[Desk]) -> None:
    """Put on record what desk.yaml says otherwise than before. Raises `StorageUnavailable`."""
    for desk in desks:
        async with database.transaction() as session:
            for one in await autonomy.declare(session, desk.tenant, desk.autonomy.levels):
                await audit.note(
                    session, tenant=desk.tenant, who=WHO, via="command", action=str(one)
                )
