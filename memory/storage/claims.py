"""Whether this process has the keys that the ledger's texts are sealed with, told before it works."""

from __future__ import annotations

from sqlalchemy import Connection, inspect
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.sealing.cells import NO_KEY
from memory.sealing.keyring import SETTING, EncryptionRefused, Keyring
from memory.tables import EncryptionKey, now


async def claim(session: AsyncSession, ring: Keyring | None) -> bool:
    """Write down the current key; False where the ledger has not been set up that far.

    Raises `EncryptionRefused` where a key is missing that texts are sealed with.
    """
    connection = await session.connection()
    if not await connection.run_sync(_is_set_up):
        return False
    found = await session.exec(
        select(EncryptionKey.id).where(col(EncryptionKey.ended_at).is_(None))
    )
    needed = sorted(found)
    refused = refusal(needed, ring)
    if refused is not None:
        raise EncryptionRefused(refused)
    if ring is not None and ring.current.id not in needed:
        await session.merge(EncryptionKey(id=ring.current.id))
    return True


async def ended(session: AsyncSession, ring: Keyring) -> list[str]:
    """Nothing is sealed with any but the current key any more; ids of the keys that were needed."""
    query = select(EncryptionKey).where(
        col(EncryptionKey.ended_at).is_(None), EncryptionKey.id != ring.current.id
    )
    found = list(await session.exec(query))
    for one in found:
        one.ended_at = now()
        session.add(one)
    return sorted(one.id for one in found)


def refusal(needed: list[str], ring: Keyring | None) -> str | None:
    """Why these keys do not do, as a sentence; None where they do."""
    missing = [one for one in needed if ring is None or one not in ring.ids]
    if not missing:
        return None
    if ring is None:
        return f"{NO_KEY} (it is key {', '.join(missing)})"
    has = ", ".join(ring.ids)
    return (
        f"texts are sealed with key {', '.join(missing)}, and {SETTING} holds {has}: add the missing"
        " one behind the current one, separated by a comma"
    )


def _is_set_up(connection: Connection) -> bool:
    return inspect(connection).has_table(str(EncryptionKey.__tablename__))
