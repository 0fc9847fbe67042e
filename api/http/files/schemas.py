"""Bodies about files."""

from __future__ import annotations

from pydantic import BaseModel

from api.channels.sniffing import Danger
from memory.tables import Kept


class FileOut(BaseModel):
    """An upload: name its id in `files` of a ticket or message within a day."""

    id: str
    name: str
    media_type: str
    """By its content."""
    size: int
    """Bytes."""


class AttachedOut(FileOut):
    """A file of a message."""

    kept: Kept
    """here | elsewhere (in the helpdesk) | too_large | too_many | no_room"""
    danger: Danger | None
    """program | macros | page | archive | disguised; null where nothing speaks against opening it."""
    url: str | None
    """Where its bytes are; null where we do not have them."""
    link: str | None
    """Where it is in the helpdesk."""
