"""A run of text within a block, as a reader sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING
from urllib.parse import unquote

from memory.knowledge.documents.nodes import (
    TEXT,
    attribute,
    children,
    name,
    words_of,
)
from memory.knowledge.documents.wrapping import unwrapped

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

BREAK = "\x01"
"""A line break that the source asks for, until blanks are collapsed."""
_NO_WIDTH = dict.fromkeys((0x200B, 0x2060, 0xFEFF, 0x00AD))
"""Characters without width that only say where a line may break: `Rück\\u00adgabe` is one word."""
_WRAPPED = {
    "code": ("`", "`"),
    "samp": ("`", "`"),
    "tt": ("`", "`"),
    "del": ("~~", "~~"),
    "s": ("~~", "~~"),
    "strike": ("~~", "~~"),
    "q": ("“", "”"),
    "rt": (" (", ")"),
}
_RAISED = dict(zip("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ", strict=True))
_LOWERED = dict(zip("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎", strict=True))
SHORTEST_NOTED = 4
"""Letters of a word behind which a raised sign is no power of a unit."""
_GOOGLE = ("https://www.", "http://www.", "https://", "http://")
_SCHEMES = ("http://", "https://", "mailto:", "tel:")
_FILE_ENDINGS = (".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".bmp", ".heic", ".avif")


def text_of(node: LexborNode) -> str:
    """A text node's words; a literal break sign in it is none."""
    return (node.text_content or "").replace(BREAK, " ")


def collapsed(text: str, *, keep_lines: bool = False) -> str:
    """Blanks of any width as one space each, breaks as new lines.

    `keep_lines`: the source's own lines are kept too, as in Markdown, but where one goes on.
    """
    parts = text.translate(_NO_WIDTH).split(BREAK)
    if not keep_lines:
        return "\n".join(_lines(parts))
    return "\n".join(line for part in parts for line in unwrapped(_lines(part.split("\n"))))


def _lines(parts: Iterable[str]) -> list[str]:
    return [line for part in parts if (line := " ".join(part.split()))]


def inline(node: LexborNode) -> str:
    """What stands in an element within a line, with marks for links, code and struck-out text."""
    kind = name(node)
    if kind == TEXT:
        return text_of(node)
    if kind.startswith("-"):
        return ""
    if kind in _EMPTY:
        return _EMPTY[kind](node)
    inner = "".join(map(inline, children(node)))
    return _marked(node, kind, inner)


def _marked(node: LexborNode, kind: str, inner: str) -> str:
    if kind == "a":
        return linked(node, inner)
    if not inner.strip():
        return inner
    if kind == "sup":
        return _note_mark(node, inner) or _parted(node, inner) or _shifted(inner, _RAISED, "^")
    if kind == "sub":
        return _shifted(inner, _LOWERED, "_")
    before, after = _WRAPPED.get(kind, ("", ""))
    return f"{before}{inner}{after}"


def linked(node: LexborNode, inner: str) -> str:
    """A link with its address; its words alone where the address leads nowhere from a mail."""
    address = _meant(attribute(node, "href").strip())
    words = collapsed(inner)
    if "backref" in words_of(node):
        return ""
    if not words or not address.lower().startswith(_SCHEMES) or " " in address:
        return inner
    bare = address.removeprefix("mailto:").removeprefix("tel:")
    if words in (address, bare) or "](" in inner:
        return inner
    return f"[{inner.strip()}]({address.replace(')', '%29').replace('(', '%28')})"


def _meant(address: str) -> str:
    """Where a link of Google Docs leads: it goes by Google's own address."""
    head, found, rest = address.partition("google.com/url?q=")
    return unquote(rest.partition("&")[0]) if found and head in _GOOGLE else address


def described(node: LexborNode) -> str:
    """The words that describe a picture; empty if they are a file's name."""
    words = collapsed(attribute(node, "alt")).replace("\n", " ")
    return "" if words.lower().endswith(_FILE_ENDINGS) else words


def _box(node: LexborNode) -> str:
    if attribute(node, "type").lower() != "checkbox":
        return ""
    return "☑ " if "checked" in node.attributes else "☐ "


_EMPTY: dict[str, Callable[[LexborNode], str]] = {
    "br": lambda _: BREAK,
    "wbr": lambda _: "",
    "img": described,
    "input": _box,
}
"""Elements that hold nothing and still say something."""


def _note_mark(node: LexborNode, inner: str) -> str:
    return f" [{inner.strip('[] ')}]" if {"footnote", "ref"} <= words_of(node) else ""


def _parted(node: LexborNode, inner: str) -> str:
    """A raised sign behind a word points at a note: kept apart, the word is found; m² and 1st are no such words."""
    before = node.prev
    said = "" if before is None or name(before) != TEXT else before.text_content or ""
    word = said.rpartition(" ")[2]
    mark = inner.strip("()[] ")
    if len(word) < SHORTEST_NOTED or not word.isalpha() or len(mark) != 1 or not mark.isalnum():
        return ""
    return f" {_RAISED[mark]}" if mark.isdigit() and mark in _RAISED else f" ({mark})"


def _shifted(text: str, signs: dict[str, str], mark: str) -> str:
    """Text above or below the line: 10² must not become 102."""
    if all(sign in signs for sign in text):
        return "".join(signs[sign] for sign in text)
    return text if text.strip().isalpha() and mark == "^" else f"{mark}({text.strip()})"
