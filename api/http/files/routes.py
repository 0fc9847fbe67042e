"""Files of messages: uploaded by systems and people, downloaded by them and never shown from here."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import StreamingResponse

from api.http.deps import ApiContext, ContextDep, ReaderKey, UploadKey
from api.http.files.schemas import FileOut
from api.http.files.taking import RAW, UNNAMED, FileName, owner_of, taken
from api.http.files.views import file_out
from api.http.responses import problems
from api.http.text import PathId
from memory.files import contents, message_files
from memory.tables import StoredFile

CONFINED = "sandbox; default-src 'none'; frame-ancestors 'none'"
"""Opened in spite of all, it runs nothing and asks nobody."""
AS_THEY_ARE = frozenset({"application/pdf", "image/png", "image/jpeg", "image/gif", "text/plain"})
"""Media types that are said; the bytes of others are just bytes."""

router = APIRouter(prefix="/v1/files", tags=["tickets"])


@router.post(
    "",
    status_code=201,
    summary="Upload a file",
    openapi_extra=RAW,
    responses=problems(413),
)
async def upload_file(
    request: Request, key: UploadKey, context: ContextDep, name: FileName = UNNAMED
) -> FileOut:
    """Its id stands in `files` of the message that it came with, or of the decision to send it.

    It waits for a day.
    """
    return file_out(await taken(request, context, key.tenant, owner_of(key), name))


@router.get(
    "/{file_id}",
    summary="Download a file",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/octet-stream": {}}}, **problems(404)},
)
async def download_file(file_id: PathId, key: ReaderKey, context: ContextDep) -> StreamingResponse:
    """The bytes, to be saved: no browser shows them."""
    async with context.database.reading() as session:
        file = await message_files.get(session, key.tenant, file_id)
    return await download(context, file)


async def download(context: ApiContext, file: StoredFile) -> StreamingResponse:
    """The bytes of a file whose caller may have them."""
    async with context.database.reading() as session:
        parts = await contents.parts_of(session, file)
    return StreamingResponse(_bytes(context, parts), headers=_headers(file))


async def _bytes(context: ApiContext, parts: Sequence[str]) -> AsyncIterator[bytes]:
    for one in parts:
        async with context.database.reading() as session:
            found = await contents.part(session, one)
        yield found


def _headers(file: StoredFile) -> dict[str, str]:
    safe = file.media_type in AS_THEY_ARE
    plain = "".join(sign if sign.isascii() and sign.isalnum() else "_" for sign in file.name)
    named = f"filename=\"{plain}\"; filename*=UTF-8''{quote(file.name, safe='')}"
    return {
        "Content-Type": file.media_type if safe else "application/octet-stream",
        "Content-Length": str(file.size),
        "Content-Disposition": f"attachment; {named}",
        "Content-Security-Policy": CONFINED,
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }
