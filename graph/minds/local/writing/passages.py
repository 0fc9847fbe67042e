"""A help article's passage as plain text: blocks of sentences and of steps, no Markdown left."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from graph.text.sentences import sentences

Kind = Literal["text", "steps", "bullets", "table"]

_HEADING = re.compile(r"^\s{0,3}#{1,6}\s+(?P<text>.*?)\s*#*\s*$")
_UNDERLINE = re.compile(r"^\s*(?:={3,}|-{3,})\s*$")
_STEP = re.compile(r"^\s*(?P<number>\d{1,2})[.)]\s+(?P<text>\S.*)$")
_BULLET = re.compile(r"^\s*[-*+•]\s+(?P<text>\S.*)$")
_FENCE = re.compile(r"^\s*(?:```|~~~)")
_TABLE_RULE = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$")
_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_GLUED = re.compile(
    r"(?<=[a-z)])(?=(?:Note|Tip|Important|Notes|Tips|Before you begin):)|(?<=[a-z)][.!?:])(?=[A-Z][a-z]*[ ’'])"
    r"|(?<=[a-z]{2})(?=(?:To|You|Your|The|If|When|This|How|What|Click|Learn|Go|Can|Why|In|After|Once) )"
)
_SEE_ALSO = re.compile(
    r"^(?:learn (?:more|how)|see (?:also\b|the )|this (?:page|article|guide|section) (?:is about|explains|describes|shows|covers|tells)|read more|click here|for more (?:information|details|help)|in this article|watch (?:the|this) video|was this (?:article )?helpful)",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"^(?:note|tip|important|notes|tips|warning|faqs?|frequently asked questions.*)\s*:?$",
    re.IGNORECASE,
)


MOST_HEADING_WORDS = 9
_HARD_BREAK = "  "
"""Two spaces at a line's end: Markdown's sign that the next line is not its continuation."""
_SENTENCE_ENDS = (".", "!", "?", ":", ";", "*", "`", _HARD_BREAK)
_NO_HEADING_ENDS = (".", "!", "?", ":", ";", ",", ")", "`")


@dataclass(frozen=True)
class Block:
    """A paragraph, or a list with the sentence that introduces it."""

    kind: Kind
    heading: str
    lead: str
    """What introduces a list; empty for text."""
    units: tuple[str, ...]
    """Sentences, or items without their numbers."""

    @property
    def text(self) -> str:
        """All of it in one line."""
        return " ".join((self.lead, *self.units)).strip()


def plain(markdown: str) -> str:
    """One line of Markdown as the words that a reader sees."""
    text = re.sub(r"!\[[^\]]*\]\([^)]*\)", "", markdown)
    text = re.sub(r"^\s*\*\*([^*]{1,40})\.\*\*\s+(?=\S)", r"\1: ", text)
    text = re.sub(r"\[([^\]]+)\]\s?\([^)]*\)", r"\1", text)
    text = re.sub(r"<(https?://[^>\s]+)>", r"\1", text)
    text = re.sub(r"</?[a-zA-Z][^>]*>", "", text)
    text = re.sub(r"`+([^`]*)`+", r"\1", text)
    text = re.sub(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1", r"\2", text)
    text = re.sub(r"(?<![\w*])\*(?=\S)(.+?)(?<=\S)\*(?![\w*])", r"\1", text)
    text = re.sub(r"(?<!\w)_(?=\S)(.+?)(?<=\S)_(?!\w)", r"\1", text)
    text = re.sub(r"\\([\\`*_{}\[\]()#+\-.!|>~])", r"\1", text)
    return re.sub(r"\s+", " ", text).strip().replace("\u200b", "")


def blocks(markdown: str, title: str = "") -> list[Block]:
    """The blocks of a passage in order. A repeated title, headings and link lists are left out."""
    found: list[Block] = []
    heading, pending = "", ""
    for kind, value, lines in _groups(_COMMENT.sub("", _FRONT_MATTER.sub("", markdown))):
        if kind == "heading":
            heading, pending = value, ""
            continue
        if kind == "text":
            units = _sentences(" ".join(lines), title)
            pending = units.pop() if units and units[-1].endswith(":") else ""
            if units:
                found.append(Block("text", heading, "", tuple(units)))
            continue
        items = tuple(item for line in lines if (item := plain(line)))
        if items:
            found.append(Block(kind, heading, pending, items))  # type: ignore[arg-type]
        pending = ""
    return found


def _groups(markdown: str) -> list[tuple[str, str, list[str]]]:  # noqa: C901  # one case a kind of line
    """Lines of one nature that belong together: (kind, heading, lines)."""
    groups: list[tuple[str, str, list[str]]] = []
    fenced = header = False
    columns: list[str] = []
    blank = True
    rows = markdown.splitlines()
    for place, line in enumerate(rows):
        if _FENCE.match(line):
            fenced, blank = not fenced, True
            continue
        kind, text = ("text", line.strip()) if fenced else _nature(line)
        if kind == "text" and blank and not fenced and _is_heading(text, rows[place + 1 :]):
            kind = "heading"
        if kind == "rule":
            blank = True
        elif kind == "blank":
            blank, columns = True, []
        elif kind == "heading":
            groups.append((kind, plain(text), []))
            blank = True
        elif kind == "table":
            header = not columns
            columns = columns or _cells(text)
            if not header:
                _grow(groups, "table", [_row(columns, _cells(text))], fresh=False)
        elif kind == "text" and not blank and groups and _goes_on(groups[-1], line):
            groups[-1][2][-1] += " " + text
        else:
            _grow(groups, kind, [text], fresh=blank and kind == "text")
            blank = False
        if kind == "text" and line.endswith(_HARD_BREAK):
            blank = True
    return groups


def _goes_on(group: tuple[str, str, list[str]], line: str) -> bool:
    """Whether a plain line belongs to the list item above it: indented, or a sentence cut off."""
    kind, _, items = group
    if kind not in ("steps", "bullets"):
        return False
    return line.startswith((" ", "\t")) or not items[-1].endswith(_SENTENCE_ENDS)


def _is_heading(text: str, after: Sequence[str]) -> bool:
    """A short line without an ending that stands over something: a heading that lost its mark."""
    if not after or text.endswith(_NO_HEADING_ENDS) or not text[:1].isupper():
        return False
    return len(text.split()) <= MOST_HEADING_WORDS and any(line.strip() for line in after)


def _nature(line: str) -> tuple[str, str]:  # noqa: PLR0911  # one return a kind of line
    if not line.strip() or ("|" in line and _TABLE_RULE.match(line)):
        return ("blank", "") if not line.strip() else ("table_rule", "")
    if match := _HEADING.match(line):
        return "heading", match["text"]
    if _UNDERLINE.match(line):
        return "rule", ""
    if match := _STEP.match(line):
        return "steps", match["text"]
    if match := _BULLET.match(line):
        return "bullets", match["text"]
    if line.strip().startswith("|") and line.count("|") > 1:
        return "table", line.strip()
    return "text", line.strip().lstrip("> ")


def _grow(
    groups: list[tuple[str, str, list[str]]], kind: str, lines: list[str], *, fresh: bool
) -> None:
    if kind == "table_rule":
        return
    if groups and groups[-1][0] == kind and not fresh:
        groups[-1][2].extend(lines)
    else:
        groups.append((kind, "", lines))


def _cells(line: str) -> list[str]:
    return [plain(cell) for cell in line.strip("|").split("|")]


def _row(columns: list[str], cells: list[str]) -> str:
    """A row as words: `Manager: see wages no, approve hours yes`."""
    pairs = [
        f"{name} {cell}".strip() for name, cell in zip(columns[1:], cells[1:], strict=False) if cell
    ]
    return f"{cells[0]}: {', '.join(pairs)}" if pairs else cells[0]


def _sentences(text: str, title: str) -> list[str]:
    """Whole sentences, without a repeated title, bare labels and pointers elsewhere."""
    found = []
    for part in _GLUED.split(plain(text)):
        for one in sentences(part):
            words = one.text.removeprefix(title).strip() if title else one.text
            if words and not _LABEL.match(words) and not _SEE_ALSO.match(words):
                found.append(words)
    return found
