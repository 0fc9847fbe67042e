"""Tickets in which words stand: in the subject, the customer, the ids, or in anything that was said."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial

from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.patterns import linear
from memory.storage import text_query
from memory.storage.near_words import MOST_COMPARED, near
from memory.storage.postgres_text import words_of
from memory.storage.units_session import within
from memory.tables import Message, Ticket
from memory.tickets import fulltext, tickets

MOST_SEEN_MESSAGES = 40
"""Of one ticket, the first ones, where a piece to show is looked for."""
MOST_SEEN_CHARS = 4_000
"""Of one message."""
SHOWN_CHARS = 140
_WORD = linear(r"\S+")
MOST_COMPARED_MESSAGES = 10
"""Of one ticket, the first ones."""
MOST_COMPARED_CHARS = 1_000
"""Of one message, where words that are spelt nearly so are looked for."""


async def found(
    session: AsyncSession,
    tenant: str,
    query: str,
    *,
    status: str | None = None,
    before: str | None = None,
    limit: int = 50,
) -> list[Ticket]:
    """The newest tickets first that hold all of the words, the last letters of each left open.

    Where none does, those of the newest tickets whose words are spelt nearly so.
    """
    exactly = partial(fulltext.newest_in, tenant=tenant, query=query, status=status)
    ids = await within(session, partial(exactly, before=before, limit=limit))
    if not ids and before is not None:
        first = await within(session, partial(exactly, before=None, limit=1))
        if first:
            return []  # the pages before this one held the words, and no more tickets do
    if not ids:
        ids = (await _nearly(session, tickets.wanted(tenant, status, before), query))[:limit]
    some = {one.id: one for one in await tickets.newest(session, [col(Ticket.id).in_(ids)], limit)}
    return [some[one] for one in ids]


async def said(session: AsyncSession, some: Sequence[Ticket], query: str) -> dict[str, str]:
    """What was said around the first of the query's words, by ticket, where it was said."""
    query_of = select(Message.ticket_id, Message.text).where(
        col(Message.ticket_id).in_([one.id for one in some]), col(Message.seq) <= MOST_SEEN_MESSAGES
    )
    spoken: dict[str, list[str]] = {}
    for one, text in await session.exec(query_of.order_by(col(Message.seq))):
        spoken.setdefault(one, []).append(text[:MOST_SEEN_CHARS])
    starts = tuple(phrase[0] for phrase in text_query.phrases(query))
    return await asyncio.to_thread(_around_each, spoken, starts)


def _around_each(spoken: Mapping[str, Sequence[str]], starts: tuple[str, ...]) -> dict[str, str]:
    """In a thread: a name that is found in no message is looked for in all of them."""
    around = {one: _around(texts, starts) for one, texts in spoken.items()}
    return {one: text for one, text in around.items() if text}


def _around(texts: Sequence[str], starts: tuple[str, ...]) -> str:
    """The piece of a line in which a word begins so; nothing where none does."""
    for text in texts:
        if not _begins(text, starts):
            continue  # one look at a whole text is ten times faster than at each word
        for line in text.splitlines():
            for word in _WORD.finditer(line):
                if _begins(word.group(), starts):
                    return _cut(line, word.start())
    return ""


def _begins(text: str, starts: tuple[str, ...]) -> bool:
    return any(one.startswith(starts) for one in words_of(text))


def _cut(line: str, at: int) -> str:
    """SHOWN_CHARS of it around a place where a word begins, cut at words."""
    earliest = max(0, at - SHOWN_CHARS // 2)
    begin = next((one for one in range(earliest, at) if not one or line[one - 1].isspace()), at)
    latest = begin + SHOWN_CHARS
    end = len(line)
    if end > latest:
        end = next((one for one in range(latest, at, -1) if line[one].isspace()), latest)
    shown = line[begin:end].strip()
    return f"{'... ' if begin else ''}{shown}{' ...' if end < len(line) else ''}"


async def _nearly(
    session: AsyncSession, wanted: Sequence[ColumnElement[bool]], query: str
) -> list[str]:
    of_these = select(Ticket.id, Ticket.subject, Ticket.customer_name, Ticket.customer_email)
    newest = of_these.where(*wanted).order_by(col(Ticket.id).desc()).limit(MOST_COMPARED)
    texts = {
        one: [subject, name or "", email or ""]
        for one, subject, name, email in await session.exec(newest)
    }
    said = select(Message.ticket_id, Message.text).where(
        col(Message.ticket_id).in_(texts), col(Message.seq) <= MOST_COMPARED_MESSAGES
    )
    for one, text in await session.exec(said):
        texts[one].append(text[:MOST_COMPARED_CHARS])
    ids = list(texts)
    # In a thread: a thousand conversations take some tenths of a second.
    places = await asyncio.to_thread(near, query, map(" ".join, texts.values()))
    return [ids[place] for place in places]
