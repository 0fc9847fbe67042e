"""Files that hold many articles: JSON Lines, a JSON array, CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from memory.knowledge.article_draft import ArticleDraft, Skipped
from memory.knowledge.conversion import Content, Origin, from_row, made
from memory.knowledge.documents.decode import UnknownEncoding, decode, marked_encoding, storable
from memory.knowledge.documents.model import Path as Headings
from memory.knowledge.documents.model import Table
from memory.knowledge.documents.tables import carried
from memory.patterns import linear

MAX_ROW_BYTES = 2_000_000
MAX_FILE_BYTES = 200_000_000
"""Of a JSON array or a CSV file, which are read whole; JSON Lines have no bound."""
MAX_ROWS = 1_000_000
_LISTS = ("articles", "items", "results", "data", "documents", "entries")
"""By which names they call the list of them; another one is taken where it is the only one."""
_COLUMNS = {
    "title": ("title", "question", "name", "subject", "heading"),
    "text": (
        *("text", "answer", "body", "content", "article", "description", "html_body", "body_html"),
        *("content_html", "html", "markdown", "solution"),
    ),
    "doc_id": ("doc_id", "id", "slug", "key"),
    "url": ("html_url", "url", "link", "href"),
}
"""By which names files and the exports of help centres call an article's parts."""
_INNER = ("rendered", "value", "html", "text", "export_view", "view", "storage")
"""Where WordPress (`content.rendered`) and Confluence (`body.storage.value`) put the text itself."""
MOST_INNER = 3
"""Mappings within each other that are looked into for it."""
FEWEST_TOLD = 3
"""Words of a text; fewer are the name, the date or the state of something."""
MOST_TITLES = 3
"""Lines above a sheet's header; more of them are a text."""
_SEPARATOR = linear(r"^\"?sep=(?P<sign>[,;\t|])\"?$", ignore_case=True)
"""The first line by which Excel tells itself how the others are parted."""


def read_lines(file: Path, origin: Origin) -> Iterator[ArticleDraft | Skipped]:
    """An article for each line; each line by itself is right or reported."""
    try:
        with file.open("rb") as lines:
            encoding = marked_encoding(lines.read(4_096)) or "utf-8-sig"
            lines.seek(0)
            if not encoding.startswith("utf-8"):
                yield from _decoded_lines(file, origin)
                return
            number = 0
            while line := lines.readline(MAX_ROW_BYTES + 1):
                number += 1
                while len(line) > MAX_ROW_BYTES and not line.endswith(b"\n"):
                    rest = lines.readline(MAX_ROW_BYTES)  # the rest of a line that is too long
                    if not rest or rest.endswith(b"\n"):
                        break
                if line.strip():
                    yield _line(line, _at(origin, f"{file}:{number}"))
    except OSError as error:
        yield Skipped(str(file), f"cannot be read: {error.strerror}")


def _decoded_lines(file: Path, origin: Origin) -> Iterator[ArticleDraft | Skipped]:
    text = _whole(file)
    if isinstance(text, Skipped):
        yield text
        return
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield _line(line.encode("utf-8", "replace"), _at(origin, f"{file}:{number}"))


def read_json(file: Path, origin: Origin) -> Iterator[ArticleDraft | Skipped]:
    """An article for each object of an array, or of the array in an object."""
    text = _whole(file)
    if isinstance(text, Skipped):
        yield text
        return
    rows = _listed(_parsed(text))
    if not isinstance(rows, list):
        yield Skipped(str(file), rows if isinstance(rows, str) else "not a list of articles")
        return
    for number, row in enumerate(rows[:MAX_ROWS], start=1):
        yield _row(row, _at(origin, f"{file}#{number}"))


def _listed(found: Any) -> Any:
    """The articles of an export, however deep their list is wrapped: {"data": {"faqs": [...]}}; one by itself as a list."""
    inner = found
    for _ in range(MOST_INNER):
        if not isinstance(inner, dict) or _is_article(inner):
            break
        wrapped = {
            name: one for name, one in inner.items() if isinstance(one, dict) or _is_list(one)
        }
        only = next(iter(wrapped.values())) if len(wrapped) == 1 else None
        inner = next((inner[name] for name in _LISTS if isinstance(inner.get(name), list)), only)
    if isinstance(inner, list):
        return inner
    return [found] if isinstance(found, dict) else found


def _is_article(row: dict[str, Any]) -> bool:
    """Whether it has a title and a text, be that under a name of its own: its list may be of comments or pictures."""
    named = _named(row)
    if "title" not in named:
        return False
    if "text" in named:
        return True
    told = [one for one in row.values() if isinstance(one, str) and one != named["title"]]
    return any(len(one.split()) >= FEWEST_TOLD for one in told)


def _is_list(value: Any) -> bool:
    """Whether it may be the list of articles."""
    return isinstance(value, list) and any(isinstance(one, dict) for one in value)


def read_csv(file: Path, origin: Origin) -> Iterator[ArticleDraft | Skipped]:
    """An article for each row where a title and a text are among the columns, else one table."""
    text = _whole(file)
    if isinstance(text, Skipped):
        yield text
        return
    sign, text = _separated(text)
    lines = io.StringIO(text, newline="")
    try:
        rows = [row for row in csv.reader(lines, delimiter=sign) if any(row)]
    except csv.Error as error:
        yield Skipped(str(file), f"not CSV: {error}")
        return
    if not rows:
        yield Skipped(str(file), "empty")
        return
    header = [cell.strip() for cell in rows[0]]
    places = _places(header)
    if len(rows) == 1 and places:
        yield Skipped(str(file), "no row below its header")
    elif "title" in places and "text" in places:
        yield from _csv_articles(rows, header, places, origin)
    else:
        yield made(origin, {}, _table(rows))


def _csv_articles(
    rows: Sequence[Sequence[str]], header: Sequence[str], places: Mapping[str, int], origin: Origin
) -> Iterator[ArticleDraft | Skipped]:
    of_place = {place: name for name, place in places.items()}
    names = [of_place.get(place, name) for place, name in enumerate(header)]
    for number, row in enumerate(rows[1:], start=2):
        fields = {name: cell for name, cell in zip(names, row, strict=False) if name and cell}
        doc_id = f"{origin.doc_id}/{_slug(fields.get('title', '')) or number}"
        yield from_row(fields, Origin(doc_id, "", f"{origin.source}:{number}"))


def _slug(title: str) -> str:
    kept = "".join(sign if sign.isalnum() else " " for sign in title.lower()).split()
    return "-".join(kept)[:100]


def _at(origin: Origin, source: str) -> Origin:
    return Origin(origin.doc_id, "", source)


def _places(header: Sequence[str]) -> dict[str, int]:
    low = [name.lower() for name in header]
    return {
        part: low.index(name)
        for part, names in _COLUMNS.items()
        if (name := next((one for one in names if one in low), None)) is not None
    }


def _table(rows: Sequence[Sequence[str]]) -> Content:
    full = [[" ".join(cell.split()) for cell in row] for row in rows]
    return Content([table_of(full)], " ".join(" ".join(row) for row in full))


def table_of(rows: Sequence[Sequence[str]], heading: Headings = ()) -> Table:
    """Rows of a sheet as a table; single cells above its header are what it is called."""
    width = max((n + 1 for row in rows for n, cell in enumerate(row) if cell), default=0)
    full = [tuple([*row, *[""] * (width - len(row))][:width]) for row in rows]
    begins = next((n for n, row in enumerate(full) if sum(map(bool, row)) > 1), 0)
    begins = begins if begins <= MOST_TITLES and _is_header(full, begins) else 0
    lead = " ".join(cell for row in full[:begins] for cell in row if cell)
    return Table(tuple(carried(full[begins + 1 :])), full[begins], lead, heading=heading)


def _is_header(rows: Sequence[Sequence[str]], at: int) -> bool:
    """Whether a row has a name for each column that is used below it: "Basic | 5" is a price of its own."""
    row, below = rows[at], rows[at + 1 :]
    unnamed = {
        place for one in below for place, cell in enumerate(one[1:], 1) if cell and not row[place]
    }
    figures = [cell[0].isdigit() for cell in row[1:] if cell]
    return bool(below) and not unnamed and not all(figures)


def _separated(text: str) -> tuple[str, str]:
    """What parts the cells, and the text without the line that says so."""
    first, _, rest = text.partition("\n")
    if said := _SEPARATOR.match(first):
        return said["sign"], rest
    return max(",;\t|", key=first.count), text


def _whole(file: Path) -> str | Skipped:
    try:
        if file.stat().st_size > MAX_FILE_BYTES:
            return Skipped(str(file), f"larger than {MAX_FILE_BYTES:,} bytes: split it")
        return storable(decode(file.read_bytes()).text)
    except UnknownEncoding as error:
        return Skipped(str(file), str(error))
    except OSError as error:
        return Skipped(str(file), f"cannot be read: {error.strerror}")


def _line(line: bytes, origin: Origin) -> ArticleDraft | Skipped:
    if len(line) > MAX_ROW_BYTES:
        return Skipped(origin.source, f"larger than {MAX_ROW_BYTES:,} bytes: split it")
    try:
        text = line.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return Skipped(origin.source, f"not UTF-8 at byte {error.start} of the line")
    return _row(_parsed(text), origin)


def _parsed(text: str) -> Any:
    """What the JSON holds, or why it is none."""
    try:
        return json.loads(text, parse_constant=lambda _: None)
    except (ValueError, RecursionError) as error:
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        return f"not JSON: {first}"


def _row(row: Any, origin: Origin) -> ArticleDraft | Skipped:
    """The article of an object; one that has no id of its own is called by its title."""
    if not isinstance(row, dict):
        return Skipped(origin.source, row if isinstance(row, str) else "not a JSON object")
    named = _named({storable(str(name)): _inner(value) for name, value in row.items()})
    if "text" not in named:
        return Skipped(
            origin.source, f"has no text under {', '.join(_COLUMNS['text'][:4])}: name it so"
        )
    doc_id, title = named.get("doc_id"), named.get("title")
    if doc_id is None and isinstance(title, str) and (slug := _slug(title)):
        doc_id = f"{origin.doc_id}/{slug}"
    if isinstance(doc_id, bool) or not isinstance(doc_id, str | int) or not str(doc_id).strip():
        return Skipped(
            origin.source, "has no 'doc_id' (a text or a number) and no 'title': add one"
        )
    return from_row({**named, "doc_id": storable(str(doc_id)).strip()}, origin)


def _named(row: dict[str, Any]) -> dict[str, Any]:
    """The row with an article's parts under our names, whatever its file calls them."""
    parts = {name.lower(): name for name in row}
    found = dict(row)
    for part, names in _COLUMNS.items():
        theirs = [parts[one] for one in names if one in parts]
        said = next((one for one in theirs if row[one] not in (None, "")), next(iter(theirs), None))
        if said is not None:
            found.pop(said)
            found[part] = row[said]
    return found


def _inner(value: Any) -> Any:
    """A value that can be stored; of a mapping the text that it wraps."""
    for _ in range(MOST_INNER):
        if not isinstance(value, dict):
            break
        value = next((value[one] for one in _INNER if value.get(one)), None)
    return storable(value) if isinstance(value, str) else value
