"""Mail that came as HTML: its text, block by block, without what programs mark as quoted."""

from __future__ import annotations

from html.parser import HTMLParser

from typing_extensions import override

from graph.text.mail.marks import FORWARDED, folded
from memory.patterns import linear

BLOCKS = frozenset(
    """
    address article blockquote br dd div dl dt footer h1 h2 h3 h4 h5 h6 header hr li ol p pre
    section table tr ul
    """.split()
)
HIDDEN = frozenset({"head", "style", "script", "title", "template"})
UNSEEN = frozenset(
    f"{name}:{value}"
    for name, values in {
        "display": ["none"],
        "visibility": ["hidden"],
        "mso-hide": ["all"],
        "font-size": ["0", "0px", "1px"],
        "max-height": ["0", "0px"],
    }.items()
    for value in values
)
"""Styles of what no reader is shown."""
QUOTES = ("gmail_quote", "gmail_attr", "moz-cite-prefix", "yahoo_quoted", "protonmail_quote")
SIGNATURES = ("gmail_signature", "moz-signature", "protonmail_signature")
_PARAGRAPHS = frozenset(
    {"p", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "blockquote"}
)
_VOID = frozenset(
    """
    area base br col embed hr img input link meta source track wbr
    """.split()
)
BREAK = linear(r"<br ?/?>", ignore_case=True)
"""A line break that is left in a text when its other tags were taken away."""
MOST_TAG_CHARS = 4_000
"""Characters between < and >; what is longer is no tag."""


def is_html(text: str) -> bool:
    """Whether the text is HTML rather than a letter that mentions a tag."""
    start = text[:MOST_TAG_CHARS].lstrip().lower()
    if not start.startswith("<"):
        return False
    return any(
        f"</{name}>" in text.lower() for name in ("html", "body", "div", "p", "table", "span")
    )


def text_of(html: str) -> str:
    """The visible text, a line a block, without what programs mark as quoted.

    Programs mark what is passed on like what is quoted: of a forward the marks are not heeded.
    """
    said = folded(html)
    forwards = any(mark in said for mark in FORWARDED)
    return _read(html, quotes=forwards)


def _read(html: str, *, quotes: bool) -> str:
    reader = _Reader(quotes=quotes)
    reader.feed(html)
    reader.close()
    return "".join(reader.parts)


class _Reader(HTMLParser):
    """Collects text; keeps count of what it is inside of, so that nesting needs no recursion."""

    def __init__(self, *, quotes: bool) -> None:
        super().__init__(convert_charrefs=True)
        self._marks = SIGNATURES if quotes else (*QUOTES, *SIGNATURES)
        self.parts: list[str] = []
        self._open: list[tuple[str, str]] = []
        self._hidden = 0
        self._breaks = 0
        """New lines at the end of what was read."""

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCKS:
            self._break(tag)
        elif tag in {"td", "th"}:
            self.parts.append(" ")
        if tag not in _VOID:
            hides = tag in HIDDEN or _is_unseen(attrs) or _is_added(tag, attrs, self._marks)
            self._open.append((tag, "hidden" if hides else ""))
            self._hidden += hides

    @override
    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS:
            self._break(tag)
        if not self._open or tag in _VOID:
            return
        # A tag that was never opened closes nothing; one that skips others closes the last alone.
        if self._open[-1][0] == tag:
            self._hidden -= self._open.pop()[1] == "hidden"
        elif any(name == tag for name, _ in self._open[-MOST_SKIPPED:]):
            while self._open and self._open[-1][0] != tag:
                self._hidden -= self._open.pop()[1] == "hidden"
            self._hidden -= self._open.pop()[1] == "hidden"

    @override
    def handle_data(self, data: str) -> None:
        if self._hidden or (self._breaks and not data.strip()):
            return
        self._breaks = 0
        self.parts.append(" ".join(data.split("\n")) if data.strip() else " ")

    def _break(self, tag: str) -> None:
        """A new line, or an empty one before it: blocks that touch are parted once."""
        wanted = 2 if tag in _PARAGRAPHS else 1
        more = 1 if tag == "br" else max(0, wanted - self._breaks)
        self._breaks += more
        self.parts.append("\n" * more)


def _is_unseen(attrs: list[tuple[str, str | None]]) -> bool:
    """Whether no reader is shown it, like the words that a newsletter puts into lists of mails."""
    style = next((value or "" for name, value in attrs if name == "style"), "")
    return not UNSEEN.isdisjoint("".join(style.lower().split()).split(";"))


MOST_SKIPPED = 16
"""Open tags that one closing tag may close."""


def _is_added(tag: str, attrs: list[tuple[str, str | None]], marks: tuple[str, ...]) -> bool:
    """Whether a mail program marks the element as a quotation or a signature."""
    named = " ".join(value or "" for name, value in attrs if name in {"class", "id", "type"})
    if tag == "blockquote" and "cite" in named and QUOTES[0] in marks:
        return True
    return any(mark in named for mark in marks)
