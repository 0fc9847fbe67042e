"""Lets the engine look at a queue when a job waits in it, instead of every moment.

A look costs the engine some milliseconds, also where nothing waits. Asking the ledger whether a job
waits is one statement on an index. On SQLite not even that is asked before somebody has written
something (`PRAGMA data_version`). Postgres could notify, but a transaction that notifies holds up the
commits of all others that do, so it is asked at the usual pace, and less often while nothing comes.
"""

from __future__ import annotations

import math
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from typing import Any, Protocol

import psycopg
from dbos import DBOS, _workflow_commands
from dbos._dbos import _get_dbos_instance
from dbos._queue import queue_worker_thread
from typing_extensions import override

from memory.storage.postgres_talk import Talk
from memory.storage.queue import MS
from memory.storage.units import Row
from memory.storage.urls import is_sqlite, plain_url
from memory.tables import now

LONGEST_SECONDS = 1.0
"""Whether a job waits is asked so often even if nothing was written: a delay ends by itself."""
CONNECT_SECONDS = 10
QUIET_SECONDS = 5.0
"""After so long without a job Postgres is asked less often,"""
REST_SECONDS = 0.4
"""once in this time: the first ticket after a pause waits as long at most."""
SOON_SECONDS = 0.025
"""After the end of a run for which others waited: those that end together are replaced in one look."""
JOIN_SECONDS = 10.0
LONGEST_PAUSE_SECONDS = 1.0
"""While the ledger does not answer it is asked less and less often, but once in this time."""
_OVERDUE = "status = 'DELAYED' AND delay_until_epoch_ms <= ?"
ASK = (
    "SELECT EXISTS (SELECT 1 FROM {schema}workflow_status WHERE queue_name = ?"  # noqa: S608 - fixed text
    " AND status = 'ENQUEUED' AND status IN ('ENQUEUED', 'PENDING')),"  # the second names the index
    f" EXISTS (SELECT 1 FROM {{schema}}workflow_status WHERE {_OVERDUE})"
)
"""Whether a job waits in the queue, and whether the delay of one has ended in any."""
BEGIN = f"UPDATE {{schema}}workflow_status SET status = 'ENQUEUED' WHERE {_OVERDUE}"  # noqa: S608 - fixed text
ENGINES_OWN_SECONDS = 30.0
"""How often the engine looks into its own queue, which nothing of ours uses, and for delays that
have ended, which are found here before. Each second costs half a percent of a core."""


class Jobs(Protocol):
    """What can be asked of a queue for next to nothing."""

    def rest(self) -> float:
        """How many seconds nobody need ask."""
        ...

    def changed(self) -> bool:
        """Whether the answer may be another one than before."""
        ...

    def waiting(self) -> bool:
        """Whether a job waits; one whose delay has ended does from now on.

        Yes where nobody can tell: the engine looks, and says what is wrong.
        """
        ...

    def close(self) -> None:
        """Let go of the database."""
        ...


class SqliteJobs(Jobs):
    """`Jobs` in a file."""

    def __init__(self, path: str, queue: str) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._queue = queue
        self._seen: object = None

    @override
    def rest(self) -> float:
        """To ask costs next to nothing."""
        return 0.0

    @override
    def changed(self) -> bool:
        try:
            found = self._connection.execute("PRAGMA data_version").fetchone()[0]
        except sqlite3.Error:
            return True
        before, self._seen = self._seen, found
        return bool(found != before)

    @override
    def waiting(self) -> bool:
        try:
            return _waiting(self._ask, self._queue, schema="")
        except sqlite3.Error:
            return True

    def _ask(self, sql: str, values: Sequence[Any]) -> list[Row]:
        return self._connection.execute(sql, values).fetchall()

    @override
    def close(self) -> None:
        self._connection.close()


class PostgresJobs(Jobs):
    """`Jobs` on a server."""

    def __init__(self, url: str, queue: str) -> None:
        self._url = url
        self._queue = queue
        self._talk: Talk | None = None
        self._came = -math.inf

    @override
    def rest(self) -> float:
        """None as long as jobs come."""
        return 0.0 if time.monotonic() - self._came < QUIET_SECONDS else REST_SECONDS

    @override
    def changed(self) -> bool:
        """Nobody tells, so it may be at any time."""
        return True

    @override
    def waiting(self) -> bool:
        if waits := self._waits():
            self._came = time.monotonic()
        return waits

    def _waits(self) -> bool:
        try:
            if self._talk is None:
                self._talk = Talk(
                    psycopg.connect(self._url, autocommit=True, connect_timeout=CONNECT_SECONDS)
                )
            return _waiting(self._talk.rows, self._queue, schema="dbos.")
        except psycopg.Error:
            self.close()  # the server was restarted, perhaps
            return True

    @override
    def close(self) -> None:
        talk, self._talk = self._talk, None
        if talk is not None:
            talk.close()


def _waiting(ask: Callable[[str, Sequence[Any]], list[Row]], queue: str, *, schema: str) -> bool:
    """`ask` commits each statement by itself."""
    question, moment = ASK.format(schema=schema), round(now().timestamp() * MS)
    ((waits, is_due),) = ask(question, (queue, moment))
    if is_due:
        ask(BEGIN.format(schema=schema), (moment,))
        ((waits, _),) = ask(question, (queue, moment))
    return bool(waits)


class Look(Protocol):
    """Takes jobs from a queue, where they wait."""

    freed: threading.Event
    """Set when a job of it has ended."""

    def look(self) -> bool:
        """Take what there is room for; False where the ledger did not answer.

        Raises nothing that another look may not meet.
        """
        ...


class Wake:
    """What the engine's thread of a queue waits on, in the place of its `threading.Event`."""

    def __init__(
        self, stop: threading.Event, jobs: Jobs, freed: threading.Event | None = None
    ) -> None:
        """`freed`: set when there is room again, for which jobs need not wait until the next look."""
        self._stop = stop
        self._jobs = jobs
        self._freed = freed or threading.Event()
        self._waiting = True
        self._asked = 0.0

    def is_set(self) -> bool:
        """Whether to stop."""
        return self._stop.is_set()

    def wait(self, timeout: float) -> bool:
        """Wait for a job, `timeout` seconds at least unless there is room for one; whether to stop instead."""
        while not self._pause(timeout):
            if self._has_reason():
                return False
        return True

    def _pause(self, timeout: float) -> bool:
        if self._stop.is_set():
            return True
        if not self._waiting:
            return self._stop.wait(max(timeout, self._jobs.rest()))
        if not self._freed.wait(timeout):
            return self._stop.is_set()
        self._freed.clear()
        return self._stop.wait(min(SOON_SECONDS, timeout))

    def _has_reason(self) -> bool:
        changed, moment = self._jobs.changed(), time.monotonic()
        if changed or self._waiting or moment - self._asked >= LONGEST_SECONDS:
            self._waiting, self._asked = self._jobs.waiting(), moment
        return self._waiting


class QueueWatch:
    """The threads that look at the queues of one worker."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    @staticmethod
    def before_launch() -> None:
        """Keep the engine from looking by itself."""
        DBOS.listen_queues([])
        own = _get_dbos_instance()._registry.get_internal_queue()  # noqa: SLF001 - no setting for it
        own._polling_interval_sec = ENGINES_OWN_SECONDS  # noqa: SLF001 - as above
        _workflow_commands._BACKGROUND_JOBS_INTERVAL_SEC = ENGINES_OWN_SECONDS  # noqa: SLF001 - as above

    def start(self, name: str, taker: Look | None = None) -> None:
        """Begin to look at a queue, which is registered; `taker` looks in the engine's place."""
        # The engine would ask every second for queues to look at by itself, and for a minute for
        # schedules as well: there are none.
        system: Any = _get_dbos_instance()._sys_db  # noqa: SLF001 - no setting for it
        system.list_queues = system.list_schedules = lambda **_: []
        look = partial(self._look, name, taker)
        thread = threading.Thread(target=look, name=f"queue-{name}", daemon=True)
        thread.start()
        self._threads.append(thread)

    def stop(self) -> None:
        """Take up nothing more."""
        self._stop.set()
        for thread in self._threads:
            thread.join(JOIN_SECONDS)

    def _look(self, name: str, taker: Look | None) -> None:
        engine = _get_dbos_instance()
        queue = engine._sys_db.get_queue(name)  # noqa: SLF001 - there is no other way to its row
        assert queue is not None  # it was registered a moment ago
        queue.database_backed_queue = False  # or each look reads its row anew
        with closing(jobs_of(self._url, name)) as jobs:
            wake: Any = Wake(self._stop, jobs, None if taker is None else taker.freed)
            if taker is None:
                queue_worker_thread(wake, engine, queue)
                return
            usual = pause = queue._polling_interval_sec  # noqa: SLF001 - as above
            while not wake.wait(pause):
                pause = usual if taker.look() else min(2 * pause, LONGEST_PAUSE_SECONDS)


def jobs_of(url: str, queue: str) -> Jobs:
    """What tells whether a job waits. To be used in the thread that calls this."""
    if is_sqlite(url):
        return SqliteJobs(url.removeprefix("sqlite:///"), queue)
    return PostgresJobs(plain_url(url), queue)
