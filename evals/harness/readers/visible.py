"""What a person sees of an article: read by other means than the ingestion that is judged."""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import lxml.html
from charset_normalizer import from_bytes
from markdown_it import MarkdownIt
from markdown_it.token import Token

from evals.harness.readers.boxes import unboxed
from evals.harness.readers.fields import front_matter

HTML = frozenset({".html", ".htm"})
ROWS = frozenset({".jsonl", ".ndjson"})
INVISIBLE = ("script", "style", "template", "noscript", "head", "svg")
HIDES = ("display:none", "visibility:hidden")
CHROME = (
    *("//nav", "//header", "//footer", "//aside", "//form", "//*[@role='navigation']"),
    *("//*[contains(@class, 'breadcrumb')]", "//*[@role='dialog']"),
)
"""Parts of a page around the article."""
BODIES = (
    "//*[@itemprop='articleBody']",
    "//*[contains(@class, 'wiki-content')]",
    "//article",
    "//*[@class='article']",
    "//main",
    "//body",
)
"""Where an article stands in its page, the surest place first."""
HTML_BLOCKS = frozenset(
    "p li dt dd tr h1 h2 h3 h4 h5 h6 pre summary blockquote figcaption caption div td th".split()
)
_WORD = re.compile(r"\w+")
_LINE_BREAK = re.compile(r"<br */?>", re.IGNORECASE)
_TICK = re.compile(r"^\[[ xX]\] ")
"""A task's box, which is drawn."""
_LABELLED = re.compile(r"^[^\s:.!?][^:.!?]{0,39}: ?\S.*(?<!\?)$")
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_FOOTNOTE = re.compile(r"\[\^[\w-]{1,40}\]:?")
_TEMPLATE = re.compile(r"\{%[^%]*%\}|\{\{[<%][^}]*[>%]\}\}")
_COLUMNS = re.compile(r"[^\s.!?:] {2,}\S")
_WIKI = re.compile(r"!?\[\[(?:[^\[\]|]*\|)?([^\[\]|]*)\]\]")
"""A link of Obsidian: what stands behind its bar is shown."""
_REMARK = re.compile(r"%%[^%\n]*%%")
"""One of Obsidian, which it does not show."""
_RAW = re.compile(r"\{% *(?:end)?raw *%\}")
_MODULE = re.compile(r"^(?:import|export) .*$", re.MULTILINE)
ASCII = 127
MOSTLY = 0.3
"""Share of bytes outside ASCII above which a file is of another script."""


@dataclass(frozen=True)
class Block:
    """A paragraph, an item of a list, a row of a table, or a piece of code."""

    text: str
    kind: str = "text"
    """text | item | row | code | heading"""
    header: str = ""
    """The first row of its table."""
    cells: tuple[str, ...] = ()
    """Of a row."""
    above: tuple[str, ...] = ()
    """The cells of the first row of its table."""


@dataclass(frozen=True)
class Visible:
    """An article as it is seen."""

    blocks: tuple[Block, ...]
    title: str = ""
    """Its first heading, or the title in its front matter; empty if it has none."""
    hidden: tuple[str, ...] = ()
    """Texts of the source that nobody is shown."""

    @property
    def words(self) -> list[str]:
        """In order, with repetitions."""
        return [word for block in self.blocks for word in words(block.text)]


def words(text: str) -> list[str]:
    """Words and numbers, compared without regard to case and compatibility forms."""
    whole = _UNSEEN.sub("", text)
    return _WORD.findall(unicodedata.normalize("NFKC", whole).casefold())


def decoded(raw: bytes) -> str:
    """Text in any encoding that office programs write."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace").replace("\r\n", "\n")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = _of_old(raw)
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", " ")


def _of_old(raw: bytes) -> str:
    """Text of the times before Unicode."""
    best = from_bytes(raw).best() if sum(one > ASCII for one in raw) > MOSTLY * len(raw) else None
    return raw.decode("cp1252", "replace") if best is None else str(best)


def seen_in(raw: bytes, suffix: str) -> Visible:
    """What is seen of the content of a file with this ending, or of a line of it."""
    text = decoded(raw)
    if suffix in HTML:
        return _of_html(text)
    if suffix in ROWS:
        row = json.loads(text)
        return replace(of_markdown(row.get("text") or ""), title=str(row.get("title") or ""))
    return of_markdown(_MODULE.sub("", text) if suffix == ".mdx" else text)


def of_markdown(text: str) -> Visible:
    """Markdown with front matter, hint tags and HTML in it."""
    fields, hidden, body = front_matter(re.sub(r"^(---|\+\+\+) *\n", r"\1\n", text))
    body = _WIKI.sub(
        lambda found: "" if found[0].startswith(("!", "[[_")) else found[1],
        _RAW.sub("", _REMARK.sub("", body)),
    )
    body, tags = _without_tags(unboxed(_FOOTNOTE.sub("", body)))
    tokens = MarkdownIt("commonmark").enable("table").parse(body)
    blocks = tuple(_blocks(tokens))
    heading = next((one.text for one in blocks if one.kind == "heading"), "")
    title = fields.get("title")
    comments = re.findall(r"<!--([^>]*)-->", body)
    named = title if isinstance(title, str) and title.strip() else heading
    return Visible(blocks, named, (*hidden, *tags, *comments))


def _of_html(text: str) -> Visible:
    """A page or a piece of one."""
    # lxml refuses a text that names an encoding: it is decoded already.
    root = lxml.html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text))
    gone: list[str] = []
    for one in _unseen(root):
        if one.tag == "p" or one.get("style"):
            gone.append(one.text_content())
        one.drop_tree()
    for one in [one for path in CHROME for one in root.xpath(path)]:
        if one.getparent() is not None:
            one.drop_tree()
    body = next(found[0] for path in BODIES if (found := root.xpath(path)))
    headings = body.xpath(".//h1") or root.xpath("//h1")
    title = headings[0].text_content().strip() if headings else ""
    return Visible(tuple(_html_blocks(body)), title, tuple(gone))


def _unseen(root: Any) -> list[Any]:
    found = [one for tag in INVISIBLE for one in root.xpath(f"//body//{tag}")]
    found += root.xpath("//comment()")
    styles = " or ".join(f"contains(translate(@style, ' ', ''), '{one}')" for one in HIDES)
    found += root.xpath(f"//*[@hidden or {styles}]")
    return [one for one in found if one.getparent() is not None]


def _html_blocks(body: Any) -> Iterator[Block]:
    above: tuple[str, ...] = ()
    below: dict[int, tuple[str, int]] = {}
    for one in body.iter():
        if one.tag == "table":
            above, below = (), {}
        if one.tag not in HTML_BLOCKS or _inside_row(one, body):
            continue
        text = _own_text(one)
        if one.tag == "tr":
            cells = _cells_of(one, below)
            above = above or cells
            yield _row(cells, above)
        elif text.strip():
            kind = {"li": "item", "pre": "code"}.get(one.tag, "text")
            yield Block(text, "heading" if one.tag in {"h1", "h2", "h3", "summary"} else kind)
    if loose := _own_text(body).strip():
        yield Block(loose)


def _cells_of(row: Any, below: dict[int, tuple[str, int]]) -> tuple[str, ...]:
    """The texts of a row; `below` holds, by column, what reaches down from above and how far still."""
    found: list[str] = []
    for cell in row.xpath("./td|./th"):
        while below.get(len(found), ("", 0))[1] > 0:
            text, left = below[len(found)]
            below[len(found)] = (text, left - 1)
            found.append(text)
        text, down = " ".join(cell.itertext()), str(cell.get("rowspan", "1"))
        below[len(found)] = (text, int(down) - 1 if down.isdecimal() else 0)
        found.append(text)
    return tuple(found)


def _inside_row(one: Any, body: Any) -> bool:
    return one.tag != "tr" and any(up.tag == "tr" for up in one.iterancestors() if up is not body)


def _own_text(one: Any) -> str:
    """The text of an element without that of the blocks in it, which come by themselves."""
    if one.tag == "pre":
        return str(one.text_content())
    parts = [one.text or ""]
    for child in one:
        if child.tag not in {*HTML_BLOCKS, "table", "ul", "ol", "dl", "tbody"}:
            parts.append(" " if child.tag == "br" else _own_text(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _without_tags(text: str) -> tuple[str, list[str]]:
    """Without `{% ... %}` and `{#id}`; the insides of the first."""
    kept, tags, fenced = [], [], False
    for line in text.split("\n"):
        mark = line.strip()
        fenced ^= mark.startswith(("```", "~~~"))
        if not fenced and mark.startswith("{%") and mark.endswith("%}"):
            tags.append(mark)
            kept.append("")
            continue
        bare = line if fenced else _TEMPLATE.sub(" ", line)
        kept.append(re.sub(r" *\{#[\w-]{1,80}\}$", "", bare) if mark.startswith("#") else bare)
    return "\n".join(kept), tags


def _blocks(tokens: Iterable[Token]) -> Iterator[Block]:
    depth, heading, table = 0, False, False
    cells: list[str] = []
    above: tuple[str, ...] = ()
    for one in tokens:
        if one.type in {"list_item_open", "list_item_close"}:
            depth += one.nesting
        elif one.type in {"heading_open", "heading_close"}:
            heading = one.nesting == 1
        elif one.type in {"table_open", "table_close"}:
            table, above = one.nesting == 1, ()
        elif one.type == "tr_close":
            above = above or tuple(cells)
            yield _row(tuple(cells), above)
            cells = []
        elif one.type == "inline":
            text = _inline(one)
            if table:
                cells.append(text)
            else:
                text = _TICK.sub("", text) if depth else text
                yield from _paragraph(text, "heading" if heading else "item" if depth else "text")
        elif one.type in {"fence", "code_block"}:
            yield Block(one.content, "code")
        elif one.type == "html_block":
            yield from _markup(one.content)


def _row(cells: tuple[str, ...], above: tuple[str, ...]) -> Block:
    return Block(" ".join(cells), "row", " ".join(above), cells, above)


def _paragraph(text: str, kind: str) -> Iterator[Block]:
    """A paragraph; its lines as rows where tabs stand in them, by themselves where each has a label."""
    lines = text.split("\n")
    if len(lines) > 1 and all("\t" in line for line in lines):
        above = tuple(lines[0].split("\t"))
        yield from (_row(tuple(line.split("\t")), above) for line in lines)
    elif len(lines) > 1 and any(all(map(one, lines)) for one in (_COLUMNS.search, _LABELLED.match)):
        yield from (Block(line, "item") for line in lines)
    elif text.strip():
        yield Block(text, kind)


def _inline(token: Token) -> str:
    parts = []
    for one in token.children or ():
        if one.type in {"softbreak", "hardbreak"} or _LINE_BREAK.match(one.content):
            parts.append("\n")
        elif one.type == "image" or one.type in {"text", "code_inline"}:
            parts.append(one.content)
    return "".join(parts)


def _markup(text: str) -> Iterator[Block]:
    """The blocks of HTML within Markdown."""
    if bare := re.sub(r"<!--[^>]*-->", "", text).strip():
        yield from _html_blocks(lxml.html.fragment_fromstring(bare, create_parent="div"))
