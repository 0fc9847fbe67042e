"""The bytes of a mail as the standard library reads them, made safe against what foreign mail holds.

The library's modern policy parses a header when it is asked for, in a time that grows faster than
the header, and raises on some that it cannot read. Here each header is cut before it is parsed,
and one that breaks the parser is taken as plain text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header
from email.message import EmailMessage
from email.policy import EmailPolicy
from typing import Any

from typing_extensions import override

from memory.knowledge.documents.decode import storable

MOST_BYTES = 30_000_000
"""Of one mail; of a larger one only the headers are read."""
MOST_LINES = 1_000_000
MOST_HEADER_BYTES = 4_000
"""Of one header; what is longer is cut."""
MOST_HEADERS, MOST_ALIKE = 500, 50
"""Names of headers, and headers of one name."""
MOST_HEADER_LINES = 500
"""Of fewer lines nothing is left out."""
MOST_MULTIPARTS = 60
"""Mentions of a multipart type: deeper nesting is nobody's mail."""
MOST_PARTS = 200
BROKEN = (ValueError, LookupError, TypeError, AttributeError, RecursionError, MessageError)
"""What the library's header parser is known to raise."""


class Unreadable(ValueError):
    """The mail cannot be taken apart; its text says why."""


class BoundedPolicy(EmailPolicy):
    """The modern policy, with bounded headers, and plain text for one that cannot be parsed."""

    @override
    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        """The name and the raw value, cut."""
        name, value = super().header_source_parse(sourcelines)
        return name, value[:MOST_HEADER_BYTES]

    @override
    def header_fetch_parse(self, name: str, value: str) -> Any:
        """The value as the modern policy has it, else as plain text."""
        try:
            return super().header_fetch_parse(name, value)
        except BROKEN:
            return _plain_header(value)


POLICY = BoundedPolicy()
_AS_CAME = POLICY.clone(refold_source="none", linesep="\r\n")


def parsed(raw: bytes) -> EmailMessage:
    """The mail. Raises `Unreadable`."""
    if raw.count(b"\n") > MOST_LINES:
        raise Unreadable(f"more than {MOST_LINES:,} lines")
    if raw.lower().count(b"multipart/") > MOST_MULTIPARTS:
        raise Unreadable("its parts are nested too deeply")
    try:
        found = message_from_bytes(_with_few_headers(raw), policy=POLICY)
    except BROKEN as error:
        raise Unreadable(f"it cannot be read as a mail ({type(error).__name__})") from error
    assert isinstance(found, EmailMessage)
    return found


def _with_few_headers(raw: bytes) -> bytes:
    """The mail without what no one reads of its headers: none takes the place of those behind it."""
    head, gap, body = raw.partition(b"\r\n\r\n" if b"\r\n\r\n" in raw[:MOST_BYTES] else b"\n\n")
    if head.count(b"\n") <= MOST_HEADER_LINES:
        return raw
    return b"\n".join(_few(head.split(b"\n"))) + gap + body


def _few(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The beginning of each header, and the first ones of each name."""
    seen: Counter[bytes] = Counter()
    room = 0
    for line in lines:
        if not line.startswith((b" ", b"\t")):
            name = line.partition(b":")[0].strip().lower()
            seen[name] += 1
            kept = seen[name] <= MOST_ALIKE and len(seen) <= MOST_HEADERS
            room = MOST_HEADER_BYTES if kept else 0
        if room > 0:
            yield line
        room -= len(line)


def header(mail: EmailMessage, name: str) -> str:
    """One header as one line of text; empty where there is none or it cannot be read."""
    try:
        value = mail.get(name)
    except BROKEN:
        return ""
    return "" if value is None else one_line(str(value))


def headers(mail: EmailMessage, name: str) -> list[str]:
    """All headers of a name, the topmost first."""
    try:
        return [one_line(str(value)) for value in mail.get_all(name, [])]
    except BROKEN:
        return []


def one_line(text: str) -> str:
    """Text without line ends and characters that no database stores."""
    return " ".join(storable(text).split())


def _plain_header(raw: str) -> str:
    """A header's encoded words as text, without looking at its grammar."""
    try:
        parts = decode_header(raw.replace("\r", " ").replace("\n", " "))
        words = [_decoded(part, charset) for part, charset in parts]
    except BROKEN:
        return one_line(raw)
    return one_line("".join(words))


def _decoded(part: str | bytes, charset: str | None) -> str:
    if isinstance(part, str):
        return part
    try:
        return part.decode(charset or "utf-8", "replace")
    except LookupError:
        return part.decode("utf-8", "replace")


def content_type(part: EmailMessage) -> str:
    """Such as text/plain, which is also what a broken one is."""
    try:
        return part.get_content_type()
    except BROKEN:
        return "text/plain"


def parameter(part: EmailMessage, name: str) -> str:
    """A parameter of its kind; empty where there is none."""
    try:
        found = part.get_param(name)
    except BROKEN:
        return ""
    if isinstance(found, tuple):
        found = found[2]
    return "" if found is None else one_line(str(found))


def disposition(part: EmailMessage) -> str:
    """inline, attachment or nothing."""
    return header(part, "content-disposition").partition(";")[0].strip().lower()


def file_name(part: EmailMessage) -> str:
    """The name of the file that a part is; empty where it has none."""
    try:
        return one_line(part.get_filename() or "")
    except BROKEN:
        return ""


def payload(part: EmailMessage) -> bytes:
    """What a part holds, its transfer encoding undone."""
    try:
        found = part.get_payload(decode=True)
    except BROKEN:
        return b""
    return found if isinstance(found, bytes) else b""


def enclosed(part: EmailMessage) -> bytes:
    """What a part holds that is a mail itself, or a report's blocks of fields; nothing of any other."""
    if not content_type(part).startswith("message/"):
        return b""
    try:
        return b"".join(one.as_bytes(policy=_AS_CAME) for one in inner(part))
    except BROKEN:
        return b""


def inner(part: EmailMessage) -> list[Any]:
    """The parts inside a part; none where it holds none or cannot be opened."""
    if not part.is_multipart():
        return []  # the library would look at what it holds, and may fail on it
    found = part.get_payload()
    return found[:MOST_PARTS] if isinstance(found, list) else []


def leaves(mail: EmailMessage) -> list[EmailMessage]:
    """The parts that hold something, in order; a mail inside the mail is one of them."""
    found: list[EmailMessage] = []
    left: list[Any] = [mail]
    while left and len(found) < MOST_PARTS:
        part = left.pop(0)
        nested = [] if content_type(part).startswith("message/") else inner(part)
        if nested:
            left = [*nested, *left]
        else:
            found.append(part)
    return found
