"""HTML to blocks: a whole page of a site, or an article cut out of one."""

from __future__ import annotations

from dataclasses import dataclass

from memory.knowledge.documents.footnotes import inline_notes
from memory.knowledge.documents.html_source import tamed
from memory.knowledge.documents.model import Block
from memory.knowledge.documents.nodes import visible_text, without_hidden
from memory.knowledge.documents.page import address_of, article_of, marked_title, title_of
from memory.knowledge.documents.page_tools import without_tools
from memory.knowledge.documents.panels import open_panels
from memory.knowledge.documents.walker import read_blocks


@dataclass(frozen=True)
class Page:
    """What was read of a page."""

    title: str
    """Empty if the page names none."""
    url: str | None
    blocks: list[Block]
    visible: str
    """All words of the article that a reader of the page sees."""


def read_html(source: str) -> Page:
    """The article of a page. Scripts, hidden text and the page's frame are left out."""
    from selectolax.lexbor import LexborHTMLParser

    safe = tamed(source)
    page = LexborHTMLParser(safe)
    open_panels(page, safe)
    without_hidden(page, safe)
    article = article_of(page)
    if article is None:
        return Page("", None, [], "")
    without_tools(article)
    inline_notes(article)
    title, visible = title_of(page, article), visible_text(article)
    if (marked := marked_title(article)) is not None:
        marked.decompose()
    return Page(title, address_of(page), read_blocks(article), visible)


def looks_like_html(text: str) -> bool:
    """Whether a text without a format is HTML: it begins with an element and closes some."""
    start = text[:200].lstrip().lower()
    return start.startswith("<") and start[1:2].isalpha() and "</" in text
