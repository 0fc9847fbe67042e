"""Files of messages: their bytes once for each tenant, within bounds, and gone with the last of them."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import func, select

from memory.files import contents, message_files, uploads
from memory.files.incoming import FileRefused, FileUnknown, NewFile, Room
from memory.sealing.keyring import Keyring, new_key, read_keyring
from memory.storage.database import Database
from memory.storage.queue import Queue
from memory.tables import FileContent, FilePart, Kept, StoredFile, now
from tests.memory.ledgers import TENANT, Ledger
from tests.postgres import copy_of

BYTES = bytes(range(256)) * 1_200
"""More than two parts of them."""


def file(content: bytes | None = BYTES, name: str = "photo.png") -> NewFile:
    """A file as it came."""
    return NewFile(name, "image/png", len(content or b""), content, text="what it says")


async def added(ledger: Ledger, *new: NewFile, room: Room | None = None) -> tuple[str, list[Kept]]:
    """A ticket whose first message has these files, and whether each is kept."""
    ticket = await ledger.accept()
    async with ledger.database.transaction() as session:
        await message_files.add(session, TENANT, (ticket.id, 1), new, room or Room())
        found = (await message_files.of_tickets(session, [ticket.id]))[ticket.id][1]
        order = {one.name: Kept(one.kept) for one in found}
    return ticket.id, [order[one.name] for one in new]


async def content(ledger: Ledger, ticket_id: str) -> bytes:
    """The bytes of a ticket's only file."""
    async with ledger.database.reading() as session:
        [found] = (await message_files.of_tickets(session, [ticket_id]))[ticket_id][1]
        return await contents.read(session, found)


async def parts(ledger: Ledger) -> int:
    """How many parts of contents there are."""
    async with ledger.database.reading() as session:
        return (await session.exec(select(func.count()).select_from(FilePart))).one()


@pytest.mark.parametrize("ring", [None, read_keyring(new_key())], ids=["plain", "sealed"])
async def test_bytes_come_back_and_stand_there_once(
    tmp_path: Path, template: Path, ring: Keyring | None
) -> None:
    """Two tickets share them; they go with the second one. With a key no row holds them in plain."""
    url = copy_of(template, tmp_path)
    ledger = Ledger(Database(url, None, ring), Queue(url))
    first, _ = await added(ledger, file())
    count = await parts(ledger)
    second, _ = await added(ledger, file())
    assert count > 1
    assert await parts(ledger) == count
    assert await content(ledger, first) == BYTES
    async with ledger.database.engine.connect() as connection:
        cells = (await connection.execute(text("SELECT data FROM file_parts"))).scalars().all()
    assert all(str(one).startswith("dk1:") is (ring is not None) for one in cells)
    async with ledger.database.transaction() as session:
        assert await message_files.forget(session, first) == 1
    assert await content(ledger, second) == BYTES
    async with ledger.database.transaction() as session:
        await message_files.forget(session, second)
    assert await parts(ledger) == 0
    ledger.queue.close()
    await ledger.database.close()


async def test_what_is_too_much_is_listed_and_not_kept(ledger: Ledger) -> None:
    """One that is too large, one too many, one that finds no room, and one that stays elsewhere."""
    small = Room(file_bytes=1_000, tenant_bytes=1_500)
    _, kept = await added(
        ledger,
        file(b"x" * 1_001, "large"),
        file(b"a" * 1_000, "fits"),
        file(b"b" * 1_000, "no room"),
        file(None, "there"),
        room=small,
    )
    assert kept == [Kept.TOO_LARGE, Kept.HERE, Kept.NO_ROOM, Kept.ELSEWHERE]
    many = [
        file(b"%d" % number, f"{number}") for number in range(message_files.MOST_OF_MESSAGE + 1)
    ]
    _, kept = await added(ledger, *many)
    assert kept[-2:] == [Kept.HERE, Kept.TOO_MANY]


async def test_an_upload_belongs_to_one_message_of_its_owner(ledger: Ledger) -> None:
    """Another owner, tenant or second message does not get it, and its text goes into the message."""
    ticket = await ledger.accept()
    async with ledger.database.transaction() as session:
        one = await uploads.upload(session, TENANT, "ann", file(), Room())
        for tenant, owner in ((TENANT, "bob"), ("bolt", "ann")):
            with pytest.raises(FileUnknown):
                await uploads.waiting(session, tenant, owner, [one.id])
        with pytest.raises(FileUnknown):
            await message_files.get(session, TENANT, one.id)
        assert [it.text for it in await uploads.waiting(session, TENANT, "ann", [one.id])] == [
            "what it says"
        ]
    for owner in ("bob", "ann", "ann"):
        try:
            async with ledger.database.transaction() as session:
                await uploads.take(session, TENANT, owner, [one.id], (ticket.id, 1))
        except FileUnknown:
            continue
        assert owner == "ann"
    async with ledger.database.reading() as session:
        stored = await message_files.get(session, TENANT, one.id)
        assert (stored.ticket_id, stored.seq, stored.text) == (ticket.id, 1, "")
        with pytest.raises(FileUnknown):
            await message_files.get(session, "bolt", one.id)


async def test_uploads_that_no_message_takes_are_few_and_go(ledger: Ledger) -> None:
    """A visitor may have so many; after their day they go with their bytes."""
    async with ledger.database.transaction() as session:
        for number in range(uploads.MOST_WAITING):
            await uploads.upload(session, TENANT, "ann", file(b"%d" % number), Room())
        with pytest.raises(FileRefused, match="send one first"):
            await uploads.upload(session, TENANT, "ann", file(), Room())
    async with ledger.database.transaction() as session:
        assert await uploads.forget_waiting(session, now(), 1_000) == uploads.MOST_WAITING
        assert (await session.exec(select(func.count()).select_from(FileContent))).one() == 0


async def test_bytes_that_are_taken_while_they_go_are_there(ledger: Ledger) -> None:
    """The last file of a content is removed at the moment in which another takes it."""
    for _ in range(5):
        first, _ = await added(ledger, file())

        async def removed(ticket_id: str = first) -> None:
            async with ledger.database.transaction() as session:
                await message_files.forget(session, ticket_id)

        (second, _), _ = await asyncio.gather(added(ledger, file()), removed())
        assert await content(ledger, second) == BYTES
        async with ledger.database.transaction() as session:
            await message_files.forget(session, second)
            assert (await session.exec(select(func.count()).select_from(StoredFile))).one() == 0
    assert await parts(ledger) == 0
