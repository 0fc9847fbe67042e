"""Marks of Hugo and Obsidian that CommonMark does not know: as Liquid's tags, or as the words they stand around."""

from __future__ import annotations

from memory.patterns import Match, linear

_SHORTCODE = linear(r"\{\{[<%]\s*(?P<close>/?)\s*(?P<name>[\w/.-]+)(?P<given>[^{}]*?)\s*/?[>%]\}\}")
_IMPORT = linear(r"(?m)^import [\w{}*, \t]{1,200} from (?:'[^'\n]+'|\"[^\"\n]+\");?[ \t\r]*$")
_HIGHLIGHT = linear(r"(^|[\s(\"'])==([^\s=](?:[^=]*[^\s=])?)==($|[\s.,;:!?)\"'])")
_WIKI_NAMED = linear(r"\[\[[^\[\]|\n]+\|([^\[\]|\n]+)\]\]")
_EMBED = linear(r"!\[\[[^\[\]\n]{1,200}\]\]")
"""A file or a page that is shown in this place: there is no text of it here."""
_REMARK = linear(r"(^|\s)%%(?:[^%\n]|%[^%\n])*%%($|[\s.,;:!?])")
_WIKI = linear(r"([\w!\]]?)\[\[([\p{L}\d][^\[\]|\n,]*)\]\]([(:\[]?)")
"""With what stands beside it in code, before a picture, and where it is a link of Markdown's."""


def imports_components(body: str) -> bool:
    """Whether a text takes components from elsewhere before its first code, as MDX does: Docusaurus reads any Markdown so."""
    head = body.partition("```")[0]
    return "import " in head and _IMPORT.search(head) is not None


def plain_marks(line: str) -> str:
    """A line without Hugo's brackets, those of links within a wiki, and the marks of a highlight.

    >>> plain_marks("It takes ==two days==, see [[Fees|the fees]].")
    'It takes two days, see the fees.'
    """
    if "{{" in line:
        line = liquid(line)
    if "`" in line:
        return line
    if "%%" in line:
        line = _REMARK.sub(r"\1\2", line)
    if "[[" in line:
        line = _WIKI.sub(_named, _WIKI_NAMED.sub(r"\1", _EMBED.sub("", line)))
    return _HIGHLIGHT.sub(r"\1\2\3", line) if "==" in line else line


def _named(found: Match) -> str:
    return found.group() if found[1] or found[3] else found[2]


def liquid(text: str) -> str:
    """The same with Liquid's tags; one within a line leaves its quoted words.

    >>> liquid("{{< note >}}"), liquid('Press {{% kbd "F9" %}} now'), liquid("{{ name }}")
    ('{% note %}', 'Press F9 now', '{{ name }}')
    """
    if "{{<" not in text and "{{%" not in text:
        return text
    return "\n".join(_line(one) if "{{" in one else one for one in text.split("\n"))


def _line(line: str) -> str:
    out: list[str] = []
    at = 0
    for found in _SHORTCODE.finditer(line):
        alone = found.group().strip() == line.strip() or found["close"]
        out += [line[at : found.start()], _tag(found) if alone else _words(found["given"])]
        at = found.end()
    return "".join([*out, line[at:]])


def _tag(found: Match) -> str:
    name = f"end{found['name']}" if found["close"] else f"{found['name']}{found['given']}"
    return f"{{% {name.strip()} %}}"


def _words(given: str) -> str:
    """The quoted words of a shortcode within a line; those of an address are none."""
    parts = given.split('"')[1::2]
    return next((one for one in parts if one and "://" not in one), "")
