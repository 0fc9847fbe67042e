"""Articles in office formats: PDF, DOCX, XLSX, EPUB, each through a library of its own."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time
from itertools import groupby, takewhile
from os import SEEK_END
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import unquote

from memory.knowledge.article_draft import ArticleDraft, Skipped
from memory.knowledge.conversion import Content, Origin, made
from memory.knowledge.documents.aligned import with_tables
from memory.knowledge.documents.decode import decode, storable
from memory.knowledge.documents.html import Page, read_html
from memory.knowledge.documents.model import Block, Table
from memory.knowledge.documents.parse import parse
from memory.knowledge.documents.printed import one_text
from memory.knowledge.docx_numbers import marking, numbers
from memory.knowledge.office_bounds import (
    OF_ARTICLES,
    Bounds,
    Unreadable,
    check_packed,
    pages_of,
)
from memory.knowledge.record_files import MOST_TITLES, table_of
from memory.patterns import linear

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

MAX_BYTES = 30_000_000
MAX_CELLS = 500_000
MAX_GRID = 10_000_000
"""Cells of a sheet up to its last row, the empty ones with them: one far away makes billions."""
MAX_CHAPTERS = 1_000
CURRENCIES = ("€", "£", "$", "¥", "CHF", "kr", "zł")
"""Signs by which the format of a cell makes a price of a number."""
_CURRENCY = linear(r"\[\$(?P<sign>[^\[\]-]*)(?:-[^\[\]]*)?\]")
"""A sign as `[$CHF]`, or with its language as `[$€-407]`; a language alone is none."""
_LITERAL = linear(r'"[^"]*"|\\.')
"""What a format shows as it is."""
_HUNDREDTHS = linear(r"\.00(?:[^0]|$)")
"""A format with two decimals."""
_FILE_NAME = linear(
    r"(?i)^(?:microsoft \w+ - .+|\S+)\.(?:html?|md|txt|rtf|tex|docx?|odt|pptx?|xlsx?|pdf)$"
)
"""What programs that print to PDF put for a title that they do not know."""
DECIMALS = 6
"""Of a share in hundredths, and of a price: what is beyond comes of binary fractions."""
TITLED = "p[style-name='Title'] => p.title:fresh"
"""The style of a document's title, which is a plain paragraph to the library; Google Docs calls one so."""
HEADED = 2
"""Rows of which a table is one: its header, and what it heads."""
SHOWN = "visible"
"""State of a sheet that whoever opens the file sees."""


def read(file: Path, origin: Origin) -> ArticleDraft | Skipped:
    """One article from one file, or why there is none."""
    try:
        with file.open("rb") as stream:
            return read_stream(stream, file.suffix, origin)
    except OSError as error:
        return Skipped(origin.source, f"cannot be read: {error.strerror or error}")


def read_stream(
    stream: BinaryIO, ending: str, origin: Origin, bounds: Bounds = OF_ARTICLES
) -> ArticleDraft | Skipped:
    """The same from what a file of that ending holds."""
    try:
        if stream.seek(0, SEEK_END) > MAX_BYTES:
            return Skipped(origin.source, f"larger than {MAX_BYTES:,} bytes: split it")
        stream.seek(0)
        content = READERS[ending.lower()](stream, bounds)
    except Unreadable as error:
        return Skipped(origin.source, str(error))
    except OSError as error:
        return Skipped(origin.source, f"cannot be read: {error.strerror or error}")
    except MemoryError:
        raise  # nothing is known of the file: whoever bounds the memory says so
    except Exception as error:  # noqa: BLE001 - a broken file breaks its library in any way
        kind = ending[1:].upper()
        return Skipped(origin.source, f"not a {kind} that can be read ({type(error).__name__})")
    return made(origin, {}, content)


def _pdf(file: BinaryIO, bounds: Bounds) -> Content:
    from pypdf import PdfReader

    reader = PdfReader(file)
    if reader.is_encrypted and not reader.decrypt(""):
        raise Unreadable("locked with a password: save it without one")
    pages = [storable(text) for text in pages_of(reader, bounds)]
    title = storable(str(reader.metadata.title or "") if reader.metadata else "").strip()
    text = with_tables(one_text(pages, title))
    if not text.strip():
        raise Unreadable(
            "contains no text, only pictures of it: run text recognition over it first"
        )
    blank = sum(1 for page in pages if not page.strip())
    notices = (f"{blank} of its {len(pages)} pages contain no text",) if blank else ()
    named = "" if _FILE_NAME.search(title) else title
    return Content(parse(text), text, named, None, notices)


def _docx(file: BinaryIO, bounds: Bounds) -> Content:
    import mammoth

    check_packed(file, bounds)
    with zipfile.ZipFile(file) as packed:
        marked, read = marking(numbers(packed) if bounds.beginning is None else [])
    told = mammoth.convert_to_html(
        file,
        convert_image=_without_pictures(),
        style_map=TITLED,
        transform_document=marked,
    )
    page = read_html(read(told.value))
    return _checked(page.blocks, page.visible, page.title)


def _without_pictures() -> Any:
    import mammoth

    def described(image: Any) -> dict[str, str]:
        return {"src": "", "alt": image.alt_text or ""}

    return mammoth.images.img_element(described)


def _xlsx(file: BinaryIO, bounds: Bounds) -> Content:
    import openpyxl

    check_packed(file, bounds)
    book = openpyxl.load_workbook(file, read_only=True, data_only=True)
    try:
        shown = [one for one in book.worksheets if one.sheet_state == SHOWN]
        blocks = [one for sheet in shown for one in _sheet(sheet)]
    finally:
        book.close()
    cells = [cell for one in blocks for row in (one.header, *one.rows) for cell in row]
    visible = " ".join([*(one.lead for one in blocks), *cells])
    hidden = [one.title for one in book.worksheets if one.sheet_state != SHOWN]
    notices = (f"its hidden sheets are not read: {', '.join(hidden)}",) if hidden else ()
    return replace(_checked(list(blocks), visible, ""), notices=notices)


def _sheet(sheet: Any) -> list[Table]:
    """The tables of a sheet, one below the other; each has its own header."""
    rows = list(_rows(sheet))
    if max(map(len, rows), default=0) * len(rows) > MAX_CELLS:
        raise Unreadable(f"more than {MAX_CELLS:,} cells: split it")
    parts: list[list[list[str]]] = []
    for part in [list(run) for filled, run in groupby(rows, key=any) if filled]:
        if parts and not _begins_table(part, parts[-1]):
            parts[-1] += part
        else:
            parts.append(part)
    return [table_of(one, (sheet.title,)) for one in parts]


def _begins_table(rows: Sequence[Sequence[str]], above: Sequence[Sequence[str]]) -> bool:
    """Whether rows below an empty one begin with names for the figures under them, not for those above.

    Names stand above each column that is used: a row with an empty cell, which the next one fills, is none.
    """
    titles = list(takewhile(lambda row: _used(row) == 1, rows))
    rest = rows[len(titles) :]
    widest = max(map(_used, above))
    told = [row for row in above if _used(row) > 1]
    if len(told) < HEADED or not rest or len(titles) > MOST_TITLES or _has_figures(rest[0]):
        return False
    used = {place for row in rest for place, cell in enumerate(row) if cell}
    named = used <= {place for place, cell in enumerate(rest[0]) if cell}
    return any(map(_has_figures, rest[1:])) and (
        bool(titles) or (named and _used(rest[0]) != widest)
    )


def _used(row: Sequence[str]) -> int:
    return sum(map(bool, row))


def _has_figures(row: Sequence[str]) -> bool:
    return any(cell[:1].isdigit() for cell in row)


def _rows(sheet: Any) -> Iterator[list[str]]:
    """The rows with something in them, and an empty one for each gap."""
    walked, filled = 0, False
    for row in sheet.iter_rows():
        walked += len(row)
        if walked > MAX_GRID:
            msg = f"a cell of the sheet {sheet.title!r} is too far away: clear what is beyond its table"
            raise Unreadable(msg)
        cells = [_cell(one.value, one) for one in row]
        if any(cells) or filled:
            yield cells
        filled = any(cells)


def _cell(value: Any, shown: Any) -> str:
    """A value as the sheet shows it: a share and a price keep their sign."""
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _figure(value, str(shown.number_format or ""))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    return " ".join(storable(str(value)).split())


def _figure(value: float, form: str) -> str:
    form = form.partition(";")[0]
    named, plain = _CURRENCY.search(form), _CURRENCY.sub("", form)
    if "%" in _LITERAL.sub("", plain):  # one that is quoted multiplies nothing
        return f"{_plain(round(value * 100, DECIMALS))} %"
    known = [one for one in (*CURRENCIES, "%") if one in plain]
    signs = [named["sign"].strip()] if named and named["sign"].strip() else known
    return f"{_price(value, form)} {signs[0]}" if signs else _plain(value)


def _price(value: float, form: str) -> str:
    """A price with the hundredths that its sheet shows: 84.5 is written 84.50, and a whole one as it is."""
    shown = _HUNDREDTHS.search(form) is not None and not float(value).is_integer()
    return f"{value:.2f}" if shown else _plain(round(value, DECIMALS))


def _plain(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else str(value)


def _epub(file: BinaryIO, bounds: Bounds) -> Content:
    check_packed(file, bounds)
    blocks: list[Block] = []
    visible: list[str] = []
    with zipfile.ZipFile(file) as packed:
        for page in _chapters(packed):
            blocks += page.blocks
            visible.append(page.visible)
    return _checked(blocks, " ".join(visible), "")


def _chapters(packed: zipfile.ZipFile) -> Iterator[Page]:
    """The chapters in the order in which the book is read."""
    container = _parsed(packed, "META-INF/container.xml")
    root = container.css_first("rootfile")
    path = (root.attributes.get("full-path") or "") if root is not None else ""
    package = _parsed(packed, path)
    files = {
        one.attributes.get("id"): one.attributes.get("href") or "" for one in package.css("item")
    }
    for one in package.css("itemref")[:MAX_CHAPTERS]:
        href = files.get(one.attributes.get("idref"), "")
        chapter = str(PurePosixPath(path).parent / unquote(href))
        if href and chapter in packed.namelist():
            yield read_html(storable(decode(packed.read(chapter), markup=True).text))


def _parsed(packed: zipfile.ZipFile, name: str) -> LexborHTMLParser:
    from selectolax.lexbor import LexborHTMLParser

    return LexborHTMLParser(decode(packed.read(name)).text)


def _checked(blocks: list[Block], visible: str, title: str) -> Content:
    if not blocks:
        raise Unreadable("holds no text")
    return Content(blocks, visible, title)


READERS: Mapping[str, Callable[[BinaryIO, Bounds], Content]] = {
    ".pdf": _pdf,
    ".docx": _docx,
    ".xlsx": _xlsx,
    ".epub": _epub,
}
"""By the file's ending."""
