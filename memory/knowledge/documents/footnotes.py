"""Puts a note right where the text points at it: a passage may go without the foot of its page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator
from itertools import islice
from typing import TYPE_CHECKING

from memory.knowledge.documents.nodes import (
    HEADINGS,
    MOST_DEPTH,
    TEXT,
    ancestors,
    attribute,
    name,
    visible_text,
)
from memory.patterns import linear

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

MOST_NOTES = 500
LONGEST_NOTE = 400
"""Characters of a note that is told in the middle of a sentence."""
NEAR = 8
"""Elements between a note's anchor and the paragraph that holds it."""
_MARKS = "sup, a[role=doc-noteref], a[epub\\:type=noteref]"
"""What points at a note: a raised number, or a link that a book calls so."""
_AROUND = "[]() "
_REMARKS = "a[href^='#cmnt_ref']"
"""What begins a remark of an editor in Google Docs, below the text; Word's stand in an element of their own."""
_GOOGLES = "a[href^='#cmnt']"
_WORDS = ".msocomanchor, .msocomtxt, [style*='mso-element:comment-list']"
_NUMBERED = linear(r"^#cmnt(?:_ref)?\d+$")
"""As Google Docs numbers them: another address may begin so as well."""
_HOLDERS = frozenset({"p", "li", "div", "dd", "td", "aside", "section"})


def inline_notes(body: LexborNode) -> None:
    """Notes in place of their raised numbers, in brackets; a heading merely loses the number.

    Nothing is removed before all is known: what stands in a removed element must not be touched.
    """
    _without_remarks(body)
    marks = [one for one in body.css(_MARKS) if _target(one) and _is_outermost(one)]
    if not marks:
        return
    places = {attribute(one, "id"): one for one in body.css("[id]")}
    notes = dict(_notes(marks[:MOST_NOTES], places))
    told: set[str] = set()
    for mark in marks[:MOST_NOTES]:
        target = _target(mark)
        if target not in notes or _holds(notes[target][0], mark):
            continue
        if target in told or _above(mark, HEADINGS) is not None:
            mark.decompose()
        else:
            mark.replace_with(f" ({notes[target][1]})")
            told.add(target)
    for target in told:
        notes[target][0].decompose()


def _is_outermost(mark: LexborNode) -> bool:
    """Whether it stands in no raised number, and a link holds none, which points by itself."""
    inner = mark.css_first("sup") if name(mark) == "a" else None
    return inner is None and _above(mark, {"sup"}) is None


def _without_remarks(body: LexborNode) -> None:
    """What editors wrote to each other beside the text is not the article's."""
    found = [_of_remark(one) for one in body.css(_REMARKS) if _is_googles(one)]
    found += [one for one in body.css(_GOOGLES) if _is_googles(one)] + body.css(_WORDS)
    held = {one.mem_id: one for one in found}
    outer = [one for one in held.values() if not any(up.mem_id in held for up in ancestors(one))]
    for one in outer:
        one.decompose()


def _is_googles(link: LexborNode) -> bool:
    return _NUMBERED.match(attribute(link, "href")) is not None


def _of_remark(mark: LexborNode) -> LexborNode:
    """The element that holds a remark and nothing else."""
    box, begins = _above(mark, {"div"}, NEAR), visible_text(mark)
    if box is not None and begins and visible_text(box).startswith(begins):
        return box
    return (_above(mark, _HOLDERS, NEAR) if begins else None) or mark


def _notes(
    marks: list[LexborNode], places: dict[str, LexborNode]
) -> Iterator[tuple[str, tuple[LexborNode, str]]]:
    """The short notes that are pointed at, each with the element that holds it and nothing else."""
    found: dict[str, tuple[LexborNode, str]] = {}
    for mark in marks:
        target = _target(mark)
        if target in found or target not in places:
            continue
        holder = _above(places[target], _HOLDERS, NEAR, itself=True)
        said = _said(holder, visible_text(mark).strip(_AROUND)) if holder is not None else ""
        if holder is not None and 0 < len(said) <= LONGEST_NOTE:
            found[target] = (holder, said)
    held = Counter(one.mem_id for one, _ in found.values())
    for target, (holder, said) in found.items():
        alone = held[holder.mem_id] == 1
        if alone and not any(one.mem_id in held for one in ancestors(holder)):
            yield target, (holder, said)


def _target(mark: LexborNode) -> str:
    """The id that a raised number points at; empty if it is not a number with a link."""
    link = mark if name(mark) == "a" else mark.css_first("a[href^='#']") or mark.parent
    address = attribute(link, "href") if link is not None and name(link) == "a" else ""
    number = visible_text(mark).strip(_AROUND)
    return address[1:] if address.startswith("#") and number.isalnum() else ""


def _above(
    node: LexborNode, names: Container[str], most: int = MOST_DEPTH, *, itself: bool = False
) -> LexborNode | None:
    """The nearest element of these names around a node."""
    if itself and name(node) in names:
        return node
    return next((one for one in islice(ancestors(node), most) if name(one) in names), None)


def _holds(holder: LexborNode, mark: LexborNode) -> bool:
    """Whether the mark stands in the note itself."""
    return any(one.mem_id == holder.mem_id for one in ancestors(mark))


def _said(holder: LexborNode, number: str) -> str:
    """A note's words without its number and without the link back to the text."""
    parts: list[str] = []
    for one in holder.traverse(include_text=True):
        link = _above(one, {"a"}, NEAR) if name(one) == TEXT else None
        if name(one) == TEXT and (link is None or not attribute(link, "href").startswith("#")):
            parts.append(one.text_content or "")
        if sum(map(len, parts[-2:])) > LONGEST_NOTE:
            return ""
    said = " ".join("".join(parts).split()).strip("[] ")
    return said.removeprefix(f"{number} ").rstrip(".")
