"""A file as the body of a request: whoever calls is known before any of it is read."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from tempfile import SpooledTemporaryFile
from typing import Annotated

from fastapi import Query, Request

from api.channels.extract import Documents
from api.channels.files import (
    MOST_NAME_CHARS,
    is_document,
    of_upload,
    received,
    stored,
    with_files,
)
from api.channels.sniffing import HEAD_BYTES
from api.http.deps import ApiContext, Principal
from api.http.faults import BodyRefused
from api.http.files.turns import Side, Turns
from api.http.middleware.body_limit import BodyTooLarge
from api.http.problems import FieldProblem
from api.http.text import Name
from memory.files import uploads
from memory.files.incoming import API, PERSON, FileRefused
from memory.people.keys import Scope
from memory.storage.errors import StorageUnavailable
from memory.tables import StoredFile

IN_MEMORY_BYTES = 256 * 1024
"""Of a file that comes in; the rest stands on disk until all of it is there."""
Body = SpooledTemporaryFile[bytes]
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
    turns: Turns = request.app.state.uploads
    side = tenant, not (owner == API or owner.startswith(PERSON))
    async with turns.coming(side):
        with SpooledTemporaryFile(IN_MEMORY_BYTES) as body:
            await _body(request, context.file_room.file_bytes, body)
            called = name or UNNAMED, request.headers.get("content-type", "")
            async with _reader(turns, side, called, body) as documents, turns.whole():
                found = await asyncio.to_thread(received, *called, _whole(body), documents)
                async with context.database.transaction() as session:
                    return await uploads.upload(
                        session, tenant, owner, stored(found), context.file_room
                    )


@asynccontextmanager
async def _reader(
    turns: Turns, side: Side, called: tuple[str, str], body: Body
) -> AsyncIterator[Documents | None]:
    """What reads it, within the turns of its side; None where nothing can be read, or not now."""
    if not is_document(*called, _begin(body)):
        yield None
        return
    async with turns.reading(side) as may_be_read:
        yield Documents() if may_be_read else None


def _begin(body: Body) -> bytes:
    body.seek(0)
    return body.read(HEAD_BYTES)


def _whole(body: Body) -> bytes:
    body.seek(0)
    return body.read()


def owner_of(caller: Principal) -> str:
    """Whose an upload is: the tenant's own systems share theirs, a person's is theirs alone."""
    return API if caller.may(Scope.INTAKE, Scope.SUBMIT) else f"{PERSON}{caller.name}"


async def text_with(context: ApiContext, caller: Principal, text: str, ids: Sequence[str]) -> str:
    """A message's text with what its uploads are and say. Raises `BodyRefused`, `FileUnknown`."""
    if not ids:
        return text
    if len(set(ids)) < len(ids):
        raise BodyRefused([FieldProblem(field="files", message="names a file twice")])
    async with context.database.reading() as session:
        found = await uploads.waiting(session, caller.tenant, owner_of(caller), ids)
    return with_files(text, [of_upload(one) for one in found], context.max_text_chars)


async def _body(request: Request, most: int, into: Body) -> None:
    """Raises `FileRefused`, `BodyTooLarge` and `StorageUnavailable`."""
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise BodyTooLarge(most)
        try:
            into.write(part)
        except OSError as error:
            msg = f"there is no room for a file that comes in: {error.strerror}"
            raise StorageUnavailable(msg) from error
    if not size:
        raise FileRefused("the file is empty: send its bytes as the body")
