"""Wakes the engine's look at a queue when something was written, instead of every moment.

A look costs the engine some milliseconds, also where nothing waits. On SQLite one number says
whether anybody has written since (`PRAGMA data_version`), and asking for it costs microseconds. So
an idle worker hardly looks. On Postgres the engine looks at its usual pace.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from dbos import DBOS
from dbos._dbos import _get_dbos_instance
from dbos._queue import queue_worker_thread

from memory.storage.urls import is_sqlite

LONGEST_SECONDS = 1.0
"""A look is made so often even if nothing was written."""
EAGER_LOOKS = 3
"""Looks after a change: a place may become free a moment after what was written about it."""
JOIN_SECONDS = 10.0


class Wake:
    """What the engine's thread of a queue waits on, in the place of its `threading.Event`."""

    def __init__(self, stop: threading.Event, version: Callable[[], object] | None) -> None:
        """`version` is another one after each change; None where nobody can tell."""
        self._stop = stop
        self._version = version
        self._seen: object = None
        self._eager = EAGER_LOOKS

    def is_set(self) -> bool:
        """Whether to stop."""
        return self._stop.is_set()

    def wait(self, timeout: float) -> bool:
        """Wait for a reason to look, `timeout` seconds at least; whether to stop instead."""
        until = time.monotonic() + LONGEST_SECONDS
        while not self._stop.wait(timeout):
            if self._has_reason() or time.monotonic() >= until:
                return False
        return True

    def _has_reason(self) -> bool:
        if self._version is None:
            return True
        if (found := self._version()) != self._seen:
            self._seen, self._eager = found, EAGER_LOOKS
        self._eager -= 1
        return self._eager >= 0


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

    def start(self, names: Sequence[str]) -> None:
        """Begin to look at these queues, which are registered."""
        for name in names:
            thread = threading.Thread(
                target=self._look, args=(name,), name=f"queue-{name}", daemon=True
            )
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """Take up nothing more."""
        self._stop.set()
        for thread in self._threads:
            thread.join(JOIN_SECONDS)

    def _look(self, name: str) -> None:
        engine = _get_dbos_instance()
        queue = engine._sys_db.get_queue(name)  # noqa: SLF001 - there is no other way to its row
        assert queue is not None  # it was registered a moment ago
        wake: Any = Wake(self._stop, _version_of(self._url))
        queue_worker_thread(wake, engine, queue)


def _version_of(url: str) -> Callable[[], object] | None:
    if not is_sqlite(url):
        return None
    connection = sqlite3.connect(url.removeprefix("sqlite:///"))

    def version() -> object:
        try:
            return connection.execute("PRAGMA data_version").fetchone()[0]
        except sqlite3.Error:
            return object()  # like nothing before: the engine looks, and says what is wrong

    return version
