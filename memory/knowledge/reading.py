"""Articles from files. One bad article is reported and skipped; all others are read."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path

from memory.knowledge import office, records
from memory.knowledge.documents.decode import UnknownEncoding, decode, storable
from memory.knowledge.draft import ArticleDraft, Skipped
from memory.knowledge.making import Origin, from_html, from_markdown

__all__ = ["ArticleDraft", "Skipped", "read_articles"]

MAX_ARTICLE_BYTES = records.MAX_ROW_BYTES
"""A longer article is a dump rather than something a customer would be sent to."""
MARKDOWN = frozenset({".md", ".markdown", ".mdx", ".mkd", ".txt"})
HTML = frozenset({".html", ".htm", ".xhtml"})
LINES = frozenset({".jsonl", ".ndjson"})
TABLES = frozenset({".csv", ".tsv"})
BESIDE = frozenset(
    """
    .png .jpg .jpeg .gif .svg .webp .ico .bmp .css .js .map .woff .woff2 .ttf .otf .mp4 .webm .mp3
    .yaml .yml .toml .lock .py .sh .xml
    """.split()  # noqa: SIM905
)
"""What stands beside articles and is none."""
READABLE = "Markdown, HTML, JSON, JSON Lines, CSV, PDF, DOCX, XLSX or EPUB"


def read_articles(path: Path) -> Iterator[ArticleDraft | Skipped]:
    """Every article under a folder, or in one file.

    In a folder the doc_id is the path below it without its ending. Of several articles with one
    doc_id the first is kept. Hidden files and folders are not read. Raises `FileNotFoundError`
    where there is no such path.
    """
    if not path.exists():
        msg = f"{path}: no such file or folder"
        raise FileNotFoundError(msg)
    root = path if path.is_dir() else path.parent
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    shown = (one for one in files if one == path or not _is_hidden(one, root))
    return _once(found for file in shown if file.is_file() for found in _read_file(file, root))


def _is_hidden(file: Path, root: Path) -> bool:
    """Whether it, or a folder it stands in, is hidden, or an office's lock file."""
    parts = file.relative_to(root).parts
    return any(part.startswith((".", "~$")) or part == "__MACOSX" for part in parts)


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
    suffix, origin = file.suffix.lower(), _origin(file, root)
    if suffix in LINES:
        yield from records.read_lines(file)
    elif suffix == ".json":
        yield from records.read_json(file)
    elif suffix in TABLES:
        yield from records.read_csv(file, origin)
    elif suffix in office.READERS:
        yield office.read(file, origin)
    elif suffix in MARKDOWN | HTML:
        yield _read_text(file, origin)
    else:
        yield Skipped(str(file), f"not {READABLE}", is_article=suffix not in BESIDE)


def _read_text(file: Path, origin: Origin) -> ArticleDraft | Skipped:
    suffix = file.suffix.lower()
    try:
        if file.stat().st_size > MAX_ARTICLE_BYTES:
            return Skipped(str(file), f"larger than {MAX_ARTICLE_BYTES:,} bytes: split it")
        text = storable(decode(file.read_bytes(), markup=suffix in HTML).text)
    except UnknownEncoding as error:
        return Skipped(str(file), str(error))
    except OSError as error:
        return Skipped(str(file), f"cannot be read: {error.strerror}")
    if not text.strip():
        return Skipped(str(file), "empty")
    if suffix in HTML:
        return from_html(text, origin)
    return from_markdown(text, origin, components=suffix == ".mdx")


def _origin(file: Path, root: Path) -> Origin:
    doc_id = unicodedata.normalize("NFC", file.relative_to(root).with_suffix("").as_posix())
    name = unicodedata.normalize("NFC", file.stem).replace("-", " ").replace("_", " ")
    words = " ".join(name.split())
    return Origin(doc_id, words[:1].upper() + words[1:], str(file))
