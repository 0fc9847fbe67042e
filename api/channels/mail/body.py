"""What a mail says: its plain text, or the text of its HTML, whole."""

from __future__ import annotations

from email.message import EmailMessage

from api.channels.mail import mime
from graph.text.mail.html import text_of
from memory.knowledge.documents.decode import UnknownEncoding, decode, storable

MOST_CHARS = 500_000
"""Of one text; the way in cuts it further."""
FEW_CHARS = 40
"""Plain text so short beside much HTML is a hint to use another program."""
FEWER = 10
"""How many times longer the HTML's text must be."""
_ALIASES = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "us-ascii": "utf-8", "ascii": "utf-8"}
"""Programs name the narrow set and write the wide one."""


def text_of_mail(parts: list[EmailMessage]) -> str:
    """The text of the mail's own parts, in order: of an alternative the plain one."""
    plain = [part for part in parts if _is_text(part, "text/plain")]
    html = [part for part in parts if _is_text(part, "text/html")]
    written = _joined([text_of_part(part) for part in plain])
    if html:
        shown = _joined([_shown(text_of_part(part)) for part in html])
        if not written or (len(written) < FEW_CHARS and len(shown) > FEWER * len(written)):
            return shown
    if not written and not html:
        return _joined([text_of_part(part) for part in parts if _is_text(part, "text/")])
    return written


def text_of_part(part: EmailMessage) -> str:
    """The text of one part, in whatever character set it came."""
    raw = mime.payload(part)[: MOST_CHARS * 4]
    named = mime.parameter(part, "charset").lower()
    for charset in (_ALIASES.get(named, named), named):
        if not charset:
            break
        try:
            return storable(raw.decode(charset))[:MOST_CHARS]
        except (LookupError, UnicodeError):
            continue
    try:
        return storable(decode(raw).text)[:MOST_CHARS]
    except (UnknownEncoding, UnicodeError):
        return storable(raw.decode("utf-8", "replace"))[:MOST_CHARS]


def is_body(part: EmailMessage) -> bool:
    """Whether a part is something that the mail itself says."""
    if mime.disposition(part) == "attachment":
        return False
    kind = mime.content_type(part)
    return kind in {"text/plain", "text/html"} and not mime.file_name(part)


def _is_text(part: EmailMessage, kind: str) -> bool:
    return mime.content_type(part).startswith(kind)


def _shown(html: str) -> str:
    """What the HTML shows; the quoted part too, where it shows nothing else."""
    own = text_of(html).strip()
    return own or text_of(html.replace("class=", "data-class=")).strip()


def _joined(texts: list[str]) -> str:
    return "\n\n".join(one.strip("\n") for one in texts if one.strip())
