"""The bytes of files: there once for each tenant, named by what they are, gone with the last file.

Functions take the caller's session and never commit.
"""

from __future__ import annotations

import hashlib
import hmac

from sqlalchemy import ColumnElement, delete, func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.sealing.columns import ring_of
from memory.storage.engines import insert, needs_locks
from memory.tables import FileContent, FilePart, StoredFile, now

PART_BYTES = 131_072


async def used_bytes(session: AsyncSession, tenant: str) -> int:
    """What all files of a tenant take."""
    used = select(func.coalesce(func.sum(FileContent.size), 0)).where(FileContent.tenant == tenant)
    return (await session.exec(used)).one()


def name_of(session: AsyncSession, tenant: str, data: bytes) -> str:
    """What these bytes are called: only who has the key can tell whether a file is there."""
    ring = ring_of(session.get_bind().dialect)
    key = b"" if ring is None else ring.current.words
    return hmac.new(key, f"{tenant}\n".encode() + data, hashlib.sha256).hexdigest()


async def put(session: AsyncSession, tenant: str, name: str, data: bytes) -> None:
    """Store bytes under their name unless they are there."""
    row = {"id": name, "tenant": tenant, "size": len(data), "used_at": now()}
    # On Postgres this write is what a removal at the same moment waits for, or is waited for.
    statement = insert(session, FileContent).values(row)
    await session.execute(
        statement.on_conflict_do_update(index_elements=["id"], set_={"used_at": row["used_at"]})
    )
    known = select(FilePart.id).where(FilePart.content_id == name).limit(1)
    if (await session.exec(known)).first() is None:
        for number, begin in enumerate(range(0, len(data), PART_BYTES)):
            part = data[begin : begin + PART_BYTES]
            session.add(FilePart(id=f"{name}-{number:06}", content_id=name, data=part))
        await session.flush()


async def read(session: AsyncSession, file: StoredFile) -> bytes:
    """All its bytes."""
    return b"".join([await part(session, one) for one in await parts_of(session, file)])


async def parts_of(session: AsyncSession, file: StoredFile) -> list[str]:
    """The ids of its parts, in order: whoever sends them slowly holds no session meanwhile."""
    ids = select(FilePart.id).where(FilePart.content_id == file.content_id)
    return list(await session.exec(ids.order_by(FilePart.id)))


async def part(session: AsyncSession, part_id: str) -> bytes:
    """The bytes of one part; none where it was removed meanwhile."""
    found = await session.exec(select(FilePart.data).where(FilePart.id == part_id))
    return found.one_or_none() or b""


async def remove_files(session: AsyncSession, which: ColumnElement[bool]) -> int:
    """Delete these files, and the bytes that no other file has; how many files."""
    gone = delete(StoredFile).where(which).returning(col(StoredFile.content_id))
    removed = list((await session.execute(gone)).scalars())
    for one in sorted({content_id for content_id in removed if content_id is not None}):
        await _remove_unused(session, one)
    return len(removed)


async def _remove_unused(session: AsyncSession, content_id: str) -> None:
    """Remove bytes that no file has any more."""
    if needs_locks(session):  # whoever is just taking them has written this row
        held = select(FileContent.id).where(FileContent.id == content_id).with_for_update()
        await session.exec(held)
    having = select(StoredFile.id).where(StoredFile.content_id == content_id).limit(1)
    if (await session.exec(having)).first() is None:
        await session.execute(delete(FilePart).where(col(FilePart.content_id) == content_id))
        await session.execute(delete(FileContent).where(col(FileContent.id) == content_id))
