"""Files that came with messages. Functions take the caller's session and never commit.

A file is one row for each message that has it; its bytes are there once for each tenant, named by
what they are, and go with the last file that has them.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import delete, func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.characters import undirected
from memory.faults import MemoryFault
from memory.sealing.columns import ring_of
from memory.storage.engines import insert, needs_locks
from memory.storage.units import Statements
from memory.storage.units_session import within
from memory.tables import FileContent, FilePart, Kept, StoredFile, now

MOST_OF_MESSAGE = 20
"""Files of one message."""
MOST_OF_TICKET = 200
"""Files of one conversation that are kept."""
MOST_WAITING = 20
"""Uploads of one visitor that no message has taken yet."""
MOST_WAITING_OF_PERSON = 200
"""The same of a person who works at the desk: what they attach and leave out goes after a day."""
MOST_BYTES = 10_000_000
"""Of one file, where nothing else is said."""
PART_BYTES = 131_072
API = "api"
"""Who uploads for the tenant's own systems."""
PERSON = "by:"
"""What stands before the name of a person who uploads for what they will send."""
TAKE = (
    "UPDATE files SET ticket_id = ?, seq = ?, text = '', created_at = ?"
    " WHERE id = ? AND tenant = ? AND owner = ? AND ticket_id IS NULL"
)


class FileUnknown(MemoryFault):
    """No such file in this tenant, or it is part of another message already."""


class FileRefused(MemoryFault):
    """A file that is not stored; the message says why."""


@dataclass(frozen=True)
class Room:
    """How much is kept."""

    file_bytes: int = MOST_BYTES
    """Of one file."""
    tenant_bytes: int = 5_000_000_000
    """Of all files of a tenant."""


@dataclass(frozen=True)
class NewFile:
    """A file as it came."""

    name: str
    media_type: str
    size: int
    content: bytes | None = None
    """None where the bytes stay on the other side."""
    text: str = ""
    """What an upload says; of another file the message holds it."""
    trouble: str = ""
    link: str = ""


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
    kept = _kept(new, room, await _used(session, tenant))
    if kept is not Kept.HERE:
        msg = {
            Kept.TOO_LARGE: f"the file is larger than {room.file_bytes:,} bytes: send a smaller one",
            Kept.NO_ROOM: "the desk has no room for more files: send it another way",
        }[kept]
        raise FileRefused(msg)
    assert new.content is not None
    file = _file(tenant, owner, new, kept)
    file.content_id = _named(session, tenant, new.content)
    await _put(session, tenant, file.content_id, new.content)
    session.add(file)
    await session.flush()
    return file


async def add(
    session: AsyncSession, tenant: str, place: tuple[str, int], new: Sequence[NewFile], room: Room
) -> None:
    """Store the files of a message; `place` is its ticket and number.

    All are listed, and the bytes of as many are kept as there is room for.
    """
    ticket_id, seq = place
    counted = select(func.count()).where(StoredFile.ticket_id == ticket_id)
    left = min(MOST_OF_MESSAGE, MOST_OF_TICKET - (await session.exec(counted)).one())
    used, contents = await _used(session, tenant), dict[str, bytes]()
    files = []
    for number, one in enumerate(new):
        kept = _kept(one, room, used) if number < left else Kept.TOO_MANY
        file = _file(tenant, API, replace(one, text=""), kept)
        file.ticket_id, file.seq = ticket_id, seq
        if kept is Kept.HERE and one.content is not None:
            file.content_id = _named(session, tenant, one.content)
            contents[file.content_id] = one.content
            used += len(one.content)
        files.append(file)
    for name in sorted(contents):  # in one order, or two messages would wait for each other
        await _put(session, tenant, name, contents[name])
    session.add_all(files)
    await session.flush()


async def _used(session: AsyncSession, tenant: str) -> int:
    used = select(func.coalesce(func.sum(FileContent.size), 0)).where(FileContent.tenant == tenant)
    return (await session.exec(used)).one()


def _kept(new: NewFile, room: Room, used: int) -> Kept:
    if new.content is None:
        return Kept.ELSEWHERE
    if len(new.content) > room.file_bytes:
        return Kept.TOO_LARGE
    return Kept.NO_ROOM if used + len(new.content) > room.tenant_bytes else Kept.HERE


def _file(tenant: str, owner: str, new: NewFile, kept: Kept) -> StoredFile:
    return StoredFile(
        id=f"fil_{secrets.token_hex(16)}",
        tenant=tenant,
        owner=owner,
        name=undirected(new.name),
        media_type=new.media_type,
        size=new.size,
        kept=kept,
        link=new.link,
        text=new.text,
        trouble=new.trouble,
    )


async def _put(session: AsyncSession, tenant: str, name: str, data: bytes) -> None:
    """Store these bytes unless they are there."""
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


def _named(session: AsyncSession, tenant: str, data: bytes) -> str:
    ring = ring_of(session.get_bind().dialect)
    key = b"" if ring is None else ring.current.words
    return hmac.new(key, f"{tenant}\n".encode() + data, hashlib.sha256).hexdigest()


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
    """The same in a session. Raises `FileUnknown`."""
    await within(session, lambda do: take_in(do, tenant, owner, ids, place))


def _unknown(file_id: str) -> str:
    return f"there is no file {file_id!r} that waits for a message: upload it again"


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


async def forget(session: AsyncSession, ticket_id: str, seq: int | None = None) -> int:
    """Remove the files of a ticket, or of one message; how many. Bytes go with their last file."""
    mine = col(StoredFile.ticket_id) == ticket_id
    return await _forget(session, mine if seq is None else mine & (col(StoredFile.seq) == seq))


async def forget_waiting(session: AsyncSession, before: datetime, most: int) -> int:
    """Remove uploads that no message has taken; how many."""
    old = select(StoredFile.id).where(
        col(StoredFile.ticket_id).is_(None), col(StoredFile.created_at) < before
    )
    ids = list(await session.exec(old.order_by(col(StoredFile.created_at)).limit(most)))
    return await _forget(session, col(StoredFile.id).in_(ids) & col(StoredFile.ticket_id).is_(None))


async def _forget(session: AsyncSession, which: object) -> int:
    gone = delete(StoredFile).where(which).returning(col(StoredFile.content_id))  # type: ignore[arg-type]
    removed = list((await session.execute(gone)).scalars())
    for one in sorted({content_id for content_id in removed if content_id is not None}):
        await _forget_content(session, one)
    return len(removed)


async def _forget_content(session: AsyncSession, content_id: str) -> None:
    """Remove bytes that no file has any more."""
    if needs_locks(session):  # whoever is just taking them has written this row
        held = select(FileContent.id).where(FileContent.id == content_id).with_for_update()
        await session.exec(held)
    having = select(StoredFile.id).where(StoredFile.content_id == content_id).limit(1)
    if (await session.exec(having)).first() is None:
        await session.execute(delete(FilePart).where(col(FilePart.content_id) == content_id))
        await session.execute(delete(FileContent).where(col(FileContent.id) == content_id))
