"""Ends connections to Postgres that no longer answer, though nobody has said that they ended.

Where something between us and the server takes what is sent and gives nothing back (a proxy that
hangs, a server that was stopped), the kernel sees nothing wrong, and libpq would wait for ever. A statement
may well be slow, so whoever waits for long has the server itself asked: any that lives says at once
whether it speaks TLS, before it looks at who asks. One that says nothing is away. Then all connections of the process to it are ended,
whoever opened them (the mapper, the engine, the locks): each learns what it learns of a server that was
restarted. Until it answers again nobody waits for it.
"""

from __future__ import annotations

import os
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

STUCK_SECONDS = 45.0
"""How long a unit of work may take, though its server answers: a lock is waited for no longer than
`lock_timeout`, so one that takes longer still is stuck on its own connection."""
PATIENCE_SECONDS = 2.0
"""For how long is waited before the server is asked."""
ANSWER_SECONDS = 2.5
"""How long a server may take to say that it is there."""
LOOK_SECONDS = 1.0
"""How often is looked who waits, and a server that is away is asked."""
DESCRIPTORS = Path("/dev/fd")
"""Lists a process's open files, on Linux and on the BSDs."""
SPEAKS_TLS = struct.pack("!ii", 8, 80_877_103)
"""The question that the protocol begins with, or may."""

Peer = tuple[str, int]
"""Address and port at the other end of a connection."""


class StuckWatch:
    """Knows since when each wait is under way, and looks at them in a thread of its own."""

    def __init__(self, ports: frozenset[int], *, single: bool = True) -> None:
        """`ports`: of the servers. `single`: whether the address names one; of several, another may answer."""
        self._ports = ports
        self._single = single
        self._since: dict[object, float] = {}
        self._units: dict[object, float] = {}
        self._silent: set[Peer] = set()
        self._answered_at = 0.0
        self._stop = threading.Event()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    @property
    def away(self) -> bool:
        """Whether nobody answers, so that waiting is no use."""
        return self._single and bool(self._silent)

    def stop(self) -> None:
        """Look no more."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    @contextmanager
    def waiting(self, *, unit: bool = False) -> Iterator[None]:
        """Somebody waits for the server, or may; a `unit` of work waits for nothing else."""
        self._start()
        me = object()
        known = (self._since, self._units) if unit else (self._since,)
        for each in known:
            each[me] = time.monotonic()
        try:
            yield
        finally:
            for each in known:
                del each[me]

    def _start(self) -> None:
        with self._starting:
            if self._thread is None:
                self._stop.clear()
                self._thread = threading.Thread(target=self._watch, name="stuck-watch", daemon=True)
                self._thread.start()

    def _watch(self) -> None:
        while not self._stop.wait(LOOK_SECONDS):
            with suppress(OSError):  # as where no file can be opened any more: it looks again
                self._look()

    def _look(self) -> None:
        if _longer(self._units, STUCK_SECONDS):
            end_connections(lambda peer: peer[1] in self._ports)
        fresh = time.monotonic() - self._answered_at < PATIENCE_SECONDS
        if self._silent or (not fresh and _longer(self._since, PATIENCE_SECONDS)):
            self._ask()

    def _ask(self) -> None:
        """Ask all servers that we have connections to, and leave those that say nothing."""
        peers = {peer for _, peer in _connections() if peer[1] in self._ports}
        self._silent = {peer for peer in peers | self._silent if is_silent(peer)}
        if self._silent:
            end_connections(self._silent.__contains__)
        else:
            self._answered_at = time.monotonic()


def _longer(since: dict[object, float], seconds: float) -> bool:
    overdue = time.monotonic() - seconds
    return any(one < overdue for one in list(since.values()))


def is_silent(peer: Peer) -> bool:
    """Whether a server takes a connection, or neither takes nor refuses it, and says nothing."""
    try:
        with socket.create_connection(peer, ANSWER_SECONDS) as one:
            one.settimeout(ANSWER_SECONDS)
            one.sendall(SPEAKS_TLS)
            one.recv(1)
    except TimeoutError:
        return True
    except OSError:
        return False  # a refusal is an answer, which everybody else gets as well
    return False


def end_connections(is_meant: Callable[[Peer], bool]) -> None:
    """End this process's connections to these servers."""
    for one, peer in _connections():
        if is_meant(peer):
            with suppress(OSError):  # closed by its owner meanwhile
                one.shutdown(socket.SHUT_RDWR)


def _connections() -> Iterator[tuple[socket.socket, Peer]]:
    for descriptor in list(DESCRIPTORS.iterdir()):
        try:
            if not descriptor.is_socket():
                continue
            with closing(socket.socket(fileno=os.dup(int(descriptor.name)))) as one:
                if one.family in {socket.AF_INET, socket.AF_INET6}:
                    yield one, one.getpeername()[:2]
        except OSError:
            continue  # not connected, or closed by its owner meanwhile
