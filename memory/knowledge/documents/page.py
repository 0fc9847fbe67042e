"""A whole page of a site: what of it is the article, and what is its frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

from memory.knowledge.documents.nodes import (
    attribute,
    name,
    visible_text,
    words_of,
)

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

MAIN = tuple(
    """
    [itemprop=articleBody] #main-content .wiki-content .article-body .article__body
    .markdown-body .post-content .entry-content article main [role=main] #content
    """.split()
)
"""Where articles stand, the most exact first."""
MAIN_SHARE = 0.5
"""A part with less than this share of the page's words is not the article."""
_FRAME_TAGS = frozenset({"nav", "footer", "form", "dialog"})
_FRAME_ROLES = frozenset({"navigation", "banner", "contentinfo", "search", "complementary"})
_FRAME_WORDS = frozenset(
    """
    breadcrumb breadcrumbs navbar navigation sidebar footer cookie cookies reactions feedback
    votes related share social metadata pagination skip subscribe toolbar
    """.split()
)
_KEEPS = ("article", "main", "body", "table", "h1")
"""Elements that are never the frame themselves, whatever their class says."""


def article_of(page: LexborHTMLParser) -> LexborNode | None:
    """The element that holds the article; of a fragment all of it."""
    body = page.body
    if body is None or not is_whole(page):
        return body
    _without_frame(body)
    words = len(visible_text(body).split())
    for selector in MAIN:
        found = max(body.css(selector), key=_size, default=None)
        if found is not None and _size(found) >= MAIN_SHARE * words:
            return found
    return body


def is_whole(page: LexborHTMLParser) -> bool:
    """Whether this is a page of its own rather than an article cut out of one."""
    head = page.head
    return head is not None and head.css_first("title, meta, link") is not None


def title_of(page: LexborHTMLParser, article: LexborNode) -> str:
    """The page's title: its only big heading, else what its head says without the site's name."""
    marked = marked_title(article)
    if marked is not None:
        return visible_text(marked)
    headings = article.css("h1") or (page.body.css("h1") if page.body is not None else [])
    shown = page.css_first("head title")
    named = " ".join((shown.text() if shown is not None else "").split())
    meta = page.css_first("meta[property='og:title']")
    if len(headings) == 1 and (text := visible_text(headings[0])):
        return text
    return (attribute(meta, "content") if meta is not None else "") or _without_site(named)


def marked_title(article: LexborNode) -> LexborNode | None:
    """The paragraph that Google Docs or Word call the title; their headings are those of sections."""
    found = article.css("p.title, p.MsoTitle")
    return found[0] if len(found) == 1 and visible_text(found[0]) else None


def address_of(page: LexborHTMLParser) -> str | None:
    """Where the page stands, if it says so."""
    link = page.css_first("link[rel=canonical]")
    address = attribute(link, "href") if link is not None else ""
    return address if address.startswith(("http://", "https://")) else None


def _size(node: LexborNode) -> int:
    return len(visible_text(node).split())


def _without_frame(body: LexborNode) -> None:
    for node in list(body.traverse(include_text=False)):
        if _is_frame(node):
            node.decompose()


def _is_frame(node: LexborNode) -> bool:
    tag = name(node)
    if tag in _KEEPS:
        return False
    if tag in _FRAME_TAGS or attribute(node, "role") in _FRAME_ROLES:
        return True
    if tag == "header":
        return node.css_first("h1") is None
    return bool(words_of(node) & _FRAME_WORDS) and node.css_first("h1, article, main") is None


def _without_site(title: str) -> str:
    """`How do I pay? | Acme Help` without the name of the site."""
    for sign in (" | ", " – ", " — ", " · ", " - "):
        head, found, _ = title.rpartition(sign)
        if found:
            return head
    return title
