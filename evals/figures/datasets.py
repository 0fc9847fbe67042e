"""Labelled cases from JSON Lines files, with errors that name the file and the line."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graph.state import MessageRecord

CUSTOMER = frozenset({"u", "user", "customer", "human", "client"})
"""Names that data sets give to the one who asks; everybody else is the agent."""


class DataError(Exception):
    """A file of cases cannot be read. The message says where and what to change."""


@dataclass(frozen=True)
class Question:
    """One labelled question."""

    qid: str
    text: str
    history: tuple[MessageRecord, ...]
    """The conversation before it, oldest first."""
    gold: frozenset[str]
    """doc_ids of the articles that answer it; empty if none does."""
    answerable: bool
    """As labelled. It is unanswerable too where no gold article is in the knowledge base."""

    def is_answerable(self, known: frozenset[str] | set[str]) -> bool:
        """Whether an article of a base that holds `known` doc_ids answers it."""
        return self.answerable and not self.gold.isdisjoint(known)


def read_rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """(line number, object) of each line that is not blank. Raises `DataError`."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: not UTF-8 at byte {error.start}") from error
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield number, _object(path, number, line)


def required_text(path: Path, number: int, row: Mapping[str, Any], name: str) -> str:
    """The non-empty text of a field. Raises `DataError`."""
    value = row.get(name)
    if not isinstance(value, str) or not value.strip():
        raise DataError(f"{path}:{number}: field {name!r} must be a text that is not empty")
    return value


def read_questions(paths: Iterable[Path]) -> list[Question]:
    """Every question of every file, in order. Raises `DataError`, also where there are none."""
    files = list(paths)
    found = [_question(path, number, row) for path in files for number, row in read_rows(path)]
    if not found:
        raise DataError(f"{', '.join(map(str, files))}: no questions")
    return found


def _question(path: Path, number: int, row: dict[str, Any]) -> Question:
    gold = row.get("gold_doc_ids") or []
    if not isinstance(gold, list):
        raise DataError(f"{path}:{number}: field 'gold_doc_ids' must be a list of doc_ids")
    answerable = row.get("answerable", bool(gold))
    if not isinstance(answerable, bool):
        raise DataError(f"{path}:{number}: field 'answerable' must be true or false")
    return Question(
        qid=str(row.get("qid", f"{path.name}:{number}")),
        text=required_text(path, number, row, "question"),
        history=tuple(_history(path, number, row)),
        gold=frozenset(str(doc_id) for doc_id in gold),
        answerable=answerable,
    )


def _history(path: Path, number: int, row: dict[str, Any]) -> Iterator[MessageRecord]:
    turns = row.get("history") or []
    if not isinstance(turns, list) or not all(isinstance(turn, dict) for turn in turns):
        msg = f"{path}:{number}: field 'history' must be a list of objects with speaker and text"
        raise DataError(msg)
    for seq, turn in enumerate(turns, start=1):
        speaker = str(turn.get("speaker") or turn.get("role") or "user").lower()
        text = required_text(path, number, turn, "text")
        role = "customer" if speaker in CUSTOMER else "agent"
        yield MessageRecord(seq=seq, role=role, text=text)  # type: ignore[typeddict-item]


def _object(path: Path, number: int, line: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        msg = f"{path}:{number}: not JSON ({error.msg} at column {error.colno})"
        raise DataError(msg) from error
    if not isinstance(row, dict):
        raise DataError(f"{path}:{number}: each line must be a JSON object")
    return row
