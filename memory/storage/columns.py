"""How the rows of a table go into plain SQL and come back."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import JSON
from sqlalchemy.orm import ClassManager, class_mapper
from sqlalchemy.orm.attributes import instance_dict
from sqlmodel import SQLModel

from memory.sealing.cells import is_sealed
from memory.sealing.columns import SealedJson, sealed_columns
from memory.storage.units import Row, Statements, marks
from memory.tables.base import UtcDateTime


class Columns:
    """How the rows of a table go into plain SQL and come back."""

    def __init__(
        self,
        table: type[SQLModel],
        without: Collection[str] = (),
        *,
        only: Collection[str] = (),
    ) -> None:
        """All but those `without`, or `only` these: with a sealed one what it is bound to."""
        self._table = table
        every = table.__table__.columns  # type: ignore[attr-defined]
        taken = [one for one in every if (one.name in only if only else one.name not in without)]
        self.names = tuple(one.name for one in taken)
        """In the order in which `values` and `read` have them."""
        self.listed = ", ".join(f'"{name}"' for name in self.names)
        self.insert = (
            f"INSERT INTO {table.__tablename__} ({self.listed}) VALUES ({marks(self.names)})"  # noqa: S608 - our own names
        )
        self._moments = {one.name for one in taken if isinstance(one.type, UtcDateTime)}
        self._json = {one.name for one in taken if isinstance(one.type, JSON | SealedJson)}
        self._sealed = {
            name: one for name, one in sealed_columns(table).items() if name in self.names
        }
        self._fields = {name: one for name, one in table.model_fields.items() if name in self.names}
        made = self._moments | self._json | self._sealed.keys()
        self._made = [(place, name) for place, name in enumerate(self.names) if name in made]

    def new(self, **given: Any) -> dict[str, Any]:
        """A new row with the table's defaults, in a tenth of the time that an object of it takes."""
        row = {
            name: one.default if one.default_factory is None else one.default_factory()  # type: ignore[call-arg]
            for name, one in self._fields.items()
            if name not in given
        }
        return row | given

    @cached_property
    def _maker(self) -> ClassManager[SQLModel]:
        """What makes the mapper's objects; asking for it configures the mappers, so not at import."""
        return class_mapper(self._table).class_manager

    def loaded(self, row: Mapping[str, Any]) -> SQLModel:
        """As the mapper makes an object of a row, which says nothing new about any of its columns."""
        one: SQLModel = self._maker.new_instance()
        instance_dict(one).update(row)
        return one

    def values(self, do: Statements, given: Mapping[str, Any]) -> list[Any]:
        """A row as its statement wants it; what is not given is NULL."""
        found = [given.get(name) for name in self.names]
        for place, name in self._made:
            found[place] = self.stored(do, name, found[place], given)
        return found

    def read(self, do: Statements, row: Row) -> dict[str, Any]:
        """A row by the names of its columns."""
        found = dict(zip(self.names, row, strict=True))
        for name in self._moments:
            found[name] = moment_of(found[name])
        for name in self._json:
            found[name] = json_of(found[name])
        ring = do.ring
        for name, column in self._sealed.items():
            place = None if ring is None else column.place(found)
            found[name] = column.read(ring, found[name], place)
        return found

    def stored(
        self, do: Statements, name: str, value: Any, row: Mapping[str, Any] | None = None
    ) -> Any:
        """The value of one column as its statement wants it; of a sealed one with its row."""
        sealed = self._sealed.get(name)
        if sealed is not None and value:
            ring = do.ring
            place = None if ring is None or row is None else sealed.place(row)
            value = sealed.stored(ring, value, place)
        if name in self._json:
            return json.dumps(value)
        return do.moment(value) if value is not None and name in self._moments else value


def json_of(stored: Any) -> Any:
    """Plain JSON, or the text of a sealed cell, from what either engine gives back."""
    if not isinstance(stored, str) or is_sealed(stored):
        return stored  # Postgres has read it already
    return json.loads(stored)


def moment_of(stored: Any) -> datetime | None:
    """A stored moment, in UTC."""
    if stored is None:
        return None
    at = datetime.fromisoformat(stored) if isinstance(stored, str) else stored
    moment: datetime = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    return moment
