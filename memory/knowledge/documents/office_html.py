"""What Word and Confluence write instead of HTML's own elements, as those, before the source is parsed.

Word keeps a list as paragraphs with a mark each; Confluence's storage format holds code and boxes in
elements of its own (`ac:structured-macro`), and text in CDATA.
"""

from __future__ import annotations

from html import escape

from memory.patterns import Match, linear

_LISTED = linear(
    r"<p\b(?P<tag>[^>]*?mso-list:\s*l\d+ level(?P<level>\d)[^>]*)>(?P<text>[^\x00]*?)</p\s*>",
    ignore_case=True,
)
_MARKER = linear(
    r"(?:<!\[if !supportLists\]>)?<span\b[^>]*mso-list:\s*Ignore[^>]*>(?P<mark>[^<]{0,80})(?:<span\b[^>]*>[^<]{0,400}</span>)?(?:</span>)?(?:<!\[endif\]>)?",
    ignore_case=True,
)
MOST_LEVELS = 9
_CDATA, _CDATA_END = "<![CDATA[", "]]>"
_ELEMENTS = {
    "ac:plain-text-body": "pre",
    "ac:rich-text-body": "div",
    "ac:structured-macro": "div",
    "ac:task-list": "ul",
    "ac:task": "li",
    "ac:task-body": "span",
    "ac:link-body": "span",
    "ac:plain-text-link-body": "span",
    "ac:layout-section": "div",
    "ac:layout-cell": "div",
}
_UNSEEN = ("ac:parameter", "ac:task-id", "ac:task-status", "ac:placeholder", "ac:emoticon")
_PART = linear(
    r"<(?P<close>/?)(?P<name>(?:ac|ri):[\w-]{1,40})(?P<given>(?:\s[^<>]*)?)>",
    ignore_case=True,
)
_TITLED = ('ac:name="title"', "ac:name='title'")


def standard(source: str) -> str:
    """The source with lists, code and boxes as HTML has them.

    >>> standard('<ac:plain-text-body><![CDATA[a < b]]></ac:plain-text-body>')
    '<pre>a &lt; b</pre>'
    """
    if "<ac:" in source:
        source = _of_confluence(source)
    if _CDATA in source:
        source = _without_cdata(source)
    return _with_lists(source) if "mso-list:" in source else source


def _without_cdata(source: str) -> str:
    parts = source.split(_CDATA)
    out = [parts[0]]
    for part in parts[1:]:
        text, end, rest = part.partition(_CDATA_END)
        out += [escape(text, quote=False), rest] if end else [_CDATA, part]
    return "".join(out)


def _of_confluence(source: str) -> str:
    out: list[str] = []
    at, unseen = 0, ""
    for found in _PART.finditer(source):
        name, closing = found["name"].lower(), bool(found["close"])
        if not unseen:
            out.append(source[at : found.start()])
            unseen = _opened(found, name, out)
        elif closing and name == unseen:
            unseen = ""
        at = found.end()
    out.append("" if unseen else source[at:])
    return "".join(out)


def _opened(found: Match, name: str, out: list[str]) -> str:
    """Write what stands for a tag; the name of the element if it is not seen by a reader."""
    alone = found["given"].endswith("/")
    if alone:
        return ""
    titled = any(one in found["given"] for one in _TITLED)
    if name in _UNSEEN and not found["close"] and not titled:
        return name
    element = _ELEMENTS.get(name, "p" if name == "ac:parameter" else "")
    out.append(f"<{found['close']}{element}>" if element else "")
    return ""


def _with_lists(source: str) -> str:
    out: list[str] = []
    at, open_lists = 0, list[str]()
    for found in _LISTED.finditer(source):
        between = source[at : found.start()]
        if between.strip():
            out += _closed(open_lists, 0)
        out.append(between)
        level = min(int(found["level"]) or 1, MOST_LEVELS)
        marker = _MARKER.search(found["text"])
        mark = marker["mark"].strip(" .()\u00a0·") if marker else ""
        kind = "ol" if mark[:1].isdigit() else "ul"
        out += _closed(open_lists, level)
        if len(open_lists) == level and open_lists[-1] != kind:
            out += _closed(open_lists, level - 1)
        while len(open_lists) < level:
            open_lists.append(kind)
            out.append(f'<ol start="{mark}">' if kind == "ol" and mark.isdecimal() else f"<{kind}>")
        text = _MARKER.sub("", found["text"])
        out.append(f"<li>{text}</li>")
        at = found.end()
    return "".join([*out, *_closed(open_lists, 0), source[at:]])


def _closed(open_lists: list[str], level: int) -> list[str]:
    found: list[str] = []
    while len(open_lists) > level:
        found.append(f"</{open_lists.pop()}>")
    return found
