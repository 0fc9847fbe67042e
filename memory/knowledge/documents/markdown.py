"""Markdown to blocks: CommonMark with tables, task lists, footnotes, definitions and alerts."""

from __future__ import annotations

from memory.knowledge.documents.html_source import tamed
from memory.knowledge.documents.model import Block
from memory.knowledge.documents.nodes import visible_text
from memory.knowledge.documents.tags import as_html
from memory.knowledge.documents.walker import Rules, read_blocks


def read_markdown(body: str, first_line: int = 1, *, components: bool = False) -> list[Block]:
    """The blocks of a Markdown text whose first line stands at `first_line` of its file.

    `components`: whether it is MDX.
    """
    from selectolax.lexbor import LexborHTMLParser

    source, lines = as_html(body, first_line, components=components)
    page = LexborHTMLParser(tamed(to_html(source), markdown=True))
    return [] if page.body is None else read_blocks(page.body, Rules(keep_lines=True, lines=lines))


def visible_markdown(body: str) -> str:
    """All words that a reader of the rendered text sees, in one line."""
    from selectolax.lexbor import LexborHTMLParser

    page = LexborHTMLParser(tamed(to_html(body), markdown=True))
    return "" if page.body is None else visible_text(page.body)


def to_html(source: str) -> str:
    """Markdown as HTML, with the lines of the source as `data-sourcepos`."""
    import comrak

    extensions = comrak.ExtensionOptions()
    extensions.table = extensions.tasklist = extensions.strikethrough = True
    extensions.alerts = extensions.footnotes = extensions.description_lists = True
    rendering = comrak.RenderOptions()
    rendering.unsafe_ = rendering.sourcepos = True
    return comrak.render_markdown(source, extension_options=extensions, render_options=rendering)
