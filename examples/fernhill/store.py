"""What the back office remembers: one SQLite file that survives being killed at any moment.

An effect and the key it was asked for under are one row. There is no instant at which a refund
exists without its key or a key without its refund, so no crash and no race can separate them.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

Json = dict[str, Any]
Operation = Literal["refund", "reply"]
Table = Literal["orders", "invoices"]

BUSY_SECONDS = 30.0

SCHEMA = """
CREATE TABLE IF NOT EXISTS orders (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS invoices (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS effects (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    operation TEXT NOT NULL,
    subject TEXT NOT NULL,
    digest TEXT NOT NULL,
    result TEXT NOT NULL,
    repeats INTEGER NOT NULL DEFAULT 0,
    performed_at TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS effects_by_subject ON effects (operation, subject);
"""

SELECT_RECORD: dict[Table, str] = {
    "orders": "SELECT body FROM orders WHERE id = ?",
    "invoices": "SELECT body FROM invoices WHERE id = ?",
}
INSERT_RECORD: dict[Table, str] = {
    "orders": "INSERT OR IGNORE INTO orders (id, body) VALUES (?, ?)",
    "invoices": "INSERT OR IGNORE INTO invoices (id, body) VALUES (?, ?)",
}


class KeyConflict(Exception):
    """The key was used before, for something else."""


@dataclass(frozen=True, slots=True)
class Performed:
    """The result of an effect, and whether it is an earlier one given again."""

    result: Json
    repeated: bool


@dataclass(frozen=True, slots=True)
class Request:
    """An effect that is asked for."""

    operation: Operation
    subject: str
    """What it is done to: an invoice or a ticket."""
    key: str
    """The caller's Idempotency-Key."""
    body: Json

    @property
    def digest(self) -> str:
        """Equal for equal requests, whatever the order of their fields."""
        text = json.dumps([self.operation, self.body], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


class Store:
    """Opens a connection per call: calls come from many threads, and SQLite arbitrates."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def prepare(self, seed: dict[Table, dict[str, Json]]) -> None:
        """Create the tables and add seed records that are missing. Safe to repeat."""
        with closing(self._connect()) as con:
            con.execute("PRAGMA journal_mode = WAL")
            con.executescript(SCHEMA)
        with self._writing() as con:
            for table, records in seed.items():
                rows = [(key, json.dumps(body)) for key, body in records.items()]
                con.executemany(INSERT_RECORD[table], rows)

    def record(self, table: Table, key: str) -> Json | None:
        """One order or invoice, or None."""
        with closing(self._connect()) as con:
            return _record(con, table, key)

    def effects(self, operation: Operation, subject: str | None = None) -> list[Json]:
        """Results in the order in which they were performed; of one subject if it is named."""
        with closing(self._connect()) as con:
            return _results(con, operation, subject)

    def effect(self, key: str) -> Json | None:
        """What was done under a key, or None. A caller whose request broke off asks this."""
        query = "SELECT operation, result, repeats, performed_at FROM effects WHERE key = ?"
        with closing(self._connect()) as con:
            row = con.execute(query, (key,)).fetchone()
        if row is None:
            return None
        return {
            "key": key,
            "operation": row[0],
            "result": json.loads(row[1]),
            "repeats": row[2],
            "performed_at": row[3],
        }

    def counts(self) -> dict[str, tuple[int, int]]:
        """For each operation: effects performed, and requests that only repeated one."""
        query = "SELECT operation, count(*), sum(repeats) FROM effects GROUP BY operation"
        with closing(self._connect()) as con:
            return {row[0]: (row[1], row[2]) for row in con.execute(query)}

    def perform(self, request: Request, effect: Callable[[Ledger], Json]) -> Performed:
        """Do it once for its key, and give the first result to every repetition.

        `effect` decides and returns the result, inside the transaction; what it raises leaves
        no trace, so a refused request does not use up its key. Raises `KeyConflict` when the
        key belongs to another request.
        """
        # IMMEDIATE takes the write lock before reading: of two requests with the same key that
        # arrive at once, the second waits here and then finds the row of the first.
        with self._writing() as con:
            known = con.execute(
                "SELECT digest, result FROM effects WHERE key = ?", (request.key,)
            ).fetchone()
            if known is not None:
                return _repeat(con, request, known)
            result = effect(Ledger(con))
            con.execute(
                "INSERT INTO effects (key, operation, subject, digest, result, performed_at)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (
                    request.key,
                    request.operation,
                    request.subject,
                    request.digest,
                    json.dumps(result),
                    now(),
                ),
            )
            return Performed(result, repeated=False)

    def _connect(self) -> sqlite3.Connection:
        con = sqlite3.connect(self._path, timeout=BUSY_SECONDS, isolation_level=None)
        # An answered request must also outlast a power cut, which NORMAL does not promise.
        con.execute("PRAGMA synchronous = FULL")
        return con

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with closing(self._connect()) as con:
            con.execute("BEGIN IMMEDIATE")
            try:
                yield con
            except BaseException:
                con.execute("ROLLBACK")
                raise
            con.execute("COMMIT")


class Ledger:
    """What an effect may read while it decides, from inside its own transaction."""

    def __init__(self, con: sqlite3.Connection) -> None:
        self._con = con

    def record(self, table: Table, key: str) -> Json | None:
        """One order or invoice, or None."""
        return _record(self._con, table, key)

    def effects(self, operation: Operation, subject: str) -> list[Json]:
        """Earlier results for a subject."""
        return _results(self._con, operation, subject)


def now() -> str:
    """The present moment in UTC, ISO 8601 with milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _record(con: sqlite3.Connection, table: Table, key: str) -> Json | None:
    row = con.execute(SELECT_RECORD[table], (key,)).fetchone()
    return None if row is None else dict(json.loads(row[0]))


def _results(con: sqlite3.Connection, operation: Operation, subject: str | None) -> list[Json]:
    rows = con.execute(
        "SELECT result FROM effects WHERE operation = ? AND (? IS NULL OR subject = ?)"
        " ORDER BY seq",
        (operation, subject, subject),
    )
    return [json.loads(row[0]) for row in rows]


def _repeat(con: sqlite3.Connection, request: Request, known: tuple[str, str]) -> Performed:
    digest, result = known
    if digest != request.digest:
        raise KeyConflict
    con.execute("UPDATE effects SET repeats = repeats + 1 WHERE key = ?", (request.key,))
    return Performed(json.loads(result), repeated=True)
