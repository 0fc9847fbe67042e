"""Files that came with a mail: listed by what they are, and read within bounds where they hold text."""

from __future__ import annotations

from collections.abc import Sequence
from email.message import EmailMessage

from api.channels.contract import Attachment
from api.channels.mail import mime
from api.channels.mail.body import is_body, text_of_mail, text_of_part
from api.channels.mail.extract import KINDS, extracted

MOST_FILES = 20
MOST_NAME_CHARS = 120
MOST_TEXT_CHARS = 4_000
"""Of one file."""
SMALL_PICTURE = 100_000
"""Bytes of a picture that a signature holds."""
_SIGNS = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"PK\x03\x04", "application/zip"),
)
"""How the content of a file begins."""


def listed(parts: Sequence[EmailMessage]) -> tuple[Attachment, ...]:
    """The files, in order, each with what can be read of it."""
    return tuple(_file(part) for part in parts[:MOST_FILES])


def is_decoration(part: EmailMessage) -> bool:
    """Whether a part belongs to the look of the mail: a logo, a calendar's twin of the text."""
    kind = mime.content_type(part)
    if mime.disposition(part) == "attachment":
        return False
    pictured = kind.startswith("image/") and bool(mime.header(part, "content-id"))
    return pictured and len(mime.payload(part)) < SMALL_PICTURE


def _file(part: EmailMessage) -> Attachment:
    content = mime.payload(part)
    kind = sniffed(content, mime.content_type(part))
    name = mime.file_name(part)[:MOST_NAME_CHARS] or _unnamed(kind)
    text = _text(part, kind)
    if text is not None:
        trouble = "" if len(text) <= MOST_TEXT_CHARS else "only its beginning is read"
        return Attachment(name, kind, len(content), text[:MOST_TEXT_CHARS].strip(), trouble)
    if (ending := _ending(kind, name)) is not None:
        said, trouble = extracted(content, ending)
        return Attachment(name, kind, len(content), said.strip(), trouble)
    return Attachment(name, kind, len(content), trouble="it is not read")


def _ending(kind: str, name: str) -> str | None:
    """How a file that is read would end; None for one that is not. An archive says what it is by name."""
    if kind == "application/zip":
        return next((one for one in (".docx", ".xlsx") if name.lower().endswith(one)), None)
    return KINDS.get(kind)


def _text(part: EmailMessage, kind: str) -> str | None:
    """What a file of plain text says, or the words of a mail that was passed on as a file."""
    if kind == "message/rfc822":
        found = next(iter(mime.inner(part)), None)
        if not isinstance(found, EmailMessage):
            return None
        words = text_of_mail([one for one in mime.leaves(found) if is_body(one)])
        told = f"From: {mime.header(found, 'from')}\nSubject: {mime.header(found, 'subject')}"
        return f"{told}\n\n{words}"
    return text_of_part(part) if kind.startswith("text/") else None


def sniffed(content: bytes, said: str) -> str:
    """The media type by the first bytes; what the mail says where they tell nothing."""
    return next((kind for sign, kind in _SIGNS if content.startswith(sign)), said)


def _unnamed(kind: str) -> str:
    return "message.eml" if kind == "message/rfc822" else "unnamed"
