"""What a folder's tables know, found by the names that ids and fields have in them.

Nothing here is written for one domain: an argument is a reference when its name is that of an
id in the tables, and a filter when its name is that of a field.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from evals.trajectories.folder import Json, Tables, singular

MOST_CHOICES = 12
"""A field with more values is no list of choices."""
MOST_SHAPES = 6
"""Ids of more forms than this have none."""

Facts = set[tuple[str, str]]


@dataclass(frozen=True)
class Reference:
    """An id that stands somewhere in the arguments of a call."""

    place: tuple[str | int, ...]
    kind: str
    value: str


@dataclass
class Database:
    """The tables, with every id in them by its kind (order_id, item_id ...)."""

    tables: Tables
    things: dict[str, dict[str, Json]] = field(default_factory=lambda: defaultdict(dict))
    values: dict[str, set[Any]] = field(default_factory=lambda: defaultdict(set))
    """Plain values by the name of their field."""
    names: set[str] = field(default_factory=set)
    """Of every field."""

    def __post_init__(self) -> None:
        for table, records in self.tables.items():
            self._enter(f"{singular(table)}_id", records)
            for record in records.values():
                self._walk(record)
                self.names |= {name for name, _ in facts(record)}

    def kind_of(self, name: str) -> str | None:
        """The kind of id that an argument of this name holds: new_item_ids holds item_id."""
        one = singular(name)
        if one in self.things:
            return one
        if not one.endswith("_id"):
            return None
        known = sorted(kind for kind in self.things if kind.endswith("_id"))
        ending = [kind for kind in known if one.endswith(f"_{kind}")]
        first = [kind for kind in known if kind.split("_")[0] == one.split("_")[0]]
        return next(iter([*ending, *first]), None)

    def references(self, arguments: Any, place: tuple[str | int, ...] = ()) -> list[Reference]:
        """Every id in the arguments, in their order."""
        if isinstance(arguments, dict):
            parts: Iterator[tuple[str | int, Any]] = iter(arguments.items())
        elif isinstance(arguments, list):
            parts = iter(enumerate(arguments))
        else:
            name = next((str(part) for part in reversed(place) if isinstance(part, str)), "")
            kind = self.kind_of(name)
            found = kind is not None and isinstance(arguments, str)
            return [Reference(place, kind, arguments)] if found and kind else []
        return [one for key, part in parts for one in self.references(part, (*place, key))]

    def exists(self, reference: Reference) -> bool:
        """Whether the tables hold it."""
        return reference.value in self.things[reference.kind]

    def matching(self, wanted: Json) -> list[tuple[str, Json]]:
        """(id, record) of every record that has all the wanted values somewhere in it."""
        looked_for = {(name, _plain(value)) for name, value in wanted.items()}
        return [
            (key, record)
            for records in self.tables.values()
            for key, record in records.items()
            if looked_for <= facts(record)
        ]

    def choices(self, name: str) -> list[str] | None:
        """Every value of a field of that name; None if they are too many or no texts."""
        found = self.values.get(name, set())
        texts = all(isinstance(value, str) for value in found)
        return sorted(found) if found and texts and len(found) <= MOST_CHOICES else None

    def holds(self, arguments: Json) -> bool:
        """Whether there is anything that a lookup with these arguments could find."""
        references = self.references(arguments)
        if references:
            return all(self.exists(one) for one in references)
        filters = {name: value for name, value in arguments.items() if name in self.names}
        return not filters or bool(self.matching(filters))

    def form(self, kind: str) -> str | None:
        """A regular expression that all ids of a kind match; None if they have no form."""
        shapes = sorted({_shape(key) for key in self.things[kind]})
        return f"^({'|'.join(shapes)})$" if 0 < len(shapes) <= MOST_SHAPES else None

    def fields(self, kind: str) -> list[str]:
        """The fields that every record of a kind has."""
        records = iter(self.things[kind].values())
        shared = set(next(records, {}))
        for record in records:
            shared &= set(record)
        return sorted(shared)

    def _enter(self, kind: str | None, records: Json) -> None:
        for key, record in records.items():
            if kind is not None:
                self.things[kind][key] = record
            for name, value in record.items():
                if value == key and name != "id":
                    self.things[name][key] = record

    def _walk(self, part: Any, name: str = "") -> None:
        if isinstance(part, list):
            for item in part:
                self._walk(item, name)
        elif isinstance(part, dict):
            if is_nested_table(part):
                self._enter(f"{singular(name)}_id" if _has_own_ids(part) else None, part)
            for key, value in part.items():
                self._walk(value, key)
        elif part is not None and name:
            self.values[name].add(part)


def facts(part: Any, name: str = "") -> Facts:
    """Every (field, value) of a record at any depth; a key of a nested table is a value too."""
    if isinstance(part, list):
        return {fact for item in part for fact in facts(item, singular(name))}
    if not isinstance(part, dict):
        return {(name, _plain(part))}
    found = {fact for key, value in part.items() for fact in facts(value, key)}
    keys = {(singular(name), _plain(key)) for key, value in part.items() if isinstance(value, dict)}
    return found | keys


def is_nested_table(part: Json) -> bool:
    """Whether it holds records by their id."""
    rows = list(part.values())
    return bool(rows) and all(
        isinstance(row, dict) and any(value == key for value in row.values())
        for key, row in part.items()
    )


def _has_own_ids(part: Json) -> bool:
    """Whether its rows call their id just `id`, so that the table must name the kind."""
    return all(row.get("id") == key for key, row in part.items())


def _shape(key: str) -> str:
    """`#W23` to `#[A-Z0-9]+`: the form of an id without what tells it from others."""
    runs = re.findall(r"[a-z]+|[A-Z0-9]+|[^a-zA-Z0-9]+", key)
    return "".join(_class(run) for run in runs)


def _class(run: str) -> str:
    if run.isalpha() and run.islower():
        return "[a-z]+"
    if run.isalnum() and run.isascii():
        return "[A-Z0-9]+"
    return re.escape(run)


def _plain(value: Any) -> str:
    return str(value).casefold()
