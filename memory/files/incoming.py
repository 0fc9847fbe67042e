"""A file on its way in: how it came, how much is kept, and the row that it becomes."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from memory.characters import undirected
from memory.faults import MemoryFault
from memory.tables import Kept, StoredFile

MOST_BYTES = 10_000_000
"""Of one file, where nothing else is said."""
API = "api"
"""Who uploads for the tenant's own systems."""
PERSON = "by:"
"""What stands before the name of a person who uploads for what they will send."""


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


def kept_of(new: NewFile, room: Room, used: int) -> Kept:
    """Whether its bytes are kept where the tenant's files hold `used` bytes already, and why not."""
    if new.content is None:
        return Kept.ELSEWHERE
    if len(new.content) > room.file_bytes:
        return Kept.TOO_LARGE
    return Kept.NO_ROOM if used + len(new.content) > room.tenant_bytes else Kept.HERE


def row_of(tenant: str, owner: str, new: NewFile, kept: Kept) -> StoredFile:
    """The row, of no message yet and without its bytes."""
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
