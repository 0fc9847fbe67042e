"""Ends connections to Postgres that no longer answer, though nobody has said that they ended.

Where something between us and the server takes what is sent and gives nothing back (a proxy that
hangs, a server that was stopped), the kernel sees nothing wrong, and libpq would wait for ever. A lock
is waited for no longer than `lock_timeout`, so a unit of work that takes longer still is stuck. Then
all connections of the process to the server are ended, whoever opened them (the mapper, the engine,
the locks): each learns what it learns of a server that was restarted, and goes on by itself.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

STUCK_SECONDS = 45.0
"""How long a unit of work may take."""
LOOK_SECONDS = 2.0
"""How often the units that are under way are looked at."""
DESCRIPTORS = Path("/dev/fd")
"""Lists a process's open files, on Linux and on the BSDs."""


class StuckWatch:
    """Knows since when each unit is under way, and looks at them in a thread of its own."""

    def __init__(self, end: Callable[[], object]) -> None:
        """`end` ends what is stuck."""
        self._end = end
        self._since: dict[int, float] = {}
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to look."""
        self._thread = threading.Thread(target=self._watch, name="stuck-watch", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    @contextmanager
    def under_way(self) -> Iterator[None]:
        """Of one unit; each thread does one at a time."""
        me = threading.get_ident()
        self._since[me] = time.monotonic()
        try:
            yield
        finally:
            del self._since[me]

    def _watch(self) -> None:
        while not self._stop.wait(LOOK_SECONDS):
            overdue = time.monotonic() - STUCK_SECONDS
            if any(since < overdue for since in list(self._since.values())):
                self._end()


def end_connections(ports: frozenset[int]) -> int:
    """End this process's connections to servers at these ports; how many there were."""
    return sum(_end(int(one.name), ports) for one in list(DESCRIPTORS.iterdir()))


def _end(descriptor: int, ports: frozenset[int]) -> bool:
    try:
        with closing(socket.socket(fileno=os.dup(descriptor))) as one:
            found = (
                one.family in {socket.AF_INET, socket.AF_INET6} and one.getpeername()[1] in ports
            )
            if found:
                one.shutdown(socket.SHUT_RDWR)
            return found
    except OSError:
        return False  # no socket, not connected, or closed by its owner meanwhile
