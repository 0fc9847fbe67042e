"""Questions about a node of a parsed page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

MOST_DEPTH = 64
"""Elements around one that are looked at; a source holds none deeper, see `html_source.MAX_DEPTH`."""
HEADINGS = {f"h{level}": level for level in range(1, 7)}
TEXT = "-text"
NOTE_WORDS = frozenset(
    {"callout", "admonition", "alert", "note", "tip", "warning", "caution", "danger", "hint"}
    | {"important", "notice", "info", "information", "panel", "infobox", "success", "error"}
)
"""Words in a class that make a box a note."""
KINDS = NOTE_WORDS - {"callout", "admonition", "alert", "panel", "infobox", "hint"}
"""Those of them that say what kind of note it is."""
TRANSPARENT = frozenset(
    """
    a abbr acronym b bdi bdo big cite code data del dfn em font i img input ins kbd label mark nobr
    output q rp rt ruby s samp small span strike strong sub sup time tt u var wbr button br
    """.split()
)
"""Elements within a line: they part no words."""
_HIDDEN_SIGNS = ("hidden", "style", "<video", "<audio", "<canvas", "<datalist")
"""What a source holds somewhere if any of its elements is hidden."""
_HIDING_STYLES = frozenset(
    {"display:none", "visibility:hidden", "opacity:0"}
    | {"font-size:0", "font-size:0px", "font-size:1px"}
)
FOUND_BY_SEARCH = "until-found"
"""The value of `hidden` with which a browser's search still shows it."""
_NUMBERED = ("<pre", "lineno", "line-number")
_LINE_NUMBERS = (
    "pre .ln, pre .lnt, pre .lineno, pre .linenos, pre .line-number, pre .linenumber, pre .hljs-ln-numbers, pre .line-numbers-rows"
    ", td.linenos, td.lineno, td.hljs-ln-numbers, td.blob-num, td.gutter, .line-numbers-rows"
)
"""The numbers that a page sets before the lines of its code: who copies a line does not want them."""
_UNSEEN = frozenset(
    "head script style noscript template svg math iframe object canvas video audio datalist".split()
)


def children(node: LexborNode) -> Iterator[LexborNode]:
    """The nodes right below, texts among them."""
    yield from node.iter(include_text=True)


def name(node: LexborNode) -> str:
    """The tag's name in lower case; `-text` for text."""
    return node.tag or ""


def attribute(node: LexborNode, key: str) -> str:
    """An attribute's value; empty if there is none."""
    return node.attributes.get(key) or ""


def only_text(node: LexborNode) -> str:
    """The text of a node that holds nothing else; empty for any other."""
    first = node.first_child
    if first is None or first.next is not None or name(first) != TEXT:
        return ""
    return first.text_content or ""


def words_of(node: LexborNode) -> set[str]:
    """The words of a node's class and id, in lower case."""
    attributes = node.attributes
    both = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".lower()
    return set(both.replace("-", " ").replace("_", " ").split())


def is_covered(node: LexborNode) -> bool:
    """Whether its own attributes hide it, so that it is seen once `uncover` has taken those away."""
    attributes = node.attributes
    if "hidden" in attributes and attributes["hidden"] != FOUND_BY_SEARCH:
        return True
    return any(map(_hides, (attributes.get("style") or "").split(";")))


def uncover(node: LexborNode) -> None:
    """Take away what hides it by its own attributes."""
    attributes = node.attrs
    if "hidden" in attributes:
        del attributes["hidden"]
    parts = attribute(node, "style").split(";")
    kept = [one for one in parts if not _hides(one)]
    if len(kept) < len(parts):
        attributes["style"] = ";".join(kept)


def _hides(declaration: str) -> bool:
    return "".join(declaration.lower().split()).removesuffix("!important") in _HIDING_STYLES


def without_hidden(page: LexborHTMLParser, source: str) -> None:
    """Take out what no reader sees; all other functions here take what is left as visible."""
    low, body = source.lower(), page.body
    if body is None:
        return
    if any(sign in low for sign in _NUMBERED):
        take_out(body.css(_LINE_NUMBERS))
    if any(sign in low for sign in _HIDDEN_SIGNS):
        elements = body.traverse(include_text=False)
        take_out([one for one in elements if name(one) in _UNSEEN or is_covered(one)])


def has_block(node: LexborNode) -> bool:
    """Whether something within is more than a part of a line."""
    return any(
        name(one) not in TRANSPARENT and not name(one).startswith(("-", "_"))
        for one in islice(node.traverse(include_text=False), 1, None)
    )


def visible_text(node: LexborNode) -> str:
    """All that a reader sees, in one line; words of different blocks stay apart."""
    parts: list[str] = []
    _gather(node, parts)
    return " ".join("".join(parts).split())


def _gather(node: LexborNode, parts: list[str]) -> None:
    for one in children(node):
        if name(one) == TEXT:
            parts.append(one.text_content or "")
        else:
            apart = name(one) not in TRANSPARENT or name(one) in ("br", "wbr")
            parts.append(" " * apart)
            _gather(one, parts)
            parts.append(" " * apart)


def take_out(nodes: Iterable[LexborNode]) -> None:
    """Take nodes out of their page with what is in them, each once, also where one holds another."""
    held = {one.mem_id: one for one in nodes}
    outer = [one for one in held.values() if not any(up.mem_id in held for up in ancestors(one))]
    for one in outer:
        one.decompose()


def ancestors(node: LexborNode) -> Iterator[LexborNode]:
    """The elements around it, from within, `MOST_DEPTH` at most."""
    at = node.parent
    for _ in range(MOST_DEPTH):
        if at is None:
            return
        yield at
        at = at.parent
