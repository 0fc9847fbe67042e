"""Files that came with messages: a row for each message that has one.

Functions take the caller's session and never commit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.files import contents
from memory.files.incoming import API, FileUnknown, NewFile, Room, kept_of, row_of
from memory.tables import Kept, StoredFile

MOST_OF_MESSAGE = 20
"""Files of one message."""
MOST_OF_TICKET = 200
"""Files of one conversation that are kept."""


async def add(
    session: AsyncSession, tenant: str, place: tuple[str, int], new: Sequence[NewFile], room: Room
) -> None:
    """Store the files of a message; `place` is its ticket and number.

    All are listed, and the bytes of as many are kept as there is room for.
    """
    ticket_id, seq = place
    counted = select(func.count()).where(StoredFile.ticket_id == ticket_id)
    left = min(MOST_OF_MESSAGE, MOST_OF_TICKET - (await session.exec(counted)).one())
    used, brought = await contents.used_bytes(session, tenant), dict[str, bytes]()
    files = []
    for number, one in enumerate(new):
        kept = kept_of(one, room, used) if number < left else Kept.TOO_MANY
        file = row_of(tenant, API, replace(one, text=""), kept)
        file.ticket_id, file.seq = ticket_id, seq
        if kept is Kept.HERE and one.content is not None:
            file.content_id = contents.name_of(session, tenant, one.content)
            brought[file.content_id] = one.content
            used += len(one.content)
        files.append(file)
    for name in sorted(brought):  # in one order, or two messages would wait for each other
        await contents.put(session, tenant, name, brought[name])
    session.add_all(files)
    await session.flush()


async def of_tickets(
    session: AsyncSession, tickets: Collection[str]
) -> Mapping[str, Mapping[int, list[StoredFile]]]:
    """The files of these conversations, by ticket and by the number of the message."""
    found: defaultdict[str, defaultdict[int, list[StoredFile]]]
    found = defaultdict(lambda: defaultdict(list))
    query = select(StoredFile).where(col(StoredFile.ticket_id).in_(tickets))
    for one in await session.exec(query.order_by(col(StoredFile.created_at), col(StoredFile.id))):
        if one.ticket_id is not None and one.seq is not None:
            found[one.ticket_id][one.seq].append(one)
    return found


async def get(session: AsyncSession, tenant: str, file_id: str) -> StoredFile:
    """A file of a message whose bytes are here. Raises `FileUnknown`."""
    file = await session.get(StoredFile, file_id)
    if file is None or file.tenant != tenant or file.ticket_id is None or file.content_id is None:
        raise FileUnknown(f"there is no file {file_id!r}")
    return file


async def forget(session: AsyncSession, ticket_id: str, seq: int | None = None) -> int:
    """Remove the files of a ticket, or of one message; how many. Bytes go with their last file."""
    mine = col(StoredFile.ticket_id) == ticket_id
    return await contents.remove_files(
        session, mine if seq is None else mine & (col(StoredFile.seq) == seq)
    )
