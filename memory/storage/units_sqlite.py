"""Units of work on SQLite: one thread writes, and units that wait at once share one commit.

SQLite has one writer, and what it waits for is the disk. So one connection of a process writes
for all of its drives: it takes whatever has come, gives each unit a savepoint of its own, and
waits for the disk once. Reading waits for nobody, so it needs no thread.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from queue import Empty, SimpleQueue
from typing import Any

from typing_extensions import override

from memory.sealing.keyring import Keyring
from memory.storage.errors import Damage, advice_for
from memory.storage.same_file import SameFile
from memory.storage.sqlite import Log, begin_writing
from memory.storage.units import Result, Row, Statements, Unit, Units

MOST_AT_ONCE = 64
"""Units that share one commit."""
CLOSE_SECONDS = 30.0
"""How long closing waits for what is under way."""


class SqliteStatements(Statements):
    """Statements on a connection of sqlite3."""

    is_sqlite = True
    lock = ""
    share = ""

    def __init__(self, connection: sqlite3.Connection, ring: Keyring | None) -> None:
        self._connection = connection
        self.ring = ring

    @override
    def run(self, sql: str, values: Sequence[Any] = ()) -> int:
        return self._connection.execute(sql, values).rowcount

    @override
    def row(self, sql: str, values: Sequence[Any] = ()) -> Row | None:
        found = self.rows(sql, values)
        return found[0] if found else None

    @override
    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        return self._connection.execute(sql, values).fetchall()

    @override
    def many(self, sql: str, lines: Sequence[Sequence[Any]]) -> None:
        self._connection.executemany(sql, lines)

    @staticmethod
    @override
    def moment(at: datetime) -> str:
        """As SQLAlchemy writes moments into SQLite."""
        return at.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


@dataclass(eq=False)
class _Job:
    unit: Unit[Any]
    future: asyncio.Future[Any]
    loop: asyncio.AbstractEventLoop
    result: Any = None
    error: BaseException | None = None

    def hand_over(self) -> None:
        """Tell whoever waits, if anybody still does. Runs in their event loop."""
        if self.future.done():
            return
        if self.error is None:
            self.future.set_result(self.result)
        else:
            self.future.set_exception(self.error)


class SqliteUnits(Units):
    """Units of work on one file."""

    def __init__(
        self,
        open_plain: Callable[[], sqlite3.Connection],
        ring: Keyring | None = None,
        damage: Damage | None = None,
        file: SameFile | None = None,
    ) -> None:
        """`ring`: the keys of sealed texts; None where they are plain. `damage`: where it is noted.

        `file`: asked before each unit whether it is still there.
        """
        self._file = file
        self._damage = damage or Damage()
        self._open = open_plain
        self._ring = ring
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._reader: sqlite3.Connection | None = None
        self._reading = threading.Lock()

    @override
    async def write(self, unit: Unit[Result]) -> Result:
        """Who is cancelled while it waits has written all the same."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._serve, name="ledger-writer", daemon=True)
            self._thread.start()
        loop = asyncio.get_running_loop()
        job = _Job(unit, loop.create_future(), loop)
        self._jobs.put(job)
        found: Result = await job.future
        return found

    @override
    async def read(self, unit: Unit[Result]) -> Result:

        def at_one_moment(do: SqliteStatements) -> Result:
            do.run("BEGIN")
            try:
                return unit(do)
            finally:
                do.run("COMMIT")

        return await self.look(at_one_moment)

    @override
    async def look(self, unit: Callable[[SqliteStatements], Result]) -> Result:
        try:
            self._check_file()
            with self._reading:  # two event loops may ask at once
                self._reader = self._reader or self._open()
                return unit(SqliteStatements(self._reader, self._ring))
        except sqlite3.DatabaseError as error:
            if (found := known(error, self._damage)) is error:
                raise
            raise found from error

    @override
    async def close(self) -> None:
        if self._reader is not None:
            self._reader.close()
            self._reader = None
        thread, self._thread = self._thread, None
        if thread is not None:
            self._jobs.put(None)
            thread.join(CLOSE_SECONDS)  # of the loop it wants nothing that waits

    def _serve(self) -> None:
        writer: _Writer | None = None
        while (first := self._jobs.get()) is not None:
            jobs, last = self._gathered(first)
            try:
                self._check_file()
                writer = writer or _Writer(self._open())
                writer.write(jobs, self._ring, self._damage)
            except BaseException as error:  # noqa: BLE001 - each job is told, and the thread lives on
                _fail(jobs, error, self._damage)
                if writer is not None:
                    writer.close()
                    writer = None
            _hand_over(jobs)
            if last:
                break
        if writer is not None:
            writer.close()

    def _check_file(self) -> None:
        if self._file is not None:
            self._file.check()

    def _gathered(self, first: _Job) -> tuple[list[_Job], bool]:
        """What waits already, and whether it is the last."""
        jobs: list[_Job] = [first]
        with suppress(Empty):
            while len(jobs) < MOST_AT_ONCE:
                found = self._jobs.get_nowait()
                if found is None:
                    return jobs, True
                jobs.append(found)
        return jobs, False


class _Writer:
    """The connection that writes."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._log = Log(connection)

    def write(self, jobs: Sequence[_Job], ring: Keyring | None, damage: Damage) -> None:
        """All of them in one transaction, on disk; one that fails takes nothing but itself back."""
        begin_writing(self._connection)
        try:
            for job in jobs:
                _attempt(self._connection, job, ring, damage)
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise
        self._log.sync()

    def close(self) -> None:
        """Close it and its log."""
        self._log.close()
        self._connection.close()


def _attempt(
    connection: sqlite3.Connection, job: _Job, ring: Keyring | None, damage: Damage
) -> None:
    connection.execute("SAVEPOINT unit")
    try:
        job.result = job.unit(SqliteStatements(connection, ring))
    except Exception as error:
        if not connection.in_transaction:
            raise  # a full disk takes the whole transaction back
        connection.execute("ROLLBACK TO unit")
        job.error = known(error, damage)
    connection.execute("RELEASE unit")


def _fail(jobs: Sequence[_Job], error: BaseException, damage: Damage) -> None:
    for job in jobs:
        job.error = known(error, damage) if isinstance(error, Exception) else _broke(error)


def _broke(error: BaseException) -> Exception:
    # As it is it would end the event loop of whoever waits.
    broke = RuntimeError(f"writing broke with {type(error).__name__}")
    broke.__cause__ = error
    return broke


def known(error: Exception, damage: Damage) -> Exception:
    """The error in the words of this room."""
    if not isinstance(error, sqlite3.OperationalError) and type(error) is not sqlite3.DatabaseError:
        return error
    unavailable = damage.told(advice_for(error))
    unavailable.__cause__ = error
    return unavailable


def _hand_over(jobs: Sequence[_Job]) -> None:
    by_loop: dict[asyncio.AbstractEventLoop, list[_Job]] = {}
    for job in jobs:
        by_loop.setdefault(job.loop, []).append(job)
    for loop, mine in by_loop.items():
        with suppress(RuntimeError):  # a loop that has ended waits for nothing
            loop.call_soon_threadsafe(_hand_over_all, mine)


def _hand_over_all(jobs: Sequence[_Job]) -> None:
    for job in jobs:
        job.hand_over()
