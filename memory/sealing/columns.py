"""Columns whose cells are sealed where the engine has a keyring, and plain where it has none.

A cell is bound to its row. Reading, the row's own columns are asked for beside it; writing, the
value carries its place, which a flush of the mapper gives it and plain statements give by
`placed`. A value without a place is refused, so nothing is stored in plain by mistake.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import JSON, String, Text, event
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Mapper
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel
from typing_extensions import override

from memory.sealing import cells
from memory.sealing.cells import Place
from memory.sealing.keyring import Keyring

ATTRIBUTE = "deskhand_keyring"
"""Of a dialect, which each engine has for itself: the keyring of its database."""


def keep(dialect: Dialect, ring: Keyring | None) -> None:
    """Have an engine seal and open. Before its first statement."""
    setattr(dialect, ATTRIBUTE, ring)


def ring_of(dialect: Dialect) -> Keyring | None:
    """The keyring of an engine; None where its texts are plain."""
    return getattr(dialect, ATTRIBUTE, None)


class PlacedText(str):
    """A text that knows where it is to stand."""

    __slots__ = ("place",)
    place: Place


class PlacedBytes(bytes):
    """Bytes that know where they are to stand."""

    place: Place


class PlacedObject(dict[str, Any]):
    """An object that knows where it is to stand."""

    place: Place


class PlacedList(list[Any]):
    """A list that knows where it is to stand."""

    place: Place


_PLACED: dict[type, Any] = {
    str: PlacedText,
    bytes: PlacedBytes,
    dict: PlacedObject,
    list: PlacedList,
}


class _BesideItsRow(FunctionElement[Any]):
    """A cell with what its row is known by: [value, ..., cell]. Without a keyring, the cell alone."""

    name = "beside_its_row"
    inherit_cache = True


class _JsonBesideItsRow(_BesideItsRow):
    inherit_cache = True


@compiles(_BesideItsRow)
def _compiled(element: _BesideItsRow, compiler: SQLCompiler, **options: Any) -> str:
    *known, cell = [compiler.process(one, **options) for one in element.clauses]
    if ring_of(compiler.dialect) is None:
        return cell
    if compiler.dialect.name == "postgresql":
        return f"CAST(json_build_array({', '.join([*known, cell])}) AS TEXT)"
    if isinstance(element, _JsonBesideItsRow):
        cell = f"json({cell})"
    return f"json_array({', '.join([*known, cell])})"


class Sealed(TypeDecorator[Any]):
    """A column of sealed cells.

    `cell` is `table.column`; `by` names the columns that a row of the table is known by.
    """

    cache_ok = True
    beside: type[_BesideItsRow] = _BesideItsRow

    def __init__(self, cell: str, by: tuple[str, ...]) -> None:
        super().__init__()
        self.cell = cell
        self.by = by

    def place(self, row: Mapping[str, Any]) -> Place:
        """Where a cell of this row stands."""
        return (self.cell, *(row[name] for name in self.by))

    @override
    def column_expression(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """The cell with what it is bound to."""
        rows = column.table.c
        found: ColumnElement[Any] = self.beside(*(rows[name] for name in self.by), column)
        found.type = self
        return found

    def stored(self, ring: Keyring | None, value: Any, place: Place | None) -> Any:
        """A value as the column keeps it."""
        raise NotImplementedError

    def read(self, ring: Keyring | None, cell: Any, place: Place | None) -> Any:
        """What was stored. Raises `EncryptionRefused`, `SealBroken`."""
        raise NotImplementedError

    @override
    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Seal it, for the place that it carries."""
        return self.stored(ring_of(dialect), value, getattr(value, "place", None))

    @override
    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Open it, at the place where it was found."""
        ring = ring_of(dialect)
        if ring is None or value is None:
            return self.read(ring, value, None)
        *known, cell = json.loads(value) if isinstance(value, str) else value
        return self.read(ring, cell, (self.cell, *known))


class SealedText(Sealed):
    """A text."""

    impl = Text
    cache_ok = True

    @override
    def stored(self, ring: Keyring | None, value: Any, place: Place | None) -> Any:
        return cells.text_in(ring, value, place)

    @override
    def read(self, ring: Keyring | None, cell: Any, place: Place | None) -> Any:
        return cells.text_out(ring, cell, place)


class SealedString(SealedText):
    """A short text, in a column that was made for one."""

    impl = String  # type: ignore[assignment]
    cache_ok = True


class SealedBytes(Sealed):
    """Bytes, as text in base64: nothing of it looks like a sealed cell."""

    impl = Text
    cache_ok = True

    @override
    def stored(self, ring: Keyring | None, value: Any, place: Place | None) -> Any:
        if ring is None or not value:
            return base64.b64encode(value).decode()
        return cells.sealed(ring, value, place)

    @override
    def read(self, ring: Keyring | None, cell: Any, place: Place | None) -> Any:
        return cells.opened(ring, cell, place) if cells.is_sealed(cell) else base64.b64decode(cell)


class SealedJson(Sealed):
    """An object or a list."""

    impl = JSON
    cache_ok = True
    should_evaluate_none = True  # as JSON itself does
    beside = _JsonBesideItsRow

    @override
    def stored(self, ring: Keyring | None, value: Any, place: Place | None) -> Any:
        return cells.json_in(ring, value, place)

    @override
    def read(self, ring: Keyring | None, cell: Any, place: Place | None) -> Any:
        return cells.json_out(ring, cell, place)


def sealed_columns(table: type[SQLModel]) -> dict[str, Sealed]:
    """The columns of a table that hold sealed cells, by their names."""
    columns = table.__table__.columns  # type: ignore[attr-defined]
    return {one.name: one.type for one in columns if isinstance(one.type, Sealed)}


def placed(table: type[SQLModel], values: Mapping[str, Any], **known: Any) -> dict[str, Any]:
    """The values with each text that is to be sealed knowing its place; for plain statements.

    What the row is known by is among the values, or given beside them.
    """
    return {**values, **_placed(sealed_columns(table), values, {**values, **known})}


def _placed(
    columns: Mapping[str, Sealed], values: Mapping[str, Any], row: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        name: _with_place(values[name], column.place(row))
        for name, column in columns.items()
        if values.get(name)
    }


def _with_place(value: Any, place: Place) -> Any:
    kind = next(placed for plain, placed in _PLACED.items() if isinstance(value, plain))
    found = kind(value)
    found.place = place
    return found


def place_flushed(*tables: type[SQLModel]) -> None:
    """Have the mapper give the texts of each row that it writes their places."""
    for table in tables:
        event.listen(table, "before_insert", _on_flush)
        event.listen(table, "before_update", _on_flush)


def _on_flush(_mapper: Mapper[Any], connection: Connection, row: SQLModel) -> None:
    if ring_of(connection.dialect) is not None:
        for name, value in _placed(sealed_columns(type(row)), row.__dict__, row.__dict__).items():
            if getattr(row.__dict__[name], "place", None) != value.place:
                setattr(row, name, value)
