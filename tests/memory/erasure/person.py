"""A person who left something in every table, and what erases them."""

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from langgraph.checkpoint.base import empty_checkpoint
from sqlmodel import SQLModel

from api.channels.contract import Attachment, Incoming, Sender
from graph.text.mail.quotes import header_block
from memory.erasure import requests
from memory.erasure.erasing import Eraser
from memory.erasure.sidecar import Sidecar
from memory.knowledge.index import MemoryIndex
from memory.sealing.keyring import new_key, read_keyring
from memory.storage.opening import open_checkpoints
from memory.tables import (
    Correction,
    CorrectionKind,
    Effect,
    Feedback,
    FileContent,
    FilePart,
    Handoff,
    HandoffNote,
    IdentityChallenge,
    Letter,
    Memory,
    StoredFile,
    Ticket,
    now,
)
from tests.channels import intake_of, wrote
from tests.memory.ledgers import TENANT, Ledger

MARK = "zwiebelfisch"
"""Stands in everything that the person's tickets hold."""
MARKS = (MARK.encode(), base64.b64encode(MARK.encode()))
ADDRESS = f"{MARK}@example.com"
KEY = b"k" * 32


def eraser_of(ledger: Ledger, folder: Path) -> Eraser:
    """An eraser of this ledger, its files in `folder`."""
    return Eraser(
        database=ledger.database,
        queue=ledger.queue,
        checkpoints=open_checkpoints(ledger.database),
        index=MemoryIndex(),
        key=KEY,
        sidecar=Sidecar(folder / "erased.jsonl"),
        head=header_block,
    )


async def write(ledger: Ledger, *rows: SQLModel) -> None:
    """Store rows, one after another."""
    async with ledger.database.transaction() as session:
        for row in rows:
            session.add(row)
            await session.flush()


async def of_person(ledger: Ledger, address: str, *, tenant: str = TENANT) -> Ticket:
    """A ticket of theirs."""
    ticket = await ledger.accept(f"I am {MARK}", tenant=tenant)
    async with ledger.database.transaction() as session:
        stored = await session.get_one(Ticket, ticket.id)
        stored.customer_email, stored.customer_name, stored.subject = address, MARK, MARK
    return ticket


def everywhere(ticket: Ticket, tenant: str = TENANT) -> list[SQLModel]:
    """A row of each kind that hangs on the ticket, with the mark in it."""
    handoff, one = f"hnd_{ticket.id}", ticket.id
    base: dict[str, Any] = {"tenant": tenant, "ticket_id": one, "turn": 1}
    about: dict[str, Any] = {"tenant": tenant, "ticket_id": one, "handoff_id": handoff}
    return [
        Handoff(id=handoff, reason="x", explanation=MARK, story={"summary": MARK}, **base),
        HandoffNote(id=f"n{one}", author="ann", text=MARK, **about),
        Letter(id=f"l{one}", handoff_id=handoff, epoch=1, kind="notice", purpose="ask", text=MARK, **base),
        Memory(
            id=f"m{one}", question=MARK, answer=MARK, origin="agent", sources="",
            model_revision="r", expires_at=now(), **base,
        ),
        Effect(key=f"e{one}", tool="t", fingerprint="f", result={"said": MARK}, **base),
        Correction(id=f"c{one}", kind=CorrectionKind.ARTICLE_MISSING, question=MARK, by="ann", **base),
        FileContent(id=f"b{one}", tenant=tenant, size=len(MARK)),
        FilePart(id=f"p{one}", content_id=f"b{one}", data=MARK.encode()),
        StoredFile(
            id=f"f{one}", tenant=tenant, owner="api", ticket_id=one, seq=1, name=MARK,
            media_type="text/plain", size=len(MARK), text=MARK, content_id=f"b{one}",
        ),
        Feedback(ticket_id=one, turn=1, tenant=tenant, solved=True),
        IdentityChallenge(
            id=f"i{one}", address=ADDRESS, holder="h", nonce="n", digest="d", tries_allowed=3,
            valid_seconds=1, verified_seconds=1, expires_at=now(), **base,
        ),
    ]  # fmt: skip


async def erase(ledger: Ledger, eraser: Eraser, *, tenant: str = TENANT) -> dict[str, Any]:
    """Ask for the person's erasure and carry it out."""
    async with ledger.database.transaction() as session:
        wanted = await requests.ask(session, KEY, tenant=tenant, address=ADDRESS, by="ann")
    return await eraser.run(wanted.id)


@asynccontextmanager
async def thread(eraser: Eraser, ticket_id: str, **values: Any) -> AsyncIterator[Any]:
    """A saver of the ticket's thread, with these values in its checkpoint."""
    place: Any = {"configurable": {"thread_id": ticket_id, "checkpoint_ns": ""}}
    async with eraser.checkpoints.saver(ticket_id, 1) as saver:
        versions: Any = dict.fromkeys(values, "1")
        made: Any = {**empty_checkpoint(), "channel_values": values, "channel_versions": versions}
        await saver.aput(place, made, {}, versions)
        await saver.flush()
        yield saver


def marked(folder: Path) -> list[str]:
    """The files that hold the mark, in plain or as a stored file has it."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path.name for path in files if any(one in path.read_bytes() for one in MARKS))


RING = read_keyring(new_key())
WORDS = "Mine was blue and said zwiebelfisch on its lid, too."
PERSON = Sender(ADDRESS, "Zwie Belfisch")


def other(identity: str, text: str = WORDS, **parts: Any) -> Incoming:
    """A message of the person in somebody else's conversation."""
    return wrote(identity, text, refs=["m1"], sender=PERSON, **parts)


async def conversation(ledger: Ledger) -> str:
    """Another customer's, in which the person wrote; its id."""
    intake = intake_of(ledger)
    first = await intake.receive(wrote("m1", "Where is my clock?"))
    file = Attachment("zwiebelfisch.txt", "text/plain", 12, content=b"zwiebelfisch")
    await intake.receive(other("m2", attachments=[file]))
    await intake.receive(other("m3", "I am zwiebelfisch and away.", kind="automatic"))
    await intake.receive(wrote("m4", "And when does it come?", refs=["m1"]))
    assert first.ticket_id is not None
    return first.ticket_id
