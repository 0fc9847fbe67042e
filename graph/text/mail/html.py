"""Mail that came as HTML: its text, block by block, without what programs mark as quoted."""

from __future__ import annotations

from collections import Counter
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
BELOW_ARE_QUOTED = ("appendonsend", "divrplyfwdmsg")
"""Ids of Outlook on the web: what stands behind them is the mail that is answered or passed on."""
MARK = "-----Original Message-----"
SIGNATURES = ("gmail_signature", "moz-signature", "protonmail_signature")
_PARAGRAPHS = frozenset(
    {"p", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "blockquote"}
)
_VOID = frozenset(
    """
    area base br col embed hr img input link meta source track wbr
    """.split()
)
_ENDED_BY = {
    "p": BLOCKS - {"br", "li", "dd", "dl", "tr"},
    "li": frozenset({"li"}),
    "td": frozenset({"td", "th", "tr"}),
    "th": frozenset({"td", "th", "tr"}),
    "tr": frozenset({"tr"}),
}
"""Elements that need no closing tag, and what ends each."""
BREAK = linear(r"<br ?/?>", ignore_case=True)
"""A line break that is left in a text when its other tags were taken away."""
_OPENED = linear(r"<(?:html|body|div|p|table|span|font|tr|td)(?: [^<>]*)?>")
FEWEST_OPENED = 3
"""Tags that make a page, though none of them is closed."""
MOST_TAG_CHARS = 4_000
"""Characters between < and >; what is longer is no tag."""


def is_html(text: str) -> bool:
    """Whether the text is HTML rather than a letter that mentions a tag."""
    start = text[:MOST_TAG_CHARS].lstrip().lower()
    if not start.startswith("<"):
        return False
    return len(_OPENED.findall(start)) >= FEWEST_OPENED or any(
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
        self._open: list[tuple[str, bool]] = []
        """What it is inside of, and whether that hides what is in it."""
        self._counts: Counter[str] = Counter()
        """Of the same, by name: so a closing tag need not look for its own in vain."""
        self._hidden = 0
        self._breaks = 0
        """New lines at the end of what was read."""

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._end_before(tag)
        if tag in BLOCKS:
            self._break(tag)
        elif tag in {"td", "th"}:
            self.parts.append(" ")
        if any(name == "id" and (value or "").lower() in BELOW_ARE_QUOTED for name, value in attrs):
            self._break("p")
            self.parts.append(MARK)
            self._breaks = 0
        if tag not in _VOID:
            hides = tag in HIDDEN or _is_unseen(attrs) or _is_added(tag, attrs, self._marks)
            self._open.append((tag, hides))
            self._counts[tag] += 1
            self._hidden += hides

    @override
    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS:
            self._break(tag)
        while self._counts[tag]:  # a tag that was never opened closes nothing
            if self._close() == tag:
                break

    def _close(self) -> str:
        """Leave the innermost element; its name."""
        tag, hides = self._open.pop()
        self._counts[tag] -= 1
        self._hidden -= hides
        return tag

    def _end_before(self, tag: str) -> None:
        """End what a new element ends though nothing closes it: a paragraph, an item, a cell."""
        while self._open and tag in _ENDED_BY.get(self._open[-1][0], ()):
            self._close()

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


def _is_added(tag: str, attrs: list[tuple[str, str | None]], marks: tuple[str, ...]) -> bool:
    """Whether a mail program marks the element as a quotation or a signature."""
    named = " ".join(value or "" for name, value in attrs if name in {"class", "id", "type"})
    if tag == "blockquote" and "cite" in named and QUOTES[0] in marks:
        return True
    return any(mark in named for mark in marks)
