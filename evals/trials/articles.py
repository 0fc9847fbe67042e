"""Articles through the ingestion reader, against what a person sees of them."""

import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

from sqlmodel import select

from evals.figures.base import TENANT, Base, open_base
from evals.harness.readers.visible import HTML, ROWS, Visible, decoded, seen_in, words
from evals.trials.trial import Trial, Verdict
from memory.knowledge.article_draft import ArticleDraft
from memory.knowledge.article_files import read_articles
from memory.knowledge.fields import MAX_DOC_ID, MAX_TITLE
from memory.tables import Chunk

MARKDOWN = frozenset({".md", ".markdown", ".txt"})
TABLES = frozenset({".csv", ".tsv", ".json"})
"""Files that hold several articles."""
MAX_BYTES = 2_000_000
"""An article above this is a dump: it must be reported."""
TOLD = frozenset("title question name text answer body content html_body description".split())
"""Columns whose cells are told, as exports call them."""
KEPT = 0.99
"""Share of the visible words that the passages must hold."""
RUN = 4
"""Words in a row by which hidden text is recognised in a passage."""


@dataclass(frozen=True)
class Stored:
    """An article as it can be found."""

    doc_id: str
    title: str
    passages: tuple[str, ...]


@dataclass(frozen=True)
class Ingested:
    """What became of one folder."""

    stored: Mapping[str, Stored]
    """By source: the file, with its line in a file of lines."""
    reported: Mapping[str, str]
    """Why something was not read, or not wholly, by source."""


async def ingested(folder: Path, cache: Path) -> Ingested:
    """A folder's articles, read, stored and cut by the code of production."""
    found = list(read_articles(folder))
    drafts = [one for one in found if isinstance(one, ArticleDraft)]
    others = [one for one in found if not isinstance(one, ArticleDraft)]
    if not drafts:
        return Ingested({}, {one.source: one.why for one in others})
    async with open_base(drafts, others, cache) as base:
        passages = await _passages(base)
    stored = {
        one.source: Stored(one.doc_id, one.title, tuple(passages.get(one.doc_id, ())))
        for one in drafts
    }
    return Ingested(stored, {one.source: one.why for one in others})


async def _passages(base: Base) -> dict[str, list[str]]:
    async with base.database.reading() as session:
        rows = await session.exec(select(Chunk).where(Chunk.tenant == TENANT))
        chunks = sorted(rows.all(), key=lambda one: one.ordinal)
    found: dict[str, list[str]] = {}
    for one in chunks:
        found.setdefault(one.doc_id, []).append(f"{one.heading}\n{one.text}")
    return found


def judged_article(trial: Trial, folder: Ingested) -> Verdict:
    """Whether an article was read whole, or what keeps it from that was reported."""
    source = f"{trial.path}:{trial.line}" if trial.line else str(trial.path)
    stored, why = folder.stored.get(source), folder.reported.get(source)
    if trial.path.suffix.lower() in TABLES:
        return _judged_table(trial, folder)
    if trial.path.name.startswith("."):
        return Verdict(stored is None, "not read" if stored is None else "read")
    if why is not None:
        excused = _excuse(trial)
        return Verdict(bool(excused), f"reported: {why}")
    if stored is None:
        return Verdict(right=False, came="neither read nor reported")
    fault = _fault(stored, seen(trial))
    return Verdict(not fault, fault or f"read whole as {stored.title!r}")


def _judged_table(trial: Trial, folder: Ingested) -> Verdict:
    """A file whose rows are articles: each is stored or reported under the file's name and its place."""
    mine = (f"{trial.path}#", f"{trial.path}:")
    rows = [
        one
        for name, one in folder.stored.items()
        if name == str(trial.path) or name.startswith(mine)
    ]
    whys = [
        why for name, why in folder.reported.items() if name.startswith((str(trial.path), *mine))
    ]
    if not rows:
        return Verdict(bool(whys), f"reported: {whys[0]}" if whys else "neither read nor reported")
    kept = set(words("\n".join("\n".join((one.title, *one.passages)) for one in rows)))
    missing = [] if whys else [one for one in _table_words(trial.path) if one not in kept]
    came = (
        f"missing: {', '.join(missing[:5])}"
        if missing
        else f"{len(rows)} rows read, {len(whys)} reported"
    )
    return Verdict(not missing, came)


def _table_words(path: Path) -> list[str]:
    """What the cells of a file's rows hold that are read; all of them where no column is a text."""
    text = decoded(path.read_bytes())
    if path.suffix.lower() == ".json":
        rows = list(_objects(json.loads(text)))
    else:
        sign = max(",;\t|", key=text.partition("\n")[0].count)
        rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=sign))
    told = [{name: one for name, one in row.items() if str(name).lower() in TOLD} for row in rows]
    cells = (str(one) for row in (told if any(told) else rows) for one in row.values())
    return [word for cell in cells for word in words(re.sub(r"<[^>]*>", " ", unescape(cell)))]


def _objects(found: Any) -> Iterator[dict[str, Any]]:
    """The innermost objects of an export, which are its articles."""
    inner = list(found.values() if isinstance(found, dict) else found)
    nested = [one for one in inner if isinstance(one, dict | list)]
    if isinstance(found, dict) and not nested:
        yield found
    for one in nested:
        yield from _objects(one)


def _excuse(trial: Trial) -> str:
    """Why an article may be reported instead of read; empty if it can be read."""
    suffix, raw = trial.path.suffix.lower(), _raw(trial)
    if len(raw) > MAX_BYTES:
        return "too large"
    if suffix in ROWS:
        return "" if _is_good_row(raw, trial) else "a bad line"
    if suffix not in HTML | MARKDOWN:
        return "another format"
    if _has_twin(trial.path):
        return "of the same name as another"
    if decoded(raw).startswith("---\n") and not seen(trial).title:
        return "broken front matter"
    return "" if seen(trial).words else "nothing to see"


def _raw(trial: Trial) -> bytes:
    raw = trial.path.read_bytes()
    return raw.split(b"\n")[trial.line - 1] if trial.line else raw


def _is_good_row(raw: bytes, trial: Trial) -> bool:
    try:
        row = json.loads(decoded(raw))
    except (ValueError, RecursionError):
        return False
    if not isinstance(row, dict) or not isinstance(row.get("text"), str) or not row["text"].strip():
        return False
    if not isinstance(row.get("title"), str | int | float | None):
        return False
    name = row.get("doc_id")
    named = isinstance(name, str | int) and not isinstance(name, bool) and str(name).strip()
    return (
        bool(named) and len(str(name)) <= MAX_DOC_ID and not _came_before(str(name).strip(), trial)
    )


def _came_before(name: str, trial: Trial) -> bool:
    lines = trial.path.read_bytes().split(b"\n")[: trial.line - 1]
    return any(f'"{name}"'.encode() in line for line in lines)


def _has_twin(path: Path) -> bool:
    return any(one != path and _key(one) == _key(path) for one in path.parent.iterdir())


def _key(path: Path) -> str:
    return unicodedata.normalize("NFC", path.stem).casefold()


def seen(trial: Trial) -> Visible:
    """The article as a person sees it."""
    return seen_in(_raw(trial), trial.path.suffix.lower())


def _fault(stored: Stored, visible: Visible) -> str:
    text = "\n".join((stored.title, *stored.passages))
    kept, shown = set(words(text)), visible.words
    missing = list(dict.fromkeys(word for word in shown if word not in kept))
    if numbers := [word for word in missing if any(char.isdigit() for char in word)]:
        return f"the number {numbers[0]} is missing"
    if sum(word not in kept for word in shown) > (1 - KEPT) * len(shown):
        return f"missing: {', '.join(missing[:5])}"
    return (
        _harmed_code(visible, text)
        or _lost_header(visible, stored.passages)
        or _shows_hidden(visible.hidden, text)
        or _wrong_title(stored, visible.title)
    )


def _harmed_code(visible: Visible, text: str) -> str:
    lines = (line for one in visible.blocks if one.kind == "code" for line in one.text.split("\n"))
    harmed = next((line for line in lines if line.strip() and line.rstrip() not in text), None)
    return "" if harmed is None else f"the line {harmed!r} of its code is harmed"


def _lost_header(visible: Visible, passages: Sequence[str]) -> str:
    """A row that stands in no passage together with the header of its table."""
    inside = [set(words(one)) for one in passages]
    for row in (one for one in visible.blocks if one.kind == "row"):
        needed = {*words(row.text), *words(row.header)}
        if not any(needed <= one for one in inside):
            return f"the row {' '.join(row.text.split())[:60]!r} lost its header"
    return ""


def _shows_hidden(hidden: Iterable[str], text: str) -> str:
    said = " ".join(words(text))
    for one in hidden:
        inside = words(one)
        size = min(RUN, len(inside))
        runs = (" ".join(inside[n : n + size]) for n in range(len(inside) - size + 1))
        if size and any(f" {run} " in f" {said} " for run in runs):
            return f"hidden text is stored: {one.strip()[:60]!r}"
    return ""


def _wrong_title(stored: Stored, wanted: str) -> str:
    """A title that is too long may be cut if all of it stands in the passages, in however many parts."""
    title, inside = stored.title, "".join("".join(stored.passages).split())
    if len(title) == MAX_TITLE and wanted.startswith(title) and "".join(wanted.split()) in inside:
        return ""
    if any(unicodedata.category(char) == "Cc" for char in title):
        return "its title holds control characters"
    if words(wanted) and words(title) != words(wanted):
        return f"its title is {title!r}, should be {wanted!r}"
    return ""
