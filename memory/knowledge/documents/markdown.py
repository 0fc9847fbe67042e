"""Markdown to blocks: CommonMark with tables, task lists, footnotes, definitions and alerts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from memory.knowledge.documents.footnotes import inline_notes
from memory.knowledge.documents.html_source import tamed
from memory.knowledge.documents.model import Block
from memory.knowledge.documents.nodes import visible_text, without_hidden
from memory.knowledge.documents.tags import as_html, tame_lines
from memory.knowledge.documents.walker import Rules, read_blocks

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode


def read_markdown(body: str, first_line: int = 1, *, components: bool = False) -> list[Block]:
    """The blocks of a Markdown text whose first line stands at `first_line` of its file.

    `components`: whether it is MDX.
    """
    source, lines = as_html(body, first_line, components=components)
    page = _body(source)
    return [] if page is None else read_blocks(page, Rules(keep_lines=True, lines=lines))


def visible_markdown(body: str) -> str:
    """All words that a reader of the rendered text sees, in one line."""
    found = _body(tame_lines(body))
    return "" if found is None else visible_text(found)


def _body(source: str) -> LexborNode | None:
    from selectolax.lexbor import LexborHTMLParser

    html = tamed(_to_html(source), markdown=True)
    page = LexborHTMLParser(html)
    without_hidden(page, html)
    if page.body is not None:
        inline_notes(page.body)
    return page.body


def _to_html(source: str) -> str:
    """Markdown as HTML, with the lines of the source as `data-sourcepos`."""
    import comrak

    extensions = comrak.ExtensionOptions()
    extensions.table = extensions.tasklist = extensions.strikethrough = True
    extensions.alerts = extensions.footnotes = extensions.description_lists = True
    rendering = comrak.RenderOptions()
    rendering.unsafe_ = rendering.sourcepos = True
    return comrak.render_markdown(source, extension_options=extensions, render_options=rendering)
