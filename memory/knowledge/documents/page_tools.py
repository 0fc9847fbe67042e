"""What a site's program sets into an article to move about in it: a list of its own headings, a link to edit each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from memory.knowledge.documents.nodes import HEADINGS, attribute, name, take_out, visible_text

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

FEWEST_ENTRIES = 2
"""Links to places of the same page, from which on a list of nothing else is one of contents."""
MOST_TITLE_WORDS = 4
"""Of what stands above such a list in a box of its own: "On this page"."""
_KEPT = frozenset({"body", "main", "article", "td", "li"})
"""Elements that hold more than such a list, whatever they seem to."""


def without_tools(article: LexborNode) -> None:
    """Take them out of an article; a link in brackets in a heading is a tool, and so is a list of its places."""
    found = [one for one in article.css("ul, ol") if _lists_places(one)]
    found += [one for head in article.css(", ".join(HEADINGS)) for one in _bracketed(head)]
    take_out(map(_boxed, found))


def _lists_places(node: LexborNode) -> bool:
    """Whether a list holds links to places of its own page, and numbers before them, and nothing else."""
    links = node.css("a")
    if len(links) < FEWEST_ENTRIES or not all(map(_leads_within, links)):
        return False
    rest = len("".join(visible_text(node).split())) - sum(
        len("".join(visible_text(one).split())) for one in links
    )
    return rest <= 0


def _leads_within(link: LexborNode) -> bool:
    return len(attribute(link, "href")) > 1 and attribute(link, "href").startswith("#")


def _bracketed(head: LexborNode) -> list[LexborNode]:
    """The parts of a heading that are a link in brackets: "[edit]"."""
    return [
        one
        for one in head.css("span, small, sup")
        if one.css_first("a") is not None and _in_brackets(visible_text(one))
    ]


def _in_brackets(said: str) -> bool:
    return said.startswith("[") and said.endswith("]")


def _boxed(node: LexborNode) -> LexborNode:
    """The box around a list of contents that holds nothing beside it but what it is called."""
    box = node.parent
    if name(node) not in ("ul", "ol") or box is None or name(box) in _KEPT:
        return node
    beside = len(visible_text(box).split()) - len(visible_text(node).split())
    return box if beside <= MOST_TITLE_WORDS else node
