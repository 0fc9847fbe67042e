"""A wire between a program and its server that can be cut, slow, or half open."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

CHUNK_BYTES = 65_536


@dataclass
class Wire:
    """Forwards what comes to `port` to a server on this machine."""

    server: int
    listener: socket.socket = field(default_factory=socket.socket)
    open_ends: list[socket.socket] = field(default_factory=list)
    delay_seconds: float = 0.0
    """How long each piece is under way."""
    is_cut: bool = False
    is_half_open: bool = False
    """Whether what is sent goes nowhere, and nobody is told."""
    unanswered: bytes = b""
    """Words of the program after whose answer the connection ends: the server did it, nobody is told."""
    on_unanswered: Callable[[], object] = lambda: None
    """Called when one was."""
    _asked: set[socket.socket] = field(default_factory=set)

    @property
    def port(self) -> int:
        """Where the program connects to."""
        return int(self.listener.getsockname()[1])

    def cut(self) -> None:
        """End every connection, and refuse new ones until `mend`."""
        self.is_cut = True
        ends, self.open_ends = self.open_ends, []
        for one in ends:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def mend(self) -> None:
        """Let everything through again. What was lost on the way stays lost."""
        self.is_cut, self.is_half_open, self.delay_seconds, self.unanswered = False, False, 0.0, b""

    def accept(self) -> None:
        """Take connections until the listener is closed."""
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            if self.is_cut:
                near.close()
                continue
            far = socket.create_connection(("127.0.0.1", self.server))
            self.open_ends += [near, far]
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._forward, args=(one, other), daemon=True).start()

    def _forward(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while piece := one.recv(CHUNK_BYTES):
                if self.is_half_open:
                    continue
                if self.unanswered and self.unanswered in piece:
                    self._asked.add(other)
                if one in self._asked:
                    self._asked.remove(one)
                    self.on_unanswered()
                    break
                if self.delay_seconds:
                    time.sleep(self.delay_seconds)
                other.sendall(piece)
        for end in (one, other):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        one.close()


@contextmanager
def wire_to(server: int) -> Iterator[Wire]:
    """A wire to the server at that port."""
    wire = Wire(server)
    wire.listener.bind(("127.0.0.1", 0))
    wire.listener.listen()
    threading.Thread(target=wire.accept, daemon=True).start()
    try:
        yield wire
    finally:
        wire.listener.close()
        wire.cut()
