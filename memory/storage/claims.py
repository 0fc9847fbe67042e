"""Whether this process has the keys that the ledger's texts are sealed with, told before it works."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, inspect
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.sealing.cells import NO_KEY
from memory.sealing.keyring import SETTING, EncryptionRefused, Keyring
from memory.storage.engines import insert
from memory.tables import EncryptionKey, now


async def needed(session: AsyncSession) -> list[str] | None:
    """Ids of the keys that texts are sealed with; None where the ledger is older than keys."""
    connection = await session.connection()
    if not await connection.run_sync(_is_set_up):
        return None
    query = select(EncryptionKey.id).where(col(EncryptionKey.ended_at).is_(None))
    return sorted(await session.exec(query))


def check(needed: list[str], ring: Keyring | None) -> None:
    """Raises `EncryptionRefused` where a key is missing that texts are sealed with."""
    missing = [one for one in needed if ring is None or one not in ring.ids]
    if not missing:
        return
    if ring is None:
        msg = f"{NO_KEY} (it is key {', '.join(missing)})"
    else:
        msg = (
            f"texts are sealed with key {', '.join(missing)}, and {SETTING} holds"
            f" {', '.join(ring.ids)}: add the missing one behind the current one, separated by a comma"
        )
    raise EncryptionRefused(msg)


async def claim(session: AsyncSession, ring: Keyring) -> None:
    """Write down that texts are sealed with the current key from now on."""
    fresh = {"id": ring.current.id, "since": now(), "ended_at": None}
    statement = insert(session, EncryptionKey).values(fresh)
    again = {"since": fresh["since"], "ended_at": None}
    ended = col(EncryptionKey.ended_at).is_not(None)  # of processes that begin at once, the first
    await session.execute(
        statement.on_conflict_do_update(index_elements=["id"], set_=again, where=ended)
    )


async def since(session: AsyncSession, ring: Keyring) -> datetime:
    """When a process first began with the current key."""
    return (await session.get_one(EncryptionKey, ring.current.id)).since


async def ended(session: AsyncSession, ring: Keyring) -> list[str]:
    """Everything is sealed with the current key; ids of the keys that were needed until now."""
    current = await session.get_one(EncryptionKey, ring.current.id)
    current.whole_at = now()
    session.add(current)
    query = select(EncryptionKey).where(
        col(EncryptionKey.ended_at).is_(None), EncryptionKey.id != ring.current.id
    )
    found = list(await session.exec(query))
    for one in found:
        one.ended_at = now()
        session.add(one)
    return sorted(one.id for one in found)


async def is_whole(session: AsyncSession) -> bool:
    """Whether everything has been sealed once: what is plain since was not written by the product."""
    query = select(EncryptionKey.id).where(col(EncryptionKey.whole_at).is_not(None)).limit(1)
    return (await session.exec(query)).first() is not None


def _is_set_up(connection: Connection) -> bool:
    return inspect(connection).has_table(str(EncryptionKey.__tablename__))
