"""Articles to passages: whole blocks under their headings, bounded in size."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from memory.knowledge.documents.model import Block, without_title
from memory.knowledge.documents.parse import HEADING_JOIN, parse
from memory.knowledge.documents.pieces import MAX_CHARS, pieces_of, size_of
from memory.knowledge.documents.render import render

CHUNKING = "blocks-3 windows-3 tokens-1"
"""Part of an article's content hash: raise it when passages, or what is stored of them, change,
and all are indexed anew."""
MIN_CHARS = 200
"""A shorter section joins the next one."""
WINDOW_CHARS = 120
"""About two sentences: a question is nearest to the few words that answer it, not to a page."""

_LOOKS = " \t#>|"
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")


@dataclass(frozen=True)
class Passage:
    """A piece of an article that can be found and cited."""

    id: str
    """Digest of tenant, doc_id, title and what the passage says: it stays the same while they do."""
    ordinal: int
    """0, 1, 2 ... within the article."""
    heading: str
    """The headings above its first block, joined by ' > ', without the article's own title."""
    text: str
    """Whole blocks as `documents.render` writes them; `documents.parse(text, heading)` reads them."""


def content_hash(title: str, text: str) -> str:
    """64 hex digits that change whenever the passages do."""
    return hashlib.sha256(f"{CHUNKING}\0{title}\0{text}".encode()).hexdigest()


def split(tenant: str, doc_id: str, title: str, text: str) -> list[Passage]:
    """The passages of one article, in order; one at least, see `documents.pieces` for their size."""
    said: Counter[tuple[str, str]] = Counter()
    found = []
    for ordinal, (heading, part) in enumerate(_parts(title, text)):
        said[heading, part] += 1
        once = (doc_id, title, heading, part, str(said[heading, part]))
        found.append(Passage(passage_id(tenant, *once), ordinal, heading, part))
    return found


def windows(text: str) -> list[str]:
    """A passage as runs of whole sentences or lines of about `WINDOW_CHARS`, each once; one at least.

    Characters that only give a line its look, and lines of nothing else, are left out.
    """
    found: list[str] = []
    for line in _SENTENCE_END.split(text):
        part = line.strip(_LOOKS).replace(" | ", " ")
        if not any(map(str.isalnum, part)):
            continue
        if found and len(found[-1]) + len(part) < WINDOW_CHARS:
            found[-1] = f"{found[-1]} {part}"
        else:
            found.append(part)
    return list(dict.fromkeys(found)) or [text]


def passage_id(tenant: str, *parts: str) -> str:
    """32 hex digits: the same passage of the same article always has the same id."""
    whole = "\0".join((CHUNKING, tenant, *parts))
    return hashlib.sha256(whole.encode()).hexdigest()[:32]


def _parts(title: str, text: str) -> Iterator[tuple[str, str]]:
    """(heading, text) of each passage."""
    found = False
    for group in _merged(_sections(without_title(parse(text), title))):
        found = True
        base = group[0].heading
        yield HEADING_JOIN.join(base), render(group, base)
    if not found:
        yield "", text.strip()[:MAX_CHARS]


def _sections(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Neighbouring blocks under one heading, as many as fit."""
    held: list[Block] = []
    size = 0
    for block in chain.from_iterable(map(pieces_of, blocks)):
        own = size_of(block)
        if held and (block.heading != held[0].heading or size + own > MAX_CHARS):
            yield held
            held, size = [], 0
        held.append(block)
        size += own + 2
    if held:
        yield held


def _merged(sections: Iterator[list[Block]]) -> Iterator[list[Block]]:
    """Tiny neighbouring sections as one, their headings kept in the text."""
    held: list[Block] = []
    for section in sections:
        size, more = sum(map(size_of, held)), sum(map(size_of, section))
        if held and size < MIN_CHARS and size + more < MAX_CHARS and _can_join(held, section):
            held = [*held, *section]
            continue
        if held:
            yield held
        held = section
    if held:
        yield held


def _can_join(held: Sequence[Block], section: Sequence[Block]) -> bool:
    """Not where a heading holds the character that joins headings: it could not be read back."""
    return not any(HEADING_JOIN in part for one in (*held, *section) for part in one.heading)
