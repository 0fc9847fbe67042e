"""Articles to passages: along their headings, bounded in size, code fences whole."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

CHUNKING = "headings-1 windows-1 tokens-1"
"""Part of an article's content hash: raise it when passages, or what is stored of them, change,
and all are indexed anew."""
MAX_CHARS = 800
"""About 200 tokens: with its title a passage stays below the encoder's 256."""
MIN_CHARS = 200
"""A shorter section joins the next one under the same first heading."""
WINDOW_CHARS = 120
"""About two sentences: a question is nearest to the few words that answer it, not to a page."""
HEADINGS = [("#" * level, f"h{level}") for level in range(1, 5)]

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")


@dataclass(frozen=True)
class Passage:
    """A piece of an article that can be found and cited."""

    id: str
    """Digest of tenant, doc_id, content hash and ordinal."""
    ordinal: int
    """0, 1, 2 ... within the article."""
    heading: str
    """The headings above it, joined by ' > ', without the article's own title."""
    text: str


def content_hash(title: str, text: str) -> str:
    """64 hex digits that change whenever the passages do."""
    return hashlib.sha256(f"{CHUNKING}\0{title}\0{text}".encode()).hexdigest()


def split(tenant: str, doc_id: str, title: str, text: str) -> list[Passage]:
    """The passages of one article, in order; one at least, each at most `MAX_CHARS` long."""
    digest = content_hash(title, text)
    return [
        Passage(passage_id(tenant, doc_id, digest, ordinal), ordinal, heading, part)
        for ordinal, (heading, part) in enumerate(_parts(title, text))
    ]


def windows(text: str) -> list[str]:
    """A passage as runs of whole sentences or lines of about `WINDOW_CHARS`; one at least."""
    found: list[str] = []
    for part in filter(None, map(str.strip, _SENTENCE_END.split(text))):
        if found and len(found[-1]) + len(part) < WINDOW_CHARS:
            found[-1] = f"{found[-1]} {part}"
        else:
            found.append(part)
    return found or [text]


def passage_id(tenant: str, doc_id: str, digest: str, ordinal: int) -> str:
    """32 hex digits: the same passage of the same article always has the same id."""
    whole = f"{tenant}\0{doc_id}\0{digest}\0{ordinal}".encode()
    return hashlib.sha256(whole).hexdigest()[:32]


def _parts(title: str, text: str) -> Iterator[tuple[str, str]]:
    from langchain_text_splitters import MarkdownHeaderTextSplitter, RecursiveCharacterTextSplitter

    by_heading = MarkdownHeaderTextSplitter(HEADINGS, strip_headers=True)
    by_size = RecursiveCharacterTextSplitter(
        chunk_size=MAX_CHARS,
        chunk_overlap=0,
        separators=["\n\n", "\n", ". ", "? ", "! ", " ", ""],
        keep_separator="end",
    )
    sections = [
        (_heading(title, section.metadata), section.page_content)
        for section in by_heading.split_text(text)
    ]
    found = False
    for heading, body in _merged(sections):
        for part in by_size.split_text(body):
            found = True
            yield heading, part
    if not found:  # an article of headings alone
        yield "", text.strip()[:MAX_CHARS]


def _heading(title: str, metadata: dict[str, Any]) -> str:
    names = [str(metadata[name]) for _, name in HEADINGS if name in metadata]
    return " > ".join(name for name in names if name.strip() != title.strip())


def _merged(sections: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Tiny neighbouring sections as one, their headings kept in the text."""
    held: tuple[str, str] | None = None
    for heading, body in sections:
        if held and len(held[1]) < MIN_CHARS and len(held[1]) + len(body) < MAX_CHARS:
            last = heading.rsplit(" > ", 1)[-1]
            held = (held[0], f"{held[1]}\n\n{last}\n{body}" if last else f"{held[1]}\n\n{body}")
            continue
        if held:
            yield held
        held = (heading, body)
    if held:
        yield held
