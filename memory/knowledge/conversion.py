"""From a text with its format to an article."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from memory.knowledge.article_draft import ArticleDraft, Skipped
from memory.knowledge.documents import front_matter, truncation
from memory.knowledge.documents.aligned import with_tables
from memory.knowledge.documents.capital_headings import with_headings
from memory.knowledge.documents.completeness import compare
from memory.knowledge.documents.flattened import restored
from memory.knowledge.documents.html import looks_like_html, read_html
from memory.knowledge.documents.markdown import read_markdown, visible_markdown
from memory.knowledge.documents.model import Block, Paragraph, without_title
from memory.knowledge.documents.plain import flat
from memory.knowledge.documents.properties import without_properties
from memory.knowledge.documents.render import render
from memory.knowledge.documents.shortcodes import imports_components
from memory.knowledge.fields import Fields, Refused, read_fields, says_who_sees
from memory.sentences import WRAPPED_LINE

MAX_TEXT_CHARS = 2_000_000
"""Of one article: indexing takes about two minutes of the processor for each million."""
TITLE_FROM_TEXT = 80
"""Characters of the text that stand for a title that is missing."""


MOST_TITLE_WORDS = 8
"""Of a first line that is taken for the title; one word alone may be any heading."""


@dataclass(frozen=True)
class Origin:
    """Where an article comes from."""

    doc_id: str
    title: str
    """What to call it where nothing else says; empty to take the first words."""
    source: str


@dataclass(frozen=True)
class Content:
    """What was read."""

    blocks: Sequence[Block]
    visible: str
    """All words that the source shows."""
    title: str = ""
    url: str | None = None
    notices: tuple[str, ...] = field(default=())


def from_markdown(text: str, origin: Origin, *, components: bool = False) -> ArticleDraft | Skipped:
    """An article of Markdown with or without front matter; `components`: it is MDX."""
    try:
        split = front_matter.split(text)
    except front_matter.Malformed as error:
        return Skipped(origin.source, str(error))
    body, properties = without_properties(split.body)
    body = _with_structure(body)
    components = components or imports_components(body)
    blocks = read_markdown(body, split.line, components=components)
    visible = "" if components else visible_markdown(_without_tags(body))
    fields = {name: value for name, value in properties.items() if says_who_sees(name, value)}
    return made(origin, {**fields, **split.fields}, Content(blocks, visible))


def from_html(text: str, origin: Origin) -> ArticleDraft | Skipped:
    """An article of HTML."""
    page = read_html(text)
    if not page.blocks:
        return Skipped(origin.source, "no article text found in the HTML")
    return made(origin, {}, Content(page.blocks, page.visible, page.title, page.url))


def from_row(row: Mapping[str, Any], origin: Origin) -> ArticleDraft | Skipped:
    """An article from a row with its text in `text`, as Markdown or HTML."""
    text = row.get("text") or ""
    if not isinstance(text, str) or not isinstance(row.get("title") or "", str):
        return Skipped(origin.source, "fields 'title' and 'text' must be texts")
    fields = {name: value for name, value in row.items() if name != "text"}
    if looks_like_html(text):
        page = read_html(text)
        return made(origin, fields, Content(page.blocks, page.visible))
    text = _with_structure(text)
    return made(origin, fields, Content(read_markdown(text), visible_markdown(_without_tags(text))))


def made(origin: Origin, given: Mapping[str, Any], content: Content) -> ArticleDraft | Skipped:
    """The article, or why there is none; what did not arrive is among its notices."""
    try:
        fields = read_fields(given)
    except Refused as error:
        return Skipped(origin.source, str(error))
    title, titled = _titled(fields, content, origin)
    blocks, lost = truncation.marked(titled, content.visible.split())
    text = render(without_title(blocks, title)).strip()
    if not text:
        return Skipped(origin.source, "empty")
    if len(text) > MAX_TEXT_CHARS:
        return Skipped(origin.source, f"longer than {MAX_TEXT_CHARS:,} characters: split it")
    missing = compare(content.visible, [title, text])
    ends = f"it ends in the middle of a sentence, which no reply tells: {lost!r}"
    told = (*((str(missing),) if missing.matters else ()), *((ends,) if lost else ()))
    notices = (*fields.notices, *content.notices, *told)
    doc_id, url = fields.doc_id or origin.doc_id, fields.url or content.url
    return ArticleDraft(doc_id, title, text, url, origin.source, fields.visibility, notices)


def _titled(fields: Fields, content: Content, origin: Origin) -> tuple[str, Sequence[Block]]:
    """What the article is called, and the blocks below it."""
    blocks = content.blocks
    first = next((one.heading[0] for one in blocks if one.heading), "")
    if fields.long_title:
        return fields.title, [Paragraph(fields.long_title), *blocks]
    if named := fields.title or content.title or first:
        return named, blocks
    if len(blocks) > 1 and isinstance(blocks[0], Paragraph) and _is_title(blocks[0].text):
        return blocks[0].text, blocks[1:]
    if origin.title:
        return origin.title, blocks
    words = flat(blocks[:1])
    cut = words if len(words) <= TITLE_FROM_TEXT else words[:TITLE_FROM_TEXT].rsplit(" ", 1)[0]
    return cut, blocks


def _is_title(text: str) -> bool:
    """Whether a first line is a title that has no mark: Word and Google Docs give it a look only."""
    short = 1 < len(text.split()) <= MOST_TITLE_WORDS and len(text) <= TITLE_FROM_TEXT
    return (
        short
        and "\n" not in text
        and text[:1].isalnum()
        and (text[-1:].isalnum() or text[-1:] in "?)")
    )


def _with_structure(text: str) -> str:
    """The text with headings and steps as Markdown marks them, where it has them in another way."""
    return restored(with_headings(_with_title_apart(with_tables(text))))


def _with_title_apart(text: str) -> str:
    """A text whose first line is a title with no blank line below it, with one."""
    first, below, rest = text.lstrip("\ufeff\n\r ").partition("\n")
    title, follows = first.strip(), rest[:1]
    apart = (
        bool(below)
        and len(title) < WRAPPED_LINE
        and _is_title(title)
        and ":" not in title
        and (follows.isupper() or follows.isdigit())
        and "|" not in rest.partition("\n")[0]
        and len(rest.partition("\n")[0].strip()) > len(title)
    )
    return f"{title}\n\n{rest}" if apart else text


def _without_tags(body: str) -> str:
    """A body without template tags and attribute lists, for what its reader sees."""
    parts = body.split("{%")
    kept = [parts[0]]
    for part in parts[1:]:
        tag, end, rest = part.partition("%}")
        kept.append(f"\n\n{rest}" if end else "{%" + tag)
    return "\n".join(map(_without_anchor, "".join(kept).split("\n")))


def _without_anchor(line: str) -> str:
    """A heading's line without `{#its-anchor}`."""
    if not line.startswith("#") or not line.endswith("}"):
        return line
    return line.rpartition("{#")[0] or line
