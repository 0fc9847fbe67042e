"""Articles from files. One bad article is reported and skipped; all others are read."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path

from memory.knowledge import office, record_files
from memory.knowledge.article_draft import ArticleDraft, Skipped
from memory.knowledge.conversion import Origin, from_html, from_markdown
from memory.knowledge.documents.decode import UnknownEncoding, decode, storable

MAX_ARTICLE_BYTES = record_files.MAX_ROW_BYTES
"""A longer article is a dump rather than something a customer would be sent to."""
MARKDOWN = frozenset({".md", ".markdown", ".mdx", ".mkd", ".txt"})
HTML = frozenset({".html", ".htm", ".xhtml"})
LINES = frozenset({".jsonl", ".ndjson"})
TABLES = frozenset({".csv", ".tsv"})
BESIDE = frozenset(
    """
    .png .jpg .jpeg .gif .svg .webp .ico .bmp .css .js .map .woff .woff2 .ttf .otf .mp4 .webm .mp3
    .yaml .yml .toml .lock .py .sh .xml
    """.split()
)
"""What stands beside articles and is none."""
READABLE = "Markdown, HTML, JSON, JSON Lines, CSV, PDF, DOCX, XLSX or EPUB"


def read_articles(path: Path) -> Iterator[ArticleDraft | Skipped]:
    """Every article under a folder, or in one file.

    In a folder the doc_id is the path below it without its ending. Of several articles with one
    doc_id the first is kept. Hidden files and folders are not read. Raises `FileNotFoundError`
    where there is no such path.
    """
    return _once(
        found
        for one, root in files_of(path)
        for found in ([one] if isinstance(one, Skipped) else read_file(one, root))
    )


def files_of(path: Path) -> Iterator[tuple[Path | Skipped, Path]]:
    """The files under a folder, or the one that is given, each with the folder it is named in.

    What is no file, or a link out of the folder, is skipped and said. Raises `FileNotFoundError`.
    """
    if not path.exists():
        raise FileNotFoundError(f"{path}: no such file or folder")
    if not path.is_dir():
        return iter([(_regular(path), path.parent)])
    shown = (one for one in sorted(path.rglob("*")) if not _is_hidden(one, path))
    home = path.resolve()
    return ((_within(one, home), path) for one in shown if one.is_symlink() or not one.is_dir())


def _within(file: Path, home: Path) -> Path | Skipped:
    """A file of a folder that others may have written: a link in it may name any file."""
    if file.is_symlink() and not file.resolve().is_relative_to(home):
        return _skipped(file, "a link out of the folder: put the file itself there")
    return _regular(file)


def _regular(file: Path) -> Path | Skipped:
    if file.is_file():
        return file
    return _skipped(file, "a link to no file" if file.is_symlink() else "not a file")


def _skipped(file: Path, why: str) -> Skipped:
    return Skipped(str(file), why, is_article=file.suffix.lower() not in BESIDE)


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


def read_file(file: Path, root: Path) -> Iterator[ArticleDraft | Skipped]:
    """The articles of a file; `root` is the folder below which its path is its doc_id."""
    suffix, origin = file.suffix.lower(), _origin(file, root)
    if suffix in LINES:
        yield from record_files.read_lines(file, origin)
    elif suffix == ".json":
        yield from record_files.read_json(file, origin)
    elif suffix in TABLES:
        yield from record_files.read_csv(file, origin)
    elif suffix in office.READERS:
        yield office.read(file, origin)
    elif suffix in MARKDOWN | HTML:
        yield _read_text(file, origin)
    else:
        yield _skipped(file, f"not {READABLE}")


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
