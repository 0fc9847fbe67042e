"""A file as the body of a request: whoever calls is known before any of it is read."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Annotated

from fastapi import Query, Request

from api.channels.files import MOST_NAME_CHARS, of_upload, received, stored, with_files
from api.http.deps import ApiContext, Principal
from api.http.faults import BodyRefused
from api.http.middleware.body_limit import BodyTooLarge
from api.http.problems import FieldProblem
from api.http.text import Name
from memory import files
from memory.people.keys import Scope
from memory.tables import StoredFile

AT_ONCE = 2
"""Files that one process takes in at the same time: each is in memory, and may be read by a program."""
UNNAMED = "unnamed"
FileName = Annotated[
    Name, Query(max_length=MOST_NAME_CHARS, description="What the file is called.")
]
RAW = {
    "requestBody": {
        "description": "The file's bytes, and its media type as Content-Type.",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
"""For the document: what such a request holds."""


async def taken(
    request: Request, context: ApiContext, tenant: str, owner: str, name: str
) -> StoredFile:
    """Store the body as an upload that waits for its message. Raises `FileRefused`."""
    room: asyncio.Semaphore = request.app.state.uploading
    async with room:
        content = await _body(request, context.file_room.file_bytes)
        if not content:
            raise files.FileRefused("the file is empty: send its bytes as the body")
        said = request.headers.get("content-type", "")
        found = await asyncio.to_thread(received, name or UNNAMED, said, content)
        async with context.database.transaction() as session:
            return await files.upload(session, tenant, owner, stored(found), context.file_room)


def owner_of(caller: Principal) -> str:
    """Whose an upload is: the tenant's own systems share theirs, a person's is theirs alone."""
    return files.API if caller.may(Scope.INTAKE, Scope.SUBMIT) else f"{files.PERSON}{caller.name}"


async def text_with(context: ApiContext, caller: Principal, text: str, ids: Sequence[str]) -> str:
    """A message's text with what its uploads are and say. Raises `BodyRefused`, `FileUnknown`."""
    if not ids:
        return text
    if len(set(ids)) < len(ids):
        raise BodyRefused([FieldProblem(field="files", message="names a file twice")])
    async with context.database.reading() as session:
        found = await files.waiting(session, caller.tenant, owner_of(caller), ids)
    return with_files(text, [of_upload(one) for one in found], context.max_text_chars)


async def _body(request: Request, most: int) -> bytes:
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise BodyTooLarge(most)
        parts.append(part)
    return b"".join(parts)
