"""Uploads: files that no message has taken yet, each its owner's alone.

Functions take the caller's session and never commit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.files import contents
from memory.files.incoming import (
    API,
    PERSON,
    FileRefused,
    FileUnknown,
    NewFile,
    Room,
    kept_of,
    row_of,
)
from memory.storage.units import Statements
from memory.storage.units_session import within
from memory.tables import Kept, StoredFile, now

MOST_WAITING = 20
"""Uploads of one visitor that no message has taken yet."""
MOST_WAITING_OF_PERSON = 200
"""The same of a person who works at the desk: what they attach and leave out goes after a day."""
TAKE = (
    "UPDATE files SET ticket_id = ?, seq = ?, text = '', created_at = ?"
    " WHERE id = ? AND tenant = ? AND owner = ? AND ticket_id IS NULL"
)


async def upload(
    session: AsyncSession, tenant: str, owner: str, new: NewFile, room: Room
) -> StoredFile:
    """Store a file that a message will name. Raises `FileRefused`."""
    waiting = select(func.count()).where(
        StoredFile.tenant == tenant, StoredFile.owner == owner, col(StoredFile.ticket_id).is_(None)
    )
    person = owner.startswith(PERSON)
    most = MOST_WAITING_OF_PERSON if person else MOST_WAITING
    if owner != API and (await session.exec(waiting)).one() >= most:
        raise FileRefused(f"{most} files wait to be sent with a message: send one first")
    if owner != API and not person:  # strangers leave the other half to those who work there
        room = replace(room, tenant_bytes=room.tenant_bytes // 2)
    kept = kept_of(new, room, await contents.used_bytes(session, tenant))
    if kept is not Kept.HERE:
        msg = {
            Kept.TOO_LARGE: f"the file is larger than {room.file_bytes:,} bytes: send a smaller one",
            Kept.NO_ROOM: "the desk has no room for more files: send it another way",
        }[kept]
        raise FileRefused(msg)
    assert new.content is not None
    file = row_of(tenant, owner, new, kept)
    file.content_id = contents.name_of(session, tenant, new.content)
    await contents.put(session, tenant, file.content_id, new.content)
    session.add(file)
    await session.flush()
    return file


async def waiting(
    session: AsyncSession, tenant: str, owner: str, ids: Sequence[str]
) -> list[StoredFile]:
    """Uploads in the order in which they are named. Raises `FileUnknown`."""
    query = select(StoredFile).where(
        StoredFile.tenant == tenant, StoredFile.owner == owner, col(StoredFile.id).in_(ids)
    )
    found = {one.id: one for one in await session.exec(query)}
    if missing := [one for one in ids if one not in found]:
        raise FileUnknown(_unknown(missing[0]))
    return [found[one] for one in ids]


def take_in(
    do: Statements, tenant: str, owner: str, ids: Sequence[str], place: tuple[str, int]
) -> None:
    """Make uploads part of a message. Raises `FileUnknown` for one that is part of another."""
    for one, moment in in_order(ids):
        if do.run(TAKE, (*place, do.moment(moment), one, tenant, owner)) != 1:
            raise FileUnknown(_unknown(one))


def in_order(ids: Sequence[str]) -> Iterator[tuple[str, datetime]]:
    """Each with the moment of its message: they are shown in the order in which it names them.

    They may have been uploaded in another one, as where one had to be uploaded again.
    """
    first = now()
    return ((one, first + timedelta(microseconds=n)) for n, one in enumerate(ids))


async def take(
    session: AsyncSession, tenant: str, owner: str, ids: Sequence[str], place: tuple[str, int]
) -> None:
    """`take_in` by a session. Raises `FileUnknown`."""
    await within(session, lambda do: take_in(do, tenant, owner, ids, place))


def _unknown(file_id: str) -> str:
    return f"there is no file {file_id!r} that waits for a message: upload it again"


async def forget_waiting(session: AsyncSession, before: datetime, most: int) -> int:
    """Remove uploads that no message has taken; how many."""
    old = select(StoredFile.id).where(
        col(StoredFile.ticket_id).is_(None), col(StoredFile.created_at) < before
    )
    ids = list(await session.exec(old.order_by(col(StoredFile.created_at)).limit(most)))
    return await contents.remove_files(
        session, col(StoredFile.id).in_(ids) & col(StoredFile.ticket_id).is_(None)
    )
