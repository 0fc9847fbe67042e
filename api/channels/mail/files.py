"""Files that came with a mail: which parts they are, and what those that are text or mail say."""

from __future__ import annotations

from collections.abc import Sequence
from email.message import EmailMessage, Message

from api.channels.contract import Attachment
from api.channels.extract import Allowance, Documents
from api.channels.files import read
from api.channels.mail import mime
from api.channels.mail.body import is_body, text_of_mail, text_of_part
from api.channels.sniffing import sniffed
from memory.files.message_files import MOST_OF_MESSAGE

SMALL_PICTURE = 100_000
"""Bytes of a picture that a signature holds."""


def listed(
    parts: Sequence[EmailMessage], allowance: Allowance | None = None
) -> tuple[Attachment, ...]:
    """The files, in order, each with what can be read of it, as far as the mailbox's allowance goes."""
    documents = Documents(allowance)
    return tuple(_file(part, documents) for part in parts[:MOST_OF_MESSAGE])


def is_decoration(part: EmailMessage) -> bool:
    """Whether a part belongs to the look of the mail: a logo, a calendar's twin of the text."""
    kind = mime.content_type(part)
    if mime.disposition(part) == "attachment":
        return False
    pictured = kind.startswith("image/") and bool(mime.header(part, "content-id"))
    return pictured and len(mime.payload(part)) < SMALL_PICTURE


def _file(part: EmailMessage, documents: Documents) -> Attachment:
    content = mime.payload(part) or mime.enclosed(part)
    kind = sniffed(content, mime.content_type(part))
    name = mime.file_name(part) or _unnamed(kind)
    return read(name, kind, content, _text(part, kind), documents)


def _text(part: EmailMessage, kind: str) -> str | None:
    """What a file of plain text says, or the words of a mail that was passed on as a file."""
    if kind == "message/rfc822":
        found = next(iter(mime.inner(part)), None)
        if not isinstance(found, EmailMessage):
            return None
        words = text_of_mail([one for one in mime.leaves(found) if is_body(one)])
        told = f"From: {mime.header(found, 'from')}\nSubject: {mime.header(found, 'subject')}"
        return f"{told}\n\n{words}"
    if kind == "message/delivery-status":  # blocks of header fields
        return "\n\n".join(filter(None, map(_fields, mime.inner(part))))
    return text_of_part(part) if kind.startswith("text/") else None


def _fields(block: Message) -> str:
    return "\n".join(f"{name}: {mime.one_line(str(value))}" for name, value in block.items())


def _unnamed(kind: str) -> str:
    return "message.eml" if kind == "message/rfc822" else "unnamed"
