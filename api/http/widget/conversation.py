"""What a visitor sees of the conversation: read where the ticket's messages are, nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from api.channels.files import without_files
from api.http.widget.schemas import ConversationOut, Doing, ShownFileOut, ShownOut, SourceOut
from memory.channels import arrivals
from memory.channels.outgoing import WIDGET
from memory.files import message_files
from memory.files.incoming import FileUnknown
from memory.tables import (
    Article,
    ChannelMessage,
    Message,
    StoredFile,
    Ticket,
    TicketStatus,
    Visibility,
)
from memory.tickets import tickets
from memory.tickets.messages import BOUNCE

_DOING: dict[str, Doing] = {
    TicketStatus.QUEUED: "working",
    TicketStatus.RUNNING: "working",
    TicketStatus.WAITING: "person",
    TicketStatus.SETTLED: "settled",
}
ID_SEPARATOR = ":"


@dataclass(frozen=True)
class Seen:
    """What one look found."""

    ticket: Ticket | None
    said: list[Message]


async def look(session: AsyncSession, tenant: str, ref: str, after: int) -> Seen:
    """The visitor's ticket, and its messages after `after`."""
    ticket_id = await arrivals.ticket_of(session, tenant, WIDGET, [ref])
    if ticket_id is None:
        return Seen(None, [])
    ticket = await tickets.get(session, tenant, ticket_id)
    said = await tickets.messages(session, ticket_id)
    return Seen(ticket, [one for one in said if one.seq > after and one.kind != BOUNCE])


async def shown(session: AsyncSession, seen: Seen, after: int) -> ConversationOut:
    """The same as the script takes it."""
    if seen.ticket is None:
        return ConversationOut(items=[], doing="new", last=after)
    ids = await _ids(session, seen.ticket.id)
    urls = await _urls(session, seen)
    attached = (await message_files.of_tickets(session, [seen.ticket.id]))[seen.ticket.id]
    return ConversationOut(
        items=[
            _message(one, ids.get(one.seq), urls, attached.get(one.seq, ())) for one in seen.said
        ],
        doing=_DOING[seen.ticket.status],
        last=max([after, *(one.seq for one in seen.said)]),
    )


def _message(
    one: Message, own_id: str | None, urls: dict[str, str], attached: Sequence[StoredFile]
) -> ShownOut:
    return ShownOut.model_validate(
        {
            "seq": one.seq,
            "id": own_id,
            "role": one.role,
            "kind": one.kind,
            "text": without_files(one.text) if attached else one.text,
            "files": [_file(file) for file in attached],
            "author": one.author if one.role == "person" else None,
            "sources": [
                SourceOut(title=cited["title"], url=urls.get(cited["source"]))
                for cited in one.citations
            ],
            "at": one.created_at,
        }
    )


def _file(file: StoredFile) -> ShownFileOut:
    here = file.id if file.content_id else None
    return ShownFileOut(id=here, name=file.name, size=file.size)


async def file_of(session: AsyncSession, tenant: str, ref: str, file_id: str) -> StoredFile:
    """A file of a message that the visitor is shown. Raises `FileUnknown`, of others' files too."""
    file = await message_files.get(session, tenant, file_id)
    seen = await look(session, tenant, ref, 0)
    shown = {one.seq for one in seen.said}
    if seen.ticket is None or file.ticket_id != seen.ticket.id or file.seq not in shown:
        raise FileUnknown(f"there is no file {file_id!r}")
    return file


async def _ids(session: AsyncSession, ticket_id: str) -> dict[int, str]:
    """The script's own ids of what the visitor wrote, by number."""
    query = select(ChannelMessage.seq, ChannelMessage.foreign_id).where(
        ChannelMessage.ticket_id == ticket_id
    )
    found = (await session.exec(query)).all()
    return {seq: name.rpartition(ID_SEPARATOR)[2] for seq, name in found if seq is not None}


async def _urls(session: AsyncSession, seen: Seen) -> dict[str, str]:
    """Where public articles that are cited can be read."""
    assert seen.ticket is not None
    cited = {one["source"] for said in seen.said for one in said.citations}
    if not cited:
        return {}
    query = select(Article.doc_id, Article.url).where(
        Article.tenant == seen.ticket.tenant,
        col(Article.doc_id).in_(cited),
        Article.visibility == Visibility.PUBLIC,
    )
    found = (await session.exec(query)).all()
    return {name: url for name, url in found if url and url.startswith(("https://", "http://"))}
