"""How much work a file in an office format may make: counted in bytes, before any of it is done."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from memory.knowledge.documents.aligned import may_hold_rows, spaced

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

MAX_UNPACKED_BYTES = 200_000_000
"""Of all parts of an article's packed file together: a small file may unpack to anything."""
MAX_PAGES = 2_000
MAX_PARTS = 5_000
"""Files within one: each costs a look, also where it is empty."""
ENTITY = tuple("<!ENTITY".encode(one) for one in ("utf-8", "utf-16-le", "utf-16-be"))
"""What no office program writes into its XML: a few of them, nested, make a text without end."""
_HEAD_BYTES = 64
_MARKS = (b"\xff\xfe", b"\xfe\xff")
"""How XML begins in two bytes a character."""


class Unreadable(ValueError):
    """The file holds nothing that can be read as an article."""


@dataclass(frozen=True)
class Bounds:
    """Of one file."""

    unpacked: int = MAX_UNPACKED_BYTES
    """Bytes of all parts of a packed one."""
    markup: int = MAX_UNPACKED_BYTES
    """Of those the bytes that are parsed, which cost a thousand times what a picture does."""
    pages: int = MAX_PAGES
    """Of a PDF; one with more is refused, or read as far as that where only its beginning is wanted."""
    drawn: int = MAX_UNPACKED_BYTES
    """Bytes of what its pages draw."""
    beginning: int | None = None
    """Characters that are wanted; None for all."""


OF_ARTICLES = Bounds()
"""Those are brought by people who may."""


def check_packed(file: BinaryIO, bounds: Bounds) -> None:
    """Raises `Unreadable`. What stands in the list of parts is believed: no reader unpacks more than that."""
    with zipfile.ZipFile(file) as packed:
        parts = packed.infolist()
        if len(parts) > MAX_PARTS:
            raise Unreadable(f"holds more than {MAX_PARTS:,} parts: split it")
        if sum(part.file_size for part in parts) > bounds.unpacked:
            raise Unreadable(f"unpacks to more than {bounds.unpacked:,} bytes")
        parsed = [part for part in parts if _is_markup(packed, part)]
        if sum(part.file_size for part in parsed) > bounds.markup:
            raise Unreadable(
                f"holds more than {bounds.markup:,} bytes of text and its form: split it"
            )
        if any(_declares_entities(packed.read(part)) for part in parsed):
            msg = "declares entities, which may unfold to anything: save it again with an office program"
            raise Unreadable(msg)


def pages_of(reader: PdfReader, bounds: Bounds) -> Iterator[str]:
    """The texts of a PDF's pages, as many as are wanted. Raises `Unreadable`."""
    if bounds.beginning is None and len(reader.pages) > bounds.pages:
        raise Unreadable(f"more than {bounds.pages:,} pages: split it")
    drawn = found = 0
    for number, page in enumerate(reader.pages):
        if bounds.beginning is not None and (found > bounds.beginning or number >= bounds.pages):
            return
        contents = page.get_contents()
        drawn += 0 if contents is None else len(contents.get_data())
        if drawn > bounds.drawn:
            raise Unreadable(f"its pages draw more than {bounds.drawn:,} bytes: split it")
        text = page.extract_text()
        found += len(text)
        yield text if bounds.beginning is not None else _with_columns(page, text)


def _with_columns(page: PageObject, text: str) -> str:
    """A page's text, the rows of its tables with the width between their columns."""
    if not may_hold_rows(text):
        return text
    return spaced(text, page.extract_text(extraction_mode="layout"))


def _is_markup(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Whether a parser would take it: by how it begins, since a part may be called anything."""
    with packed.open(part) as opened:
        head = opened.read(_HEAD_BYTES)
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return not start or start.startswith((b"<", *_MARKS)) or b"<\0" in head or b"\0<" in head


def _declares_entities(part: bytes) -> bool:
    return any(mark in part for mark in ENTITY)
