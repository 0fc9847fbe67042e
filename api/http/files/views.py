"""Rows of files as the bodies that callers read."""

from __future__ import annotations

from api.channels.sniffing import danger_of
from api.http.files.schemas import AttachedOut, FileOut
from memory.tables import Kept, StoredFile


def file_out(file: StoredFile) -> FileOut:
    """An upload."""
    return FileOut(id=file.id, name=file.name, media_type=file.media_type, size=file.size)


def attached_out(file: StoredFile) -> AttachedOut:
    """A file of a message."""
    return AttachedOut(
        **file_out(file).model_dump(),
        kept=Kept(file.kept),
        danger=danger_of(file.name, file.media_type),
        url=f"/v1/files/{file.id}" if file.content_id else None,
        link=file.link or None,
    )
