"""Boxes, tabs and components that Markdown has no notation for, as HTML that the parser lets through.

Known: `{% hint %}` and its kin (GitBook, Liquid), `:::note` (Docusaurus, VitePress), `!!! note`
and `=== "Tab"` (MkDocs), components (MDX), attribute lists (kramdown). A line at a time; what
stands in code is left alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from memory.knowledge.documents.attributes import attributes_of, name_of
from memory.knowledge.documents.comments import Comments
from memory.knowledge.documents.nodes import NOTE_WORDS
from memory.knowledge.documents.shortcodes import liquid, plain_marks

MAX_TAG = 2_000
"""A longer tag is text."""
TITLES = ("title", "label", "summary", "header", "heading", "name", "tab", "value")
"""Attributes whose value a reader sees."""
_TOLD = ("alt", "description")
FEWEST_SAID = 3
"""Words of a value that is a text, whatever the tag calls it."""
MAX_QUOTES = 8
MAX_COLUMNS = 500
"""A wider table is none; a parser's time grows with the square of its columns."""
_INDENT = 4
_FENCES = ("```", "~~~")
_NOTES = NOTE_WORDS | {"quote", "check", "example", "abstract", "question", "bug", "failure"}
_DROPPED = ("[toc]", "[[toc]]", "[[_toc_]]")


def as_html(body: str, first_line: int, *, components: bool) -> tuple[str, list[int]]:
    """The body with its tags as HTML, and for each of its lines the line of the source.

    `components`: whether the source is MDX, whose imports and exports no reader sees.
    """
    writer = _Writer(body, first_line, components=components)
    writer.run()
    return "\n".join(writer.out), writer.lines


class _Writer:
    def __init__(self, body: str, first_line: int, *, components: bool) -> None:
        self._source = body.split("\n")
        self._first = first_line
        self._mdx = components
        self._closed = _closed_components(liquid(body) if "{{" in body else body)
        self._fence = ""
        self._open: list[int] = []
        """Depth of indentation of each box that ends where its indentation does."""
        self._in_import = False
        self._comments = Comments(self._source)
        self._at = 0
        self._inside: list[int | None] = []
        """Of each open component how far its content is indented; None before its first line."""
        self._step: int | None = None
        """The number of the step whose content this is."""
        self._steps = 0
        self.out: list[str] = []
        self.lines: list[int] = []

    def run(self) -> None:
        """The whole body."""
        for number, line in enumerate(self._source):
            self._at = number
            self._line(line)
        while self._open:
            self._open.pop()
            self._apart("", "</div>")

    def _put(self, line: str) -> None:
        self.out.append(f"   {line}" if self._step is not None and line.strip() else line)
        self.lines.append(self._first + self._at)

    def _apart(self, indent: str, html: str) -> None:
        """HTML with empty lines around it, so that what follows is Markdown again."""
        for line in ("", indent + html, ""):
            self._put(line)

    def _line(self, line: str) -> None:
        line = _tame_line(self._dedented(line))
        bare = line.strip()
        if self._fence:
            self._put(line)
            if bare.startswith(self._fence) and not bare.strip(self._fence[0]):
                self._fence = ""
        elif bare.startswith(_FENCES):
            self._fence = bare[: len(bare) - len(bare.lstrip(bare[0]))]
            self._put(line)
        elif not self._comments.hold(self._at, bare) and not self._is_import(line, bare):
            self._markdown(line, bare)

    def _dedented(self, line: str) -> str:
        """A line without the indentation of the boxes it stands in; boxes that end are closed."""
        while self._open and line.strip() and _indent(line) < self._open[-1]:
            self._open.pop()
            self._apart("", "</div>")
        depth = self._open[-1] if self._open else 0
        line = line.expandtabs(_INDENT)[depth:] if depth else line
        if not self._inside or not line.strip():
            return line
        if self._inside[-1] is None:
            self._inside[-1] = _indent(line)
        return line.expandtabs(_INDENT)[min(self._inside[-1] or 0, _indent(line)) :]

    def _is_import(self, line: str, bare: str) -> bool:
        if not self._mdx:
            return False
        if self._in_import:
            self._in_import = bool(bare)
            return True
        self._in_import = line.startswith(("import ", "export "))
        return self._in_import or (bare.startswith("{/*") and bare.endswith("*/}"))

    def _markdown(self, line: str, bare: str) -> None:
        line = plain_marks(line)
        bare = line.strip()
        indent = line[: len(line) - len(line.lstrip())]
        if "{%" in line:
            self._template(line, indent)
        elif bare.startswith(":::"):
            self._colons(bare.lstrip(":").strip(), indent)
        elif bare.startswith(("!!! ", "??? ", "???+ ", '=== "')):
            self._indented(bare, line)
        elif bare.startswith("<") and self._component(bare, indent):
            return
        elif (bare.startswith("{:") and bare.endswith("}")) or bare.lower() in _DROPPED:
            self._put("")
        else:
            self._put(line)

    def _template(self, line: str, indent: str) -> None:
        """Liquid's tags, with whatever stands between them."""
        rest = line.strip()
        while (start := rest.find("{%")) >= 0:
            end = rest.find("%}", start, start + MAX_TAG)
            if end < 0:
                break
            if rest[:start].strip():
                self._put(indent + rest[:start])
            self._tag(rest[start + 2 : end].strip(" -"), indent)
            rest = rest[end + 2 :]
        if rest.strip():
            self._put(indent + rest)

    def _tag(self, tag: str, indent: str) -> None:
        name, _, rest = tag.partition(" ")
        if name.startswith("end"):
            self._apart(indent, "</div>")
        elif f"end{name}" in self._closed:
            self._box(name.lower(), attributes_of(rest), indent)
        else:
            self._alone({} if _assigns(rest) else attributes_of(rest), indent)

    def _colons(self, rest: str, indent: str) -> None:
        if not rest:
            self._apart(indent, "</div>")
            return
        name, _, title = rest.partition(" ")
        name, bracket, inside = name.partition("[")
        title = (inside + " " + title).strip().rstrip("]") if bracket else title
        shown = "" if title.startswith("{") else title.strip("\"' ")
        self._box(name.lower(), {"title": shown}, indent)

    def _indented(self, bare: str, line: str) -> None:
        sign, _, rest = bare.partition(" ")
        name, _, title = rest.partition(" ")
        if sign == "===":
            name, title = "tab", rest
        self._box(name.strip('"').lower(), {"title": title.strip("\"' ")}, "")
        self._open.append(_indent(line) + _INDENT + (self._open[-1] if self._open else 0))

    def _component(self, bare: str, indent: str) -> bool:
        """Tags of components on a line of their own; False if the line is something else."""
        tags = bare.replace("><", ">\n<").split("\n")
        if not all(map(self._is_component, tags)):
            return False
        for one in tags:
            self._part(one, indent)
        return True

    def _is_component(self, bare: str) -> bool:
        if not bare.endswith(">") or len(bare) > MAX_TAG or bare.count("<") > 1:
            return False
        name = name_of(bare)
        return name[:1].isupper() and (self._mdx or name in self._closed)

    def _part(self, bare: str, indent: str) -> None:
        name, rest = name_of(bare), bare[1:-1].strip("/ ").partition(" ")[2]
        if bare.startswith("</"):
            self._inside = self._inside[:-1]
            self._end(name, indent)
        elif bare.endswith("/>"):
            self._alone(attributes_of(rest), indent)
        else:
            self._inside.append(None)
            self._begin(name, attributes_of(rest), indent)

    def _begin(self, name: str, given: Mapping[str, str], indent: str) -> None:
        """A component; a step becomes an item of a list of steps, which its title begins."""
        if name != "Step" or self._step is not None:
            self._steps = 0 if name == "Steps" else self._steps
            self._box(name.lower(), given, indent)
            return
        self._steps += 1
        title = next((given[one] for one in TITLES if given.get(one)), "")
        self._apart("", f"{self._steps}. {escape(title)}".rstrip())
        self._step = self._steps

    def _end(self, name: str, indent: str) -> None:
        if name != "Step" or self._step is None:
            self._apart(indent, "</div>")
        else:
            self._step = None
            self._put("")

    def _box(self, name: str, given: Mapping[str, str], indent: str) -> None:
        kind = given.get("style") or given.get("type") or name
        title = next((given[one] for one in TITLES if given.get(one)), "")
        if name in _NOTES:
            known = kind.lower() if kind.lower() in _NOTES else "note"
            head = f'<p class="title">{escape(title)}</p>' if title else ""
            self._apart(indent, f'<div class="note {known}">{head}')
        elif title and name != "code":
            self._apart(indent, f'<div data-section="{escape(title)}">')
        else:
            self._apart(indent, f"<div>{escape(title)}")

    def _alone(self, given: Mapping[str, str], indent: str) -> None:
        """A tag without an end: the words and the address in it, if there are any."""
        address = next((given[one] for one in ("url", "href", "src") if given.get(one)), "")
        named = (given[one] for one in (*TITLES, *_TOLD) if given.get(one))
        words = next(named, "") or next(filter(_is_said, given.values()), "")
        if address.startswith(("http://", "https://")):
            words = f'<a href="{escape(address)}">{escape(words or address)}</a>'
            self._apart(indent, f"<p>{words}</p>")
        elif words:
            self._apart(indent, f"<p>{escape(words)}</p>")


def _is_said(value: str) -> bool:
    """Whether a value reads as a text: a class or a path has small letters."""
    return value[:1].isupper() and len(value.split()) >= FEWEST_SAID


def _assigns(tag: str) -> bool:
    """Whether a tag of Liquid sets or compares something instead of passing it on."""
    head = tag.partition('"')[0].partition("'")[0]
    return " = " in head or "==" in head or "!=" in head


def _closed_components(body: str) -> set[str]:
    """Names of components and of template tags that are closed somewhere."""
    found = set()
    for part in body.split("</")[1:]:
        found.add(part[:60].split(">", 1)[0].strip())
    for part in body.split("{%")[1:]:
        words = part[:60].strip(" -").split(None, 1)
        if words and words[0].startswith("end"):
            found.add(words[0].rstrip("%}"))
    return found


def tame_lines(body: str) -> str:
    """A body whose lines are quoted `MAX_QUOTES` times at most."""
    return "\n".join(map(_tame_line, body.split("\n")))


def _tame_line(line: str) -> str:
    """A line with `MAX_QUOTES` characters of quotation at most; one with too many columns is text."""
    if line.count("|") > MAX_COLUMNS:
        line = line.replace("|", "\\|")
    body = line.lstrip(" >")
    signs = line[: len(line) - len(body)]
    return ">" * MAX_QUOTES + " " + body if signs.count(">") > MAX_QUOTES else line


def _indent(line: str) -> int:
    wide = line.expandtabs(_INDENT)
    return len(wide) - len(wide.lstrip())
