"""A passage's stored text as what may be told of it: sentences, steps, items, rows, code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from typing import Literal

from graph.text.fragments import is_a_fragment
from graph.text.rows import ENDS, Row, rows_of
from graph.text.shown import shown
from graph.text.words import lists_names, negations
from memory.knowledge.documents.glued_words import hints
from memory.knowledge.documents.model import (
    Block as Stored,
)
from memory.knowledge.documents.model import (
    Code,
    Definition,
    Item,
    ItemList,
    Note,
    Paragraph,
    Path,
    Table,
)
from memory.knowledge.documents.parse import parse
from memory.knowledge.documents.truncation import is_cut
from memory.knowledge.documents.wrapping import labelled
from memory.patterns import Match, linear
from memory.sentences import sentences

Kind = Literal["text", "steps", "bullets", "table", "code"]

_SEE_ALSO = linear(
    r"^(?:learn (?:more|how)|see (?:also\b|the )|read more|click here|for more (?:information|details|help)"
    r"|this (?:page|article|guide|section) (?:is about|explains|describes|shows|covers|tells)"
    r"|in this article|watch (?:the|this) video|was this (?:article )?helpful"
    r"|(?:click|select|choose|tap|see) (?:on )?(?:a|an|any|the|each|one of the|from the)?\s?(?:[a-z]+ )?(?:questions?|topics?|links?|sections?|types?|below)\b"
    r"[^.]{0,40}\b(?:to|and) (?:learn|read|see|find out) more"
    r"|click (?:here|below)\b"
    r"|[^.]{0,120}\bfollow (?:the|these) (?:steps|instructions) (?:to|below|above|here)\b)",
    ignore_case=True,
)
_STEP = linear(r"(?:^|\s)(?:[Ss]tep )?(\d{1,2})[.):] +\p{Lu}")
_ENDS_OR_NOTHING = frozenset(("", ".", ":", ";", "!", "?"))
MOST_STEPS = 99
FEWEST_STEPS = 2
_LABEL = linear(
    r"^(?:notes?|tips?|important|warning|faqs?|frequently asked questions.*|table of contents)\s*:?$",
    ignore_case=True,
)
_OPENS = linear(r"\b(?:following|these|below)\b[^.:?!]{0,80}: [^\s,.:;?!]{1,30}$")
"""Introduces a list of which no more than a word is left: "Choose from these services: Name"."""
_ASKED = linear(
    r"^(?:Q|Question|F|Frage|P|Pregunta)\d{0,3} ?[:.)] ?(?P<question>[^\n]{3,300}\?)\n(?:A|Answer|Antwort|R|Réponse|Respuesta)\d{0,3} ?[:.)] ?"
)
"""A question and the mark of its answer below it, as lists of questions are written by hand."""
_MOST_POINTER_WORDS = 8
PASSAGES_KEPT = 256
"""Passages whose blocks a process keeps: a ticket's are read a dozen times, and recur in other tickets."""


@dataclass(frozen=True)
class Block:
    """A paragraph, a list, a table or code, with what stands above it."""

    kind: Kind
    path: Path
    """The headings above it, outermost first."""
    lead: str
    """What introduces it; of a list or table without such words the heading right above."""
    units: tuple[str, ...]
    """Sentences; items without their marks; rows as sentences; code as it is."""
    rows: tuple[Row, ...] = ()
    """Of a table, one for each unit."""
    start: int = 1
    """The number of the first step."""
    term: str = ""
    """What is defined in it; empty for anything else."""
    aside: bool = False
    """Whether it is a note: text in a box of its own, or behind "Note:" and the like."""

    @property
    def heading(self) -> str:
        """All headings in one line."""
        return " ".join(self.path)


@lru_cache(maxsize=PASSAGES_KEPT)
def blocks(text: str, title: str = "", heading: str = "") -> tuple[Block, ...]:
    """What may be told of a passage, in order; a repeated title and pointers elsewhere are left out."""
    same = title.strip().casefold()
    found = [part for one in parse(text, heading) for part in _told(one, one.heading, same)]
    return tuple(_headed(one, title) for one in found if one.units)


def headings(text: str, title: str, heading: str) -> str:
    """What says what a passage is about: the article's title, and all headings in it, of several small sections too."""
    paths = (one.heading for one in blocks(text, title, heading))
    return " ".join(dict.fromkeys((title, heading, *paths)))


def _headed(block: Block, title: str) -> Block:
    """Steps and items that nothing introduces stand under the article's title."""
    bare = block.kind in {"steps", "bullets"} and not block.lead
    return replace(block, lead=_lead(title, ())) if bare else block


def told(text: str, title: str = "", heading: str = "") -> Iterator[str]:
    """Each lead, unit, and cell with key and header of a passage, as a reply may word it."""
    for block in blocks(text, title, heading):
        yield block.lead
        yield from block.units
        for row in block.rows:
            yield from (row.sentence(name) for name, _ in row.cells)


def _told(block: Stored, path: Path, title: str) -> Iterator[Block]:
    match block:
        case Paragraph():
            yield from _paragraph(block.text, path, title)
        case ItemList():
            yield from _said_before(block.lead, path, title)
            yield _list(block, path)
        case Table():
            yield from _table(block, path, title)
        case Code():
            code = (block.text.strip("\n"),) if block.text.strip() else ()
            yield Block("code", path, _lead(block.lead, path), code)
        case Note():
            inner = (*path, block.title) if block.title else path
            for one in _with_its_title(block):
                yield from (replace(told, aside=True) for told in _told(one, inner, title))
        case Definition():
            yield from _defined(block, path)


def _table(block: Table, path: Path, title: str) -> Iterator[Block]:
    """Its rows; a paragraph above them that introduces nothing is told by itself, and not before each row."""
    leads = shown(block.lead).endswith(":")
    before = _said_before(block.lead, path, title) if leads else _all_of(block.lead, path, title)
    yield from before
    found = rows_of(block)
    said = tuple(row.sentence() for row in found)
    yield Block("table", path, _lead(block.lead if leads else "", path), said, found)


def _all_of(lead: str, path: Path, title: str) -> Iterator[Block]:
    if said := _sentences(lead, title):
        yield Block("text", path, "", said)


def _with_its_title(note: Note) -> tuple[Stored, ...]:
    """What stands in a note; a title that denies something is said with it: "Never use vinegar"."""
    first = note.blocks[0] if note.blocks else None
    if not isinstance(first, Paragraph) or not negations(note.title):
        return note.blocks
    said = note.title.rstrip(" .!:")
    return (replace(first, text=f"{said}. {first.text}"), *note.blocks[1:])


def _list(block: ItemList, path: Path) -> Block:
    """Its items; of a way that lacks its end none."""
    kind: Kind = "steps" if block.ordered else "bullets"
    items = tuple(filter(None, map(_item, block.items)))
    if items and is_cut(items[-1]):
        items = () if block.ordered else items[:-1]
    return Block(kind, path, _lead(block.lead, path), items, start=block.start)


def _paragraph(text: str, path: Path, title: str) -> Iterator[Block]:
    """Running text, or what is written as such: a question with its answer, steps, lines with labels."""
    if asked := _ASKED.match(text):
        answer = Paragraph(text[len(asked.group()) :].strip())
        yield from _told(answer, (*path, shown(asked["question"])), title)
    elif steps := numbered(text):
        yield from _said_before(steps[0], path, title)
        yield Block("steps", path, _lead(_last(steps[0]), path), tuple(map(shown, steps[1:])))
    elif lines := _labelled(text):
        yield Block("bullets", path, _lead("", path), lines)
    else:
        told = _sentences(_with_subject(text, path), title)
        yield Block("text", path, "", told, aside=hints(text))


def numbered(text: str) -> list[str]:
    """What stands before the steps, and the steps, of a paragraph "1. Open it. 2. Press it."; none of any other."""
    found: list[Match] = []
    for one in islice(_STEP.finditer(text), MOST_STEPS):
        before = text[max(0, one.start() - 3) : one.start()].rstrip()[-1:]
        if before in _ENDS_OR_NOTHING and one.group(1) == str(len(found) + 1):
            found.append(one)
    if len(found) < FEWEST_STEPS:
        return []
    ends = [*(one.start() for one in found[1:]), len(text)]
    steps = [text[one.end() - 1 : end].strip() for one, end in zip(found, ends, strict=True)]
    return [text[: found[0].start()].strip(), *steps]


def _last(text: str) -> str:
    said = sentences(text)
    return said[-1].text if said else ""


def _labelled(text: str) -> tuple[str, ...]:
    """The lines of a paragraph in which each has its label; none of any other."""
    lines = tuple(filter(None, map(shown, text.split("\n"))))
    return lines if labelled(lines) else ()


def _defined(block: Definition, path: Path) -> Iterator[Block]:
    """A term with its meaning; a question's answer stands under it as under a heading."""
    if block.term.rstrip().endswith("?"):
        inner = (*path, shown(block.term))
        yield Block("text", inner, "", _sentences(block.meaning.text, ""))
        for one in block.meaning.blocks:
            yield from _told(one, inner, "")
        return
    meaning = _item(block.meaning)
    glue = " " if meaning[:1].islower() else ": "
    said = _sentences(f"{shown(block.term)}{glue}{meaning}", "")
    yield Block("text", path, "", said, term=shown(block.term))


def _said_before(lead: str, path: Path, title: str) -> Iterator[Block]:
    """What a lead says before the sentence that introduces: it may be an answer by itself."""
    if before := _sentences(lead, title)[:-1]:
        yield Block("text", path, "", before)


def _lead(lead: str, path: Path) -> str:
    said = shown(lead) or (path[-1].strip() if path else "")
    return said if not said or said.endswith(ENDS) else f"{said}:"


def _item(item: Item) -> str:
    """An item in one line; what stands in it below its text follows on lines of their own."""
    lines = [shown(item.text)] if item.text.strip() else []
    for block in item.blocks:
        for inner in _told(block, (), ""):
            lines += [inner.lead] if inner.lead else []
            if inner.kind == "text":
                lines.append(" ".join(inner.units))
            elif inner.kind == "code":
                lines += ["```", *inner.units[0].split("\n"), "```"]
            else:
                lines += [f"- {line}" for line in inner.units]
    return "\n   ".join(filter(None, lines))


def _with_subject(text: str, path: Path) -> str:
    """A text that begins in the middle of a sentence goes on from its heading."""
    if not path or not path[-1][-1:].isalnum():
        return text
    if text[:1].islower():
        return f"{path[-1]} {text}"
    return f"{path[-1]}: {text}" if _answers_its_heading(text, path[-1]) else text


def _answers_its_heading(text: str, heading: str) -> bool:
    """Whether it says nothing without it: "To all of Europe." below "Delivery", "Cats, rats." below "Not insured"."""
    first = next((one.text for one in sentences(shown(text))), "")
    denied = negations(heading) > 0 and lists_names(first)
    return denied or is_a_fragment(first)


def _sentences(text: str, title: str) -> tuple[str, ...]:
    found = []
    for line in text.split("\n"):
        for one in sentences(shown(line)):
            said = one.text
            if said.strip().casefold() != title and not _tells_nothing(said) and not is_cut(said):
                found.append(said)
    while len(found) > 1 and found[-1].endswith("?"):  # of a text that goes on elsewhere
        found.pop()
    return tuple(found)


def _tells_nothing(said: str) -> bool:
    """Labels, lists that are not there, and pointers to other articles ("See Refund policy."); not to a place in a program."""
    points = said.startswith("See ") and len(said.split()) <= _MOST_POINTER_WORDS
    return bool(
        _LABEL.match(said)
        or _OPENS.search(said)
        or _SEE_ALSO.match(said)
        or (points and ">" not in said and "(" not in said)
    )
