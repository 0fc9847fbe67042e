"""A conversation of a helpdesk as messages for the way in. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.channels.contract import Attachment, Incoming, Kind, Sender
from api.channels.files import MOST_NAME_CHARS, plain_name
from graph.text.mail.html import text_of
from memory.channels.drafts import foreign_id
from tools.adapters.helpdesk.contract import Author, Conversation, Entry

MOST_LINK_CHARS = 2_000
MERGER = "A colleague"
"""Who has a conversation that was merged with another one there."""
CLOSED = "closed"
"""Part of the id of the news that a conversation was closed."""
NO_TEXT = "[The message has no text.]"
THERE = "it stays in the helpdesk and was not read"
AUTOMATIC = {"Auto-Submitted": "auto-replied"}
KINDS: Mapping[Author, Kind] = {"customer": "message", "person": "person", "program": "automatic"}


@dataclass(frozen=True)
class Known:
    """What we know of a conversation before it is read."""

    ids: Collection[str]
    """Ids that came before."""
    place: Mapping[str, Any]
    """What was written down about it; empty where it is new."""
    begun: datetime
    """Nothing older is taken in."""
    moved: Collection[str] = ()
    """Numbers of messages that came before in another conversation: a colleague merged the two."""


def ids_of(conversation: Conversation) -> list[str]:
    """The ids of all that could be taken in."""
    found = [foreign_id(conversation.ref, one.id) for one in conversation.entries]
    return [*found, _closing(conversation)]


def incomings(conversation: Conversation, known: Known) -> Iterator[Incoming]:
    """What is new, in order."""
    free, last = int(known.place.get("free") or 0), int(known.place.get("last") or 0)
    holder, new = "", not known.place
    for one in conversation.entries:
        holder = _holder(one, holder, free)
        identity = foreign_id(conversation.ref, one.id)
        if one.author not in KINDS or not one.public or one.at < known.begun:
            continue
        last = max(last, int(one.id))
        if identity not in known.ids:
            new = False
            by = holder or (MERGER if one.id in known.moved else "")
            yield _message(conversation, one, last, by)
    closing = _closing(conversation)
    if conversation.status == "settled" and not new and closing not in known.ids:
        refs, moves = (conversation.ref,), {"free": str(last)}
        yield Incoming(closing, "", kind="closed", ref=conversation.ref, refs=refs, moves=moves)


def _holder(one: Entry, before: str, free: int) -> str:
    """Who has the conversation there after this message; empty where nobody has."""
    if not one.public or int(one.id) <= free:
        return before
    if one.author == "person":
        return one.name or "a colleague"
    return "" if one.author == "own" else before


def _message(conversation: Conversation, one: Entry, last: int, holder: str) -> Incoming:
    moves = {"ref": conversation.ref, "last": str(last), "at": one.at.isoformat()}
    if holder:
        moves["holder"] = holder
    return Incoming(
        foreign_id(conversation.ref, one.id),
        plain(one) or NO_TEXT,
        kind=KINDS[one.author],
        subject=conversation.subject,
        sender=Sender(one.address, one.name or None, one.vouched_by),
        ref=conversation.ref,
        refs=(conversation.ref,),
        place=moves,
        moves=moves,
        held_by=holder if one.author == "customer" else "",
        headers=AUTOMATIC if one.author == "program" else {},
        attachments=[
            Attachment(
                plain_name(file.name),
                file.media_type[:MOST_NAME_CHARS],
                file.size,
                trouble=THERE,
                link=_link(file.link),
            )
            for file in one.files
        ],
    )


def _link(url: str) -> str:
    return url if url.startswith("https://") and len(url) <= MOST_LINK_CHARS else ""


def plain(one: Entry) -> str:
    """What a message says, without its layout."""
    return text_of(one.text).strip() if one.html else one.text.strip()


def _closing(conversation: Conversation) -> str:
    """The news that it was closed after its newest message."""
    return f"{conversation.ref}/{CLOSED}/{conversation.newest or '0'}"
