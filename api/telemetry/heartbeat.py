"""A process shows that its event loop goes on, to whoever can end it from outside.

The supervisor reads a pipe, systemd a datagram. Beside them stands a watchdog of the interpreter
that needs no lock of it: a thread in C that ends the process, whatever holds the interpreter.
"""

from __future__ import annotations

import asyncio
import faulthandler
import os
import signal
import socket
import sys
import time
from collections.abc import Mapping
from typing import IO

BEAT_SECONDS = 0.5
"""How often the event loop shows that it goes on."""
STOP_SECONDS = 14.0
"""How long the whole end of a process may take before it is made to end: a grace for what is under way,
such as a mail that is just leaving, and tidying up. The supervisor waits a little longer."""
PIPE = "DESKHAND_BEAT_FD"
"""Environment: the descriptor that the supervisor hears."""
LISTENER = "DESKHAND_LISTEN_FD"
"""Environment: the socket that the API takes over, open as long as the supervisor lives."""
NOTIFY_SOCKET = "NOTIFY_SOCKET"
"""Environment: where systemd wants to be told; see `man sd_notify`."""
ARM_SECONDS = 2.0
"""How often the watchdog inside is wound up: each time costs a thread."""
BACKSTOP = 3.0
"""The watchdog inside waits so many times as long as the one outside: a starved process is not
a hung one, and it cannot tell them apart. Nor one that was stopped as a whole, as a container that
is paused: it may end when it goes on."""
HEARD_BACKSTOP = 60.0
"""The same while a supervisor hears the process: that one can tell, and is there to end it."""


def notify(state: str, environment: Mapping[str, str] = os.environ) -> bool:
    """Tell systemd, such as READY=1 or WATCHDOG=1; False if it does not want to know."""
    address = environment.get(NOTIFY_SOCKET, "")
    if not address.startswith(("/", "@")):
        return False
    if address.startswith("@"):
        address = "\0" + address[1:]  # the abstract namespace
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as door:
        try:
            door.connect(address)
            door.sendall(state.encode())
        except OSError:
            return False  # it will notice the silence
    return True


class Heartbeat:
    """The beats of one process. All methods are for its event loop's thread."""

    def __init__(self, seconds: float, words: IO[str] | None = None) -> None:
        """`seconds` of silence end the process; `words` gets the stacks of a crash or hang."""
        self._seconds = seconds
        self._words = words
        self._pipe = _inherited()
        self._stopping = False
        self.orphaned = False
        """Whether the supervisor that heard it has ended."""
        self._armed = -ARM_SECONDS
        if words is not None:
            faulthandler.enable(words)

    def beat(self) -> None:
        """Say that the loop goes on."""
        if self._pipe is not None:
            try:
                os.write(self._pipe, b".")
            except BlockingIOError:
                pass  # it has enough to hear
            except BrokenPipeError:
                self.orphaned = True
        notify("WATCHDOG=1")
        if not self._stopping and time.monotonic() - self._armed >= ARM_SECONDS:
            heard = self._pipe is not None and not self.orphaned
            self._arm(self._seconds * (HEARD_BACKSTOP if heard else BACKSTOP) + ARM_SECONDS)

    def ready(self) -> None:
        """Say that the process does its work from now on."""
        self.beat()
        notify("READY=1")

    def heed(self, seconds: float, stop: asyncio.Event) -> None:
        """At SIGTERM and SIGINT set `stop`, and be made to end within `seconds`.

        The handler is the interpreter's, not the event loop's: a loop that hangs would never come to
        it, and where the supervisor was killed nobody else ends the process.
        """
        loop = asyncio.get_running_loop()

        def told(_number: int, _frame: object) -> None:
            if not self._stopping:
                self.stop_within(seconds)
            if not loop.is_closed():
                loop.call_soon_threadsafe(stop.set)

        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, told)

    def stop_within(self, seconds: float) -> None:
        """The process is to end: it is made to after so long, whatever its threads do."""
        self._stopping = True
        notify("STOPPING=1")
        self._arm(seconds)

    def end(self) -> None:
        """Nothing is watched any more."""
        if self._words is not None:
            faulthandler.cancel_dump_traceback_later()
            faulthandler.disable()

    def _arm(self, seconds: float) -> None:
        self._armed = time.monotonic()
        if self._words is not None or self._stopping:
            words = self._words or sys.stderr
            faulthandler.dump_traceback_later(seconds, exit=True, file=words)


def _inherited() -> int | None:
    """The descriptor to write to. What this process starts does not get it."""
    given = os.environ.pop(PIPE, "")
    if not given.isdecimal():
        return None
    try:
        os.set_inheritable(int(given), False)  # noqa: FBT003 - it has no name
        os.set_blocking(int(given), False)
    except OSError:
        return None  # somebody set the variable without the pipe
    return int(given)
