"""Numbers of a Word document's steps: a list goes on below a picture, a note or a table between two of them.

The library makes a new list there, which begins at 1. Word counts by the list that a paragraph names, so the
number is worked out here and carried through the conversion in signs that no text holds.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from typing import Any
from xml.etree import ElementTree as ET

from memory.patterns import Match, linear

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DOCUMENT, _NUMBERING = "word/document.xml", "word/numbering.xml"
_SIGN = "\ue0f1"
"""Of the area that Unicode leaves to private use."""
_FIRST = linear(rf"<ol><li>{_SIGN}(?P<number>\d{{1,6}}){_SIGN}")
_OTHER = linear(rf"{_SIGN}\d{{1,6}}{_SIGN}")


def numbers(packed: zipfile.ZipFile) -> list[int]:
    """The number of each outermost step in order; none where the file says nothing of lists."""
    if not {_DOCUMENT, _NUMBERING} <= set(packed.namelist()):
        return []
    kinds = _kinds(_parsed(packed, _NUMBERING))
    counted: dict[str, int] = {}
    seen: set[str] = set()
    found: list[int] = []
    for number in _steps(_parsed(packed, _DOCUMENT)):
        if (kind := kinds.get(number)) is None:
            continue
        first = kind.restart if kind.restart is not None and number not in seen else None
        seen.add(number)
        counted[kind.list] = counted.get(kind.list, kind.start - 1) + 1 if first is None else first
        found.append(counted[kind.list])
    return found


def marking(found: list[int]) -> tuple[Callable[[Any], Any], Callable[[str], str]]:
    """What marks the steps before the conversion, and what reads the marks after it.

    Where the library sees another number of steps, nothing is read: it knows lists that are named in a style.
    """
    from mammoth import documents, transforms

    left = iter(found)
    marked = 0

    def mark(paragraph: Any) -> Any:
        nonlocal marked
        level = paragraph.numbering
        if level is None or not level.is_ordered or level.level_index != "0":
            return paragraph
        marked += 1
        text = documents.text(f"{_SIGN}{next(left, 1)}{_SIGN}")
        return paragraph.copy(children=[documents.run(children=[text]), *paragraph.children])

    def read(html: str) -> str:
        html = _FIRST.sub(_begun, html) if marked == len(found) else html
        return _OTHER.sub("", html)

    return transforms.paragraph(mark), read


def _begun(found: Match) -> str:
    return f'<ol start="{found["number"]}"><li>'


class _Kind:
    """How a list that paragraphs name counts."""

    def __init__(self, list_: str, start: int, restart: int | None) -> None:
        self.list = list_
        """Lists of one kind go on counting."""
        self.start = start
        self.restart = restart
        """Where it begins anew."""


def _kinds(root: ET.Element) -> dict[str, _Kind]:
    """The numbered lists by the number that paragraphs name; those of bullets are none."""
    starts: dict[str, int] = {}
    for one in root.iter(f"{_WORD}abstractNum"):
        level = next((each for each in one.iter(f"{_WORD}lvl") if _is_outer(each)), None)
        form = None if level is None else level.find(f"{_WORD}numFmt")
        if level is not None and form is not None and _value(form) != "bullet":
            start = level.find(f"{_WORD}start")
            starts[one.get(f"{_WORD}abstractNumId", "")] = _whole(start) or 1
    found = {}
    for one in root.iter(f"{_WORD}num"):
        named = one.find(f"{_WORD}abstractNumId")
        kind = "" if named is None else _value(named)
        if kind in starts:
            over = next((each for each in one.iter(f"{_WORD}lvlOverride") if _is_outer(each)), None)
            again = None if over is None else over.find(f"{_WORD}startOverride")
            found[one.get(f"{_WORD}numId", "")] = _Kind(kind, starts[kind], _whole(again))
    return found


def _steps(root: ET.Element) -> Iterator[str]:
    """The list that each outermost item names, in order."""
    for one in root.iter(f"{_WORD}p"):
        given = one.find(f"{_WORD}pPr/{_WORD}numPr")
        named = None if given is None else given.find(f"{_WORD}numId")
        level = None if given is None else given.find(f"{_WORD}ilvl")
        if named is not None and (level is None or _value(level) == "0"):
            yield _value(named)


def _is_outer(level: ET.Element) -> bool:
    return level.get(f"{_WORD}ilvl", "0") == "0"


def _value(node: ET.Element) -> str:
    return node.get(f"{_WORD}val", "")


def _whole(node: ET.Element | None) -> int | None:
    said = "" if node is None else _value(node)
    return int(said) if said.isdecimal() and len(said) < 6 else None  # noqa: PLR2004


def _parsed(packed: zipfile.ZipFile, name: str) -> ET.Element:
    # What declares entities was refused before, so that nothing unfolds here.
    return ET.fromstring(packed.read(name))  # noqa: S314
