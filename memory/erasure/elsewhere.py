"""What a person wrote in other customers' conversations, as in a helpdesk. Functions never commit.

The conversation keeps the place of a message, so that its numbers stay and people see that somebody
wrote; what was said, by whom and with which files goes, and what was made of it with it.
"""

from __future__ import annotations

import hmac
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, delete, or_
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.erasure.person import SCANNED_AT_ONCE, person_digest
from memory.files import message_files
from memory.handoffs import fulltext as handoff_text
from memory.storage.copies import without_words
from memory.storage.quoting import Head, Quoting, no_head, own_words
from memory.tables import (
    ChannelMessage,
    ChannelOutgoing,
    ChannelThread,
    Correction,
    Drive,
    Effect,
    Handoff,
    HandoffNote,
    Letter,
    Memory,
    Message,
    Ticket,
)
from memory.tickets import fulltext as ticket_text
from memory.tickets import lifecycle

ERASED = "[Erased: whoever wrote this asked for it.]"
"""What stands in its place."""
SOMEBODY = "somebody else"
"""Who wrote it."""
CUSTOMER = "customer"
SUBJECT = "subject"


@dataclass(frozen=True)
class Words:
    """What the person wrote in one conversation of somebody else."""

    ticket_id: str
    epoch: int
    texts: tuple[str, ...]
    others: tuple[str, ...]
    """What stays in its messages, without what they quote or repeat."""
    head: Head = no_head

    @property
    def quoting(self) -> Quoting:
        """Takes quotes of it out of what stays."""
        return Quoting.of(self.texts, self.others, self.head)


async def senders(
    session: AsyncSession, key: bytes, tenant: str, person: str, customer: str | None
) -> list[str]:
    """All that the person's address stands as, beside messages that came by channels."""
    found = []
    async for sender in _all_senders(session, tenant):
        digest = person_digest(key, tenant, sender)
        if sender == customer or hmac.compare_digest(digest, person):
            found.append(sender)
    return found


async def _all_senders(session: AsyncSession, tenant: str) -> AsyncIterator[str]:
    last = ""
    while True:
        column = col(ChannelMessage.sender)
        query = (
            select(column)
            .where(ChannelMessage.tenant == tenant, column > last)
            .distinct()
            .order_by(column)
            .limit(SCANNED_AT_ONCE)
        )
        found = [one for one in await session.exec(query) if one is not None]
        for one in found:
            yield one
        if len(found) < SCANNED_AT_ONCE:
            return
        last = found[-1]


async def messages(
    session: AsyncSession,
    tenant: str,
    known: Collection[str],
    most: int | None = None,
    *,
    ticket_id: str | None = None,
) -> list[Message]:
    """What these senders wrote in conversations whose customer is another, or is not known.

    The first `most` of it, or that of one conversation, where that is given.
    """
    came = (ChannelMessage.ticket_id == Message.ticket_id, ChannelMessage.seq == Message.seq)
    query = (
        select(Message)
        .join(ChannelMessage, and_(*came))  # type: ignore[arg-type]
        .join(Ticket, col(Ticket.id) == Message.ticket_id)
        .where(
            ChannelMessage.tenant == tenant,
            col(ChannelMessage.sender).in_(known),
            Message.role == CUSTOMER,
            _of_another(known),
        )
        .order_by(col(Message.id))
        .limit(most)
    )
    if ticket_id is not None:
        query = query.where(Message.ticket_id == ticket_id)
    return list(await session.exec(query))


def _of_another(known: Collection[str]) -> ColumnElement[bool]:
    """Not of the person's own tickets: those go whole, or came after the erasure was asked for."""
    return or_(col(Ticket.customer_address).is_(None), col(Ticket.customer_address).not_in(known))


async def words(
    session: AsyncSession, tenant: str, known: Collection[str], head: Head = no_head
) -> list[Words]:
    """What is to be erased, by conversation: those of messages, and of what was only noted."""
    query = (
        select(ChannelMessage.ticket_id, ChannelMessage.note)
        .join(Ticket, col(Ticket.id) == ChannelMessage.ticket_id, isouter=True)
        .where(
            ChannelMessage.tenant == tenant,
            col(ChannelMessage.sender).in_(known),
            _of_another(known),
        )
    )
    noted = [(ticket_id or "", note) for ticket_id, note in await session.exec(query)]
    said = await messages(session, tenant, known)
    texts: dict[str, list[str]] = {}
    for ticket_id, text in (*noted, *((one.ticket_id, one.text) for one in said)):
        texts.setdefault(ticket_id, []).append(text)
    epochs = select(Ticket.id, Ticket.epoch).where(col(Ticket.id).in_(list(texts)))
    stands = dict((await session.exec(epochs)).all())
    mine = {one.id for one in said}
    return [
        Words(one, stands.get(one, 0), tuple(found), await _others(session, one, mine), head)
        for one, found in texts.items()
    ]


async def _others(
    session: AsyncSession, ticket_id: str, mine: Collection[int | None]
) -> tuple[str, ...]:
    query = select(Message.id, Message.text).where(Message.ticket_id == ticket_id)
    found = await session.exec(query.order_by(col(Message.id)))
    return tuple(own_words((one in mine, text) for one, text in found))


async def forget(
    session: AsyncSession, tenant: str, known: Collection[str], said: Words
) -> dict[str, int] | None:
    """Take it out of one conversation; how many of what. None where a drive has it, or had it since.

    Such a drive may have put it into the thread again, behind whoever cleaned that.
    """
    if said.ticket_id:
        ticket = await lifecycle.hold(session, said.ticket_id)
        driven = select(Drive.ticket_id).where(Drive.ticket_id == ticket.id)
        if ticket.epoch != said.epoch or (await session.exec(driven)).first() is not None:
            return None
    mine = await messages(session, tenant, known, ticket_id=said.ticket_id)
    counts = {"messages_elsewhere": len(mine), "files_elsewhere": 0}
    for one in mine:
        counts["files_elsewhere"] += await message_files.forget(session, one.ticket_id, one.seq)
        one.text, one.author = ERASED, one.author and SOMEBODY
    query = select(ChannelMessage).where(
        ChannelMessage.tenant == tenant,
        col(ChannelMessage.sender).in_(known),
        col(ChannelMessage.ticket_id) == (said.ticket_id or None),
    )
    noted = list(await session.exec(query))
    for row in noted:
        row.sender, row.digest, row.note = None, "", ""
    session.add_all([*mine, *noted])
    counts["senders_elsewhere"] = len(noted)
    await session.flush()
    return {**counts, **await _made_of(session, said), **await _quoted(session, said)}


async def _made_of(session: AsyncSession, said: Words) -> dict[str, int]:
    """Clean what was made of these texts in the same conversation; how many rows of what.

    What was remembered of it goes: a vector cannot be cleaned.
    """
    gone = delete(Memory).where(col(Memory.ticket_id) == said.ticket_id)
    memories = int((await session.execute(gone)).rowcount)  # type: ignore[attr-defined]

    def clean(value: Any) -> Any:
        return without_words(value, said.texts, said.others)

    changed = await _changed(session, said, Handoff, ("story",), clean)
    changed += await _changed(session, said, Correction, ("question", "note"), clean)
    return {"memories": memories, "copies_in_stories": changed}


async def _quoted(session: AsyncSession, said: Words) -> dict[str, int]:
    """Take out what others quote of these texts in the same conversation; how many rows of what."""
    quoting = said.quoting

    def wholly(value: Any) -> Any:
        if isinstance(value, dict):
            return {**value, **quoting.out_of(_subject(value), wholly=True)}
        return quoting.out_of(value, wholly=True)

    replies = [
        await _changed(session, said, table, names, quoting.out_of)
        for table, names in (
            (Message, ("text",)),
            (Letter, ("text",)),
            (ChannelOutgoing, ("body",)),
            (Effect, ("result",)),
            (HandoffNote, ("text",)),
            (Handoff, ("decision",)),
        )
    ]
    reasons = await _changed(session, said, Handoff, ("explanation",), wholly)
    subjects = await _changed(session, said, ChannelThread, ("place",), wholly)
    ticket = await session.get(Ticket, said.ticket_id)
    if ticket is not None:
        subject = quoting.out_of(ticket.subject, wholly=True)
        subjects += subject != ticket.subject
        ticket.subject = subject
        session.add(ticket)
        for one in await session.exec(select(Handoff).where(Handoff.ticket_id == ticket.id)):
            await handoff_text.add_of(session, one, ticket)
        await ticket_text.again(session, ticket.id)
    return {
        "quotes_in_replies": sum(replies),
        "quotes_in_reasons": reasons,
        "quotes_in_subjects": subjects,
    }


def _subject(place: dict[str, Any]) -> dict[str, Any]:
    return {SUBJECT: place[SUBJECT]} if SUBJECT in place else {}


async def _changed(
    session: AsyncSession,
    said: Words,
    table: type[SQLModel],
    names: Sequence[str],
    clean: Callable[[Any], Any],
) -> int:
    """Put into the conversation's rows of a table what `clean` makes of them; how many changed."""
    changed = 0
    query = select(table).where(table.ticket_id == said.ticket_id)  # type: ignore[attr-defined]
    for row in list(await session.exec(query)):
        before = {name: getattr(row, name) for name in names}
        after = {name: clean(value) for name, value in before.items()}
        if after != before:
            for name, value in after.items():
                setattr(row, name, value)
            session.add(row)
            changed += 1
    return changed
