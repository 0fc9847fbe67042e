"""A folder of agent tasks: the tools' declarations, the gold actions and the database."""

import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from evals.figures.datasets import DataError, read_rows

Json = dict[str, Any]
Kind = Literal["read", "write", "generic"]
Tables = dict[str, dict[str, Json]]
"""Records by id, by the name of their table."""

TOOLS = "tools.json"
DATABASES = frozenset({"db", "database"})
"""Files of these names hold one table for each key; any other file is one table."""
ASIDE = frozenset({"tools", "user_db"})
"""No tables of the service: the tools themselves, and the state of a customer's own device."""
KINDS: dict[str, Kind] = {"READ": "read", "WRITE": "write"}


@dataclass(frozen=True)
class Declared:
    """A tool as `tools.json` states it."""

    name: str
    kind: Kind
    params: dict[str, str]
    """Type of each parameter, in Python's words."""
    returns: str
    doc: str


@dataclass(frozen=True)
class Action:
    """One gold call."""

    tool: str
    arguments: Json


@dataclass(frozen=True)
class Task:
    """The gold calls of one task, in order."""

    id: str
    actions: tuple[Action, ...]


@dataclass(frozen=True)
class Folder:
    """All of it."""

    path: Path
    tools: tuple[Declared, ...]
    tasks: tuple[Task, ...]
    tables: Tables
    foreign: int
    """Gold actions of tools that the folder does not declare, such as the customer's own."""


def read_folder(path: Path) -> Folder:
    """The folder. Raises `DataError` if a part is missing or cannot be read."""
    tools = tuple(_declared(row, path) for row in _json(path / TOOLS))
    known = {tool.name for tool in tools}
    everything = list(_tasks(path))
    tasks = tuple(
        Task(task.id, tuple(action for action in task.actions if action.tool in known))
        for task in everything
    )
    foreign = sum(len(task.actions) for task in everything) - sum(len(t.actions) for t in tasks)
    if not any(task.actions for task in tasks):
        raise DataError(f"{path}: no task has a gold action of a tool in {TOOLS}")
    return Folder(path, tools, tasks, _read_tables(path), foreign)


def _read_tables(path: Path) -> Tables:
    """Every table of the folder's JSON and TOML files. Raises `DataError`."""
    tables: Tables = {}
    for file in sorted([*path.glob("*.json"), *path.glob("*.toml")]):
        if file.stem in ASIDE:
            continue
        content = _json(file) if file.suffix == ".json" else tomllib.loads(_text(file))
        parts = content if file.stem in DATABASES else {file.stem: content}
        tables.update({name: _records(name, part) for name, part in parts.items()})
    if not any(tables.values()):
        raise DataError(f"{path}: holds no database (db.json, or one JSON file a table)")
    return tables


def singular(word: str) -> str:
    """`orders` to `order`, `categories` to `category`; close enough for names of tables."""
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _declared(row: Json, path: Path) -> Declared:
    try:
        found = (own for sign, own in KINDS.items() if sign in row["kind"])
        kind: Kind = next(found, "generic")
        return Declared(
            row["name"], kind, row["params"], row.get("returns") or "", row.get("doc") or ""
        )
    except KeyError as error:
        raise DataError(f"{path / TOOLS}: a tool has no {error}") from error


def _tasks(path: Path) -> Iterator[Task]:
    files = sorted(path.glob("tasks*.jsonl"))
    if not files:
        raise DataError(f"{path}: holds no tasks*.jsonl")
    for file in files:
        for number, row in read_rows(file):
            criteria = row.get("evaluation_criteria") or {}
            try:
                actions = [
                    Action(one["name"], one["arguments"]) for one in criteria.get("actions") or ()
                ]
            except KeyError as error:
                raise DataError(f"{file}:{number}: an action has no {error}") from error
            yield Task(str(row.get("id", number)), tuple(actions))


def _records(name: str, part: Any) -> dict[str, Json]:
    if isinstance(part, dict):
        return {key: value for key, value in part.items() if isinstance(value, dict)}
    if isinstance(part, list):
        own = f"{singular(name)}_id"
        rows = [row for row in part if isinstance(row, dict)]
        return {str(row[_id_field(row, own)]): row for row in rows if _id_field(row, own)}
    return {}


def _id_field(row: Json, own: str) -> str:
    return own if own in row else next((name for name in row if name.endswith("_id")), "")


def _json(file: Path) -> Any:
    try:
        return json.loads(_text(file))
    except ValueError as error:
        raise DataError(f"{file}: not JSON ({error})") from error


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise DataError(f"{file}: cannot be read ({error.strerror})") from error
