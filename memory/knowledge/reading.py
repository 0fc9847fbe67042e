"""Articles from files. One bad article is reported and skipped; all others are read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

MAX_ARTICLE_BYTES = 2_000_000
"""A longer article is a dump rather than something a customer would be sent to."""
MARKDOWN = frozenset({".md", ".markdown", ".txt"})
HTML = frozenset({".html", ".htm"})
LINES = frozenset({".jsonl", ".ndjson"})

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_HEADING = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t#]*$", re.MULTILINE)


@dataclass(frozen=True)
class ArticleDraft:
    """An article as it was read."""

    doc_id: str
    title: str
    text: str
    """Markdown."""
    url: str | None
    source: str
    """The file it came from, with the line where a file holds many."""


@dataclass(frozen=True)
class Skipped:
    """Something that could not be read as an article."""

    source: str
    why: str


def read_articles(path: Path) -> Iterator[ArticleDraft | Skipped]:
    """Every article under a folder, or in one file: Markdown, HTML or JSON Lines.

    In a folder the doc_id is the path below it without its ending. Of several articles with one
    doc_id the first is kept. Raises `FileNotFoundError` where there is no such path.
    """
    if not path.exists():
        msg = f"{path}: no such file or folder"
        raise FileNotFoundError(msg)
    root = path if path.is_dir() else path.parent
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    return _once(found for file in files if file.is_file() for found in _read_file(file, root))


def _once(found: Iterator[ArticleDraft | Skipped]) -> Iterator[ArticleDraft | Skipped]:
    seen: dict[str, str] = {}
    for one in found:
        if isinstance(one, ArticleDraft):
            if one.doc_id in seen:
                why = f"doc_id {one.doc_id!r} was already read from {seen[one.doc_id]}"
                yield Skipped(one.source, why)
                continue
            seen[one.doc_id] = one.source
        yield one


def _read_file(file: Path, root: Path) -> Iterator[ArticleDraft | Skipped]:
    suffix = file.suffix.lower()
    if suffix in LINES:
        yield from _read_lines(file)
    elif suffix in MARKDOWN | HTML:
        read = _markdown if suffix in MARKDOWN else _html
        text = _content(file)
        yield text if isinstance(text, Skipped) else read(text, file, root)
    elif not file.name.startswith("."):
        yield Skipped(str(file), "neither Markdown nor HTML nor JSON Lines")


def _content(file: Path) -> str | Skipped:
    try:
        if file.stat().st_size > MAX_ARTICLE_BYTES:
            return Skipped(str(file), f"larger than {MAX_ARTICLE_BYTES:,} bytes: split it")
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        return Skipped(str(file), f"not UTF-8 at byte {error.start}: save it as UTF-8")
    except OSError as error:
        return Skipped(str(file), f"cannot be read: {error.strerror}")
    return text if text.strip() else Skipped(str(file), "empty")


def _markdown(text: str, file: Path, root: Path) -> ArticleDraft | Skipped:
    fields: dict[str, Any] = {}
    if match := _FRONT_MATTER.match(text):
        try:
            loaded = yaml.safe_load(match.group(1))
        except yaml.YAMLError as error:
            return Skipped(str(file), f"its front matter is not YAML: {_first_line(error)}")
        fields = loaded if isinstance(loaded, dict) else {}
        text = text[match.end() :]
    heading = _HEADING.search(text)
    title = fields.get("title") or (heading.group(1) if heading else _plain_name(file))
    doc_id = str(fields.get("doc_id") or _doc_id(file, root))
    return _draft(doc_id, str(title), text, fields.get("url"), str(file))


def _html(text: str, file: Path, root: Path) -> ArticleDraft | Skipped:
    import trafilatura

    body = trafilatura.extract(
        text, output_format="markdown", include_tables=True, include_formatting=True
    )
    if not body:
        return Skipped(str(file), "no article text found in the HTML")
    meta = trafilatura.extract_metadata(text)
    heading = _HEADING.search(body)
    title = (meta.title if meta else None) or (heading.group(1) if heading else _plain_name(file))
    return _draft(_doc_id(file, root), title, body, meta.url if meta else None, str(file))


def _read_lines(file: Path) -> Iterator[ArticleDraft | Skipped]:
    try:
        with file.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield _row(line, f"{file}:{number}")
    except OSError as error:
        yield Skipped(str(file), f"cannot be read: {error.strerror}")


def _row(line: bytes, source: str) -> ArticleDraft | Skipped:
    row = _object(line)
    if isinstance(row, str):
        return Skipped(source, row)
    doc_id = row.get("doc_id")
    if not isinstance(doc_id, str | int) or not str(doc_id).strip():
        return Skipped(source, "field 'doc_id' is missing")
    title, text = row.get("title") or "", row.get("text") or ""
    if not isinstance(title, str) or not isinstance(text, str):
        return Skipped(source, "fields 'title' and 'text' must be texts")
    return _draft(str(doc_id), title, text, row.get("url"), source)


def _object(line: bytes) -> dict[str, Any] | str:
    """The object of a line, or why it is none."""
    if len(line) > MAX_ARTICLE_BYTES:
        return f"larger than {MAX_ARTICLE_BYTES:,} bytes: split it"
    try:
        row = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        return f"not UTF-8 at byte {error.start} of the line"
    except (json.JSONDecodeError, RecursionError) as error:
        return f"not JSON: {_first_line(error)}"
    return row if isinstance(row, dict) else "not a JSON object"


def _draft(doc_id: str, title: str, text: str, url: object, source: str) -> ArticleDraft | Skipped:
    clean_title, clean_text = (_storable(part) for part in (title, text))
    if not clean_text:
        return Skipped(source, "empty")
    return ArticleDraft(doc_id, clean_title, clean_text, str(url) if url else None, source)


def _storable(text: str) -> str:
    """Without NUL and lone surrogates, which no database stores as text."""
    plain = text.replace("\x00", "").replace("\r\n", "\n")
    return plain.encode("utf-8", "replace").decode("utf-8").strip()


def _doc_id(file: Path, root: Path) -> str:
    return file.relative_to(root).with_suffix("").as_posix()


def _plain_name(file: Path) -> str:
    return re.sub(r"[-_]+", " ", file.stem).strip().capitalize()


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
