"""Ends connections to Postgres that no longer answer, though nobody has said that they ended.

Where something between us and the server takes what is sent and gives nothing back (a proxy that
hangs, a server that was stopped), the kernel sees nothing wrong, and libpq would wait for ever. A statement
may well be slow, so whoever waits for long has the server itself asked: any that lives says at once
whether it speaks TLS, before it looks at who asks. One that says nothing is away. Then all connections of the process to it are ended,
whoever opened them (the mapper, the engine, the locks): each learns what it learns of a server that was
restarted. While none of those that the address names answers, nobody waits for them; a name that
stands for another server by then, as after a failover, is asked at its new place.
"""

from __future__ import annotations

import os
import socket
import struct
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import closing, contextmanager, suppress
from enum import Enum, auto
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

NO_NETWORK = ("/", "@")
"""What the address of a socket on this machine begins with."""


class Says(Enum):
    """What a server does that is asked whether it is there."""

    SOMETHING = auto()
    NO = auto()
    """It refuses, or is not to be reached: everybody else learns the same at once."""
    NOTHING = auto()


class StuckWatch:
    """Knows since when each wait is under way, and looks at them in a thread of its own."""

    def __init__(self, servers: Collection[tuple[str, int]]) -> None:
        """`servers`: those that the address names, each with its port."""
        self._servers = servers
        self._ports = {port for _, port in servers}
        self._since: dict[object, float] = {}
        self._units: dict[object, float] = {}
        self._named: set[Peer] = set()
        """What the names stood for when they were looked up last."""
        self._away = False
        self._answered_at = 0.0
        self._stop = threading.Event()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    @property
    def away(self) -> bool:
        """Whether nobody answers, so that waiting is no use."""
        return self._away

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
        if self._away or (not fresh and _longer(self._since, PATIENCE_SECONDS)):
            self._ask()

    def _ask(self) -> None:
        """Ask all servers that we have connections to or would connect to, and leave those that say nothing."""
        self._look_up()
        ours = {peer for _, peer in _connections() if peer[1] in self._ports}
        said = {peer: asked(peer) for peer in ours | self._named}
        silent = {peer for peer, says in said.items() if says is Says.NOTHING}
        if silent & ours:
            end_connections(silent.__contains__)
        named = {said[peer] for peer in self._named}
        self._away = Says.NOTHING in named and Says.SOMETHING not in named
        if not self._away and not silent & ours:  # a standby may be gone for long
            self._answered_at = time.monotonic()

    def _look_up(self) -> None:
        """Keeps what is known where no name can be looked up."""
        with suppress(OSError):
            self._named = {
                (str(found[4][0]), port)
                for host, port in self._servers
                if host and not host.startswith(NO_NETWORK)
                for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            }


def _longer(since: dict[object, float], seconds: float) -> bool:
    overdue = time.monotonic() - seconds
    return any(one < overdue for one in list(since.values()))


def asked(peer: Peer) -> Says:
    """What a server says that takes a connection, or neither takes nor refuses it."""
    try:
        with socket.create_connection(peer, ANSWER_SECONDS) as one:
            one.settimeout(ANSWER_SECONDS)
            one.sendall(SPEAKS_TLS)
            one.recv(1)
    except TimeoutError:
        return Says.NOTHING
    except OSError:
        return Says.NO
    return Says.SOMETHING


def end_connections(is_meant: Callable[[Peer], bool]) -> None:
    """End this process's connections to these servers."""
    for one, peer in _connections():
        if is_meant(peer):
            with suppress(OSError):  # closed by its owner meanwhile
                one.shutdown(socket.SHUT_RDWR)


def _connections() -> Iterator[tuple[socket.socket, Peer]]:
    """Those that this process opened: who connects to it chooses the port at their own end."""
    listening = {one.getsockname()[1] for one in _sockets() if _listens(one)}
    for one in _sockets():
        with suppress(OSError):  # not connected, or closed by its owner meanwhile
            peer = one.getpeername()[:2]
            if one.getsockname()[1] not in listening:
                yield one, peer


def _sockets() -> Iterator[socket.socket]:
    for descriptor in list(DESCRIPTORS.iterdir()):
        try:
            if not descriptor.is_socket():
                continue
            with closing(socket.socket(fileno=os.dup(int(descriptor.name)))) as one:
                if one.family in {socket.AF_INET, socket.AF_INET6}:
                    yield one
        except OSError:
            continue  # closed by its owner meanwhile


def _listens(one: socket.socket) -> bool:
    return bool(one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))
