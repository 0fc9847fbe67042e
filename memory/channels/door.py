"""The door by which the graph's messages come to the outgoing rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlmodel import col, select

from memory.channels.drafts import want_in_helpdesk
from memory.channels.outgoing import CODE, HELPDESKS, KEPT, Wanted, by_key, want
from memory.storage.database import Database
from memory.storage.step import present_step
from memory.tables import ChannelThread, Effect
from memory.tool_names import SEND_CODE

WITHOUT_CODES = frozenset({*KEPT, *HELPDESKS})
"""Channels that no one-time code may leave by."""
PARTS = ("text", "citations", "to", "files", "by")
CHANNEL = "SELECT channel FROM channel_threads WHERE ticket_id = ? AND tenant = ?"


class OutgoingLedger:
    """The messages of one tenant's channels that wait to leave. Each call is one transaction."""

    def __init__(self, database: Database, tenant: str) -> None:
        self._database = database
        self._tenant = tenant

    async def want(
        self, message: Mapping[str, Any], key: str, named: Callable[[], str]
    ) -> str | None:
        """Store it, once a key; the channel that it leaves by, None where it has none.

        `named`: the id that it gets on the other side.
        """
        body = {name: message[name] for name in PARTS if name in message}
        one = Wanted(key, message["ticket_id"], message["turn"], message["kind"], body)
        step = present_step(one.ticket_id)
        if step is not None and step.kept is not None and step.kept[0].key == key:
            return None  # that it has none was asked as it began
        # A ticket's thread is written with the ticket: it neither comes nor goes later.
        found = await self._database.units.look(
            lambda do: do.row(CHANNEL, (one.ticket_id, self._tenant))
        )
        if found is None:
            return None
        channel = str(found[0])
        if channel in WITHOUT_CODES and one.kind == CODE:
            return None  # it goes to the address on file, never to whoever is writing
        foreign_id = named()
        async with self._database.transaction() as session:
            if channel in HELPDESKS:
                await want_in_helpdesk(session, self._tenant, foreign_id, one)
            else:
                await want(session, self._tenant, foreign_id, one)
        return channel

    async def wanted(self, key: str) -> str | None:
        """The channel by which the message of this key leaves; None where it was not stored."""
        async with self._database.reading() as session:
            found = await by_key(session, key)
        return None if found is None else found.channel

    async def expects(self, key: str) -> bool:
        """Whether the message of this key has to be stored: its ticket came by a channel."""
        query = (
            select(ChannelThread.channel, Effect.tool)
            .join(Effect, col(Effect.ticket_id) == col(ChannelThread.ticket_id))
            .where(Effect.key == key, ChannelThread.tenant == self._tenant)
        )
        async with self._database.reading() as session:
            found = (await session.exec(query)).first()
        if found is None:
            return False
        channel, tool = found
        return tool != SEND_CODE or channel not in WITHOUT_CODES
