"""What is said on one connection to Postgres: the driver's parts without its cursor.

A cursor sends a statement, and looks at the socket itself until the answer is there, so that it can
be interrupted. A unit of work waits in a thread of its own and is ended from outside (`stuck_connections`), so it
needs none of that: the driver's library is called once, which takes half of the processor's time and
gives the interpreter up once instead of four times. Values go and come as with a cursor.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import psycopg
from psycopg import pq
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq.abc import PGresult

from memory.storage.units import STATEMENTS_KEPT, Row

SELDOM = 5
"""Said more often than this with values of the same types, a statement is prepared, as a cursor does it."""
MOST_PREPARED = 256
"""On one connection: the server keeps each of them until the connection ends."""
_DONE = frozenset({pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK})

_Spelled = tuple[str, tuple[int, ...] | None]


@lru_cache(maxsize=STATEMENTS_KEPT)
def numbered(sql: str) -> bytes:
    """A statement with a number for each `?`, as the server wants it."""
    first, *rest = sql.split("?")
    return (first + "".join(f"${number}{part}" for number, part in enumerate(rest, 1))).encode()


class Talk:
    """One connection, used by one thread at a time. Errors are the driver's own."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        """`connection` commits by itself wherever no transaction is begun."""
        self._connection = connection
        self._wire = connection.pgconn
        self._values = Transformer(connection)
        self._names: dict[_Spelled, bytes] = {}
        self._said: Counter[_Spelled] = Counter()

    def run(self, sql: str, values: Sequence[Any] = ()) -> int:
        """Execute it; how many rows it touched."""
        return self._say(sql, values).command_tuples or 0

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        """What it gives back."""
        return self._read(self._say(sql, values))

    def plain(self, sql: str) -> list[Row]:
        """Statements without values, on one way to the server; what the last one gives back."""
        return self._read(self._done(self._wire.exec_(sql.encode())))

    def close(self) -> None:
        """End the connection."""
        self._connection.close()

    def _say(self, sql: str, values: Sequence[Any]) -> PGresult:
        given = self._values.dump_sequence(values, [PyFormat.AUTO] * len(values))
        types, formats = self._values.types, self._values.formats
        name = self._name((sql, types))
        return self._done(
            self._wire.exec_params(numbered(sql), given, types, formats)
            if name is None
            else self._wire.exec_prepared(name, given, formats)  # type: ignore[arg-type]
        )

    def _name(self, spelled: _Spelled) -> bytes | None:
        """Under which the server has it prepared."""
        if (name := self._names.get(spelled)) is not None:
            return name
        self._said[spelled] += 1
        if self._said[spelled] <= SELDOM or len(self._names) == MOST_PREPARED:
            if len(self._said) > STATEMENTS_KEPT:
                self._said.clear()
            return None
        sql, types = spelled
        name = b"said_%d" % len(self._names)
        self._done(self._wire.prepare(name, numbered(sql), types))
        self._names[spelled] = name
        del self._said[spelled]
        return name

    def _read(self, result: PGresult) -> list[Row]:
        self._values.set_pgresult(result)
        return self._values.load_rows(0, result.ntuples, tuple)

    def _done(self, result: PGresult) -> PGresult:
        if result.status in _DONE:
            return result
        if result.error_field(pq.DiagnosticField.SQLSTATE) is None:  # nobody answered
            raise psycopg.OperationalError(result.get_error_message())
        raise error_from_result(result)
