"""A file as it comes by any channel: what it is, and what it says within bounds."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel.ext.asyncio.session import AsyncSession

from api.channels.contract import Attachment
from api.channels.extract import KINDS, Documents
from api.channels.sniffing import sniffed
from memory.files import message_files, uploads
from memory.files.incoming import NewFile, Room
from memory.knowledge.documents.decode import UnknownEncoding, decode, storable
from memory.tables import ChannelMessage, StoredFile

MOST_NAME_CHARS = 120
UNNAMED = "unnamed"
MOST_TEXT_CHARS = 4_000
"""Of one file."""
TEXT_BYTES = 4 * MOST_TEXT_CHARS + 4
"""From which as many characters are read."""
_ZIPPED = (".docx", ".xlsx")
ATTACHED = "\n\n[Attached: "
CUT = "\n\n[The message is longer: this is its beginning.]"
NOT_READ = "it is not read"
TOO_MANY = "it was not read: too many files came at once"


def is_document(name: str, said: str, begin: bytes) -> bool:
    """Whether a file that begins so is read by a process of its own, which may take a minute."""
    kind = sniffed(begin, said)
    return _plain(kind, begin) is None and _ending(kind, name) is not None


def received(name: str, said: str, content: bytes, documents: Documents | None) -> Attachment:
    """A file with what can be read of it. `said` is the media type that came with it.

    A document is not read where there are no `documents` to do it.
    """
    kind = sniffed(content, said)
    known = _plain(kind, content)
    if documents is None and known is None and _ending(kind, name) is not None:
        return Attachment(plain_name(name), kind, len(content), "", TOO_MANY, content)
    return read(name, kind, content, known, documents or Documents())


def read(
    name: str, kind: str, content: bytes, text: str | None, documents: Documents
) -> Attachment:
    """The file with its text, where that is known, else with what its format gives back."""
    if text is not None:
        trouble = "" if len(text) <= MOST_TEXT_CHARS else "only its beginning is read"
        said = text[:MOST_TEXT_CHARS].strip()
    elif (ending := _ending(kind, name)) is not None:
        said, trouble = documents.read(content, ending)
    else:
        said, trouble = "", NOT_READ
    return Attachment(plain_name(name), kind, len(content), said.strip(), trouble, content)


def plain_name(name: str) -> str:
    """A file's name as people see it: no character in it turns its ending around, or hides it."""
    return "".join(sign for sign in name if sign.isprintable())[:MOST_NAME_CHARS] or UNNAMED


def with_files(text: str, brought: Sequence[Attachment], most_chars: int) -> str:
    """What a message says, with each file that came with it: what it is and what it says."""
    whole = (text + "".join(_told(one) for one in brought)).lstrip("\n" if brought else "")
    return whole if len(whole) <= most_chars else whole[:most_chars] + CUT


def without_files(text: str) -> str:
    """What was said in the message itself."""
    alone = text.startswith(ATTACHED.lstrip())
    return "" if alone else text.partition(ATTACHED)[0]


def _told(one: Attachment) -> str:
    words = f"{ATTACHED}{one.name}, {one.media_type}, {one.size:,} bytes"
    words += f"; {one.trouble}]" if one.trouble else "]"
    return f"{words}\n{one.text}" if one.text else words


def of_upload(file: StoredFile) -> Attachment:
    """An upload that a message takes."""
    return Attachment(
        file.name, file.media_type, file.size, file.text, file.trouble, upload=file.id
    )


async def keep_files(
    session: AsyncSession, row: ChannelMessage, brought: Sequence[Attachment], room: Room
) -> None:
    """Store the files of a message, once it stands in a conversation."""
    if not brought or row.ticket_id is None or row.seq is None:
        return
    place, uploaded = (row.ticket_id, row.seq), [one.upload for one in brought if one.upload]
    await uploads.take(session, row.tenant, row.ref, uploaded, place)
    new = [stored(one) for one in brought if not one.upload]
    await message_files.add(session, row.tenant, place, new, room)


def stored(one: Attachment) -> NewFile:
    """As it is stored."""
    return NewFile(one.name, one.media_type, one.size, one.content, one.text, one.trouble, one.link)


def _plain(kind: str, content: bytes) -> str | None:
    if not kind.startswith("text/") or kind == "text/html":
        return None
    begin = content[:TEXT_BYTES]
    try:
        text = decode(begin).text
    except (UnknownEncoding, UnicodeError):
        text = begin.decode("utf-8", "replace")
    return storable(text)


def _ending(kind: str, name: str) -> str | None:
    """How a file that is read would end; None for one that is not. An archive says what it is by name."""
    if kind == "application/zip":
        return next((one for one in _ZIPPED if name.lower().endswith(one)), None)
    return KINDS.get(kind)
