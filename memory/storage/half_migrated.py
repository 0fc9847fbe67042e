"""What a migration on SQLite left that was stopped in the middle, before each was one transaction.

Its driver began a transaction with the first INSERT or UPDATE alone, and each migration ends with
one: so there are tables, columns and indexes of the next revision, new and empty, and indexes of its
own are gone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, text

REBUILT = "_alembic_tmp_"
"""Begins the name of a copy that was to take a table's place."""


@dataclass(frozen=True)
class Shape:
    """Names of what a database holds."""

    tables: frozenset[str]
    columns: frozenset[tuple[str, str]]
    indexes: Mapping[str, str]
    """And how each is made."""

    @classmethod
    def of(cls, connection: Connection) -> Shape:
        """Of this one, without what SQLite makes by itself."""
        query = text("SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'")
        found = [(kind, str(name), str(sql)) for kind, name, sql in connection.execute(query)]
        tables = frozenset(name for kind, name, _ in found if kind == "table")
        listed = text("SELECT name FROM pragma_table_info(:table)")
        columns = {
            (table, str(name))
            for table in tables
            for (name,) in connection.execute(listed, {"table": table})
        }
        indexes = {name: sql for kind, name, sql in found if kind == "index"}
        return cls(tables, frozenset(columns), indexes)


def clear(connection: Connection, before: Shape, after: Shape) -> bool:
    """Make it `before` where it is `after` already; whether all that goes was made by the migration."""
    here = Shape.of(connection)
    tables = (here.tables & (after.tables - before.tables)) | {
        name for name in here.tables if name.startswith(REBUILT)
    }
    if any(connection.execute(text(f'SELECT 1 FROM "{name}" LIMIT 1')).first() for name in tables):  # noqa: S608 - names of our own
        return False
    made = here.indexes.items() & (after.indexes.items() - before.indexes.items())
    for name, _ in made:
        connection.execute(text(f'DROP INDEX "{name}"'))
    for name in sorted(tables, key=len):  # a full-text index before its own tables
        connection.execute(text(f'DROP TABLE IF EXISTS "{name}"'))
    for table, name in here.columns & (after.columns - before.columns):
        if table not in tables:
            connection.execute(text(f'ALTER TABLE "{table}" DROP COLUMN "{name}"'))
    for name, sql in before.indexes.items() - (here.indexes.items() - made):
        if name not in here.indexes or (name, here.indexes[name]) in made:
            connection.execute(text(sql))
    connection.commit()
    return True
