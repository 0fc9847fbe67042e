"""One process of the stack: started, heard, restarted within reason, and made to end."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
import uuid
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import structlog

from api.cli.starvation import MainThread
from api.telemetry.heartbeat import PIPE
from api.worker.last_words import cause_of, write_fate
from api.worker.memory_limit import resident_mb
from api.worker.process_name import NAME
from memory.tables.workers import DeathCause

log = structlog.get_logger()

RESTARTS = 20
"""Restarts of one process that are tolerated in `RESTART_WINDOW`."""
RESTART_WINDOW = 120.0
"""Seconds."""
START_ATTEMPTS = 2
"""A process that ends so often before it was ready once will not start the next time either."""
START_SECONDS = 300.0
"""How long a process may take to be ready: the first worker on a machine exports its model."""
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.1, 5.0
"""Rest before a process that died is started again: it doubles with each recent start."""
WORDS_SECONDS = 0.5
"""How long a process that is killed may take for its last words."""
MOST_BEATS = 4_096
"""Bytes read from a pipe at once."""
PR_SET_PDEATHSIG = 1
"""`man prctl`: the signal a process gets when its parent dies."""
CONFIGURATION = 2
"""Exit status of a process that refuses its configuration: starting it again cannot help."""
NEVER_ASKED = frozenset({-signal.SIGKILL, -signal.SIGTERM, 0})
"""Ends that say nothing of what the process did: somebody sent the signal."""


@dataclass(frozen=True)
class Bounds:
    """What a process of the stack may do before it is killed."""

    silent_seconds: float
    memory_mb: int | None = None
    folder: Path | None = None
    """Where a worker's fate is written down; None for what is no worker."""


@dataclass
class Child:
    """One process of the stack. `bounds` is None for a program that shows no beats."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    bounds: Bounds | None = None
    pass_on: tuple[int, ...] = ()
    """Descriptors that it inherits."""
    process: subprocess.Popen[bytes] | None = None
    starts: deque[float] = field(default_factory=lambda: deque(maxlen=RESTARTS + 1))
    ready: bool = False
    """Whether this start of it was heard."""
    failed_starts: int = 0
    silence: float = 0.0
    """Seconds for which the supervisor was awake and heard nothing."""
    not_before: float = 0.0
    _pipe: int | None = None
    _thread: MainThread | None = None
    _life: str = ""
    """The name of this start of a worker."""

    def start(self) -> None:
        """Start it, or start it again."""
        self.starts.append(time.monotonic())
        self.ready, self.silence = self.bounds is None, 0.0
        self._life = f"worker-{uuid.uuid4().hex[:12]}"
        self._close_pipe()
        given, write = dict(self.environment), None
        if self.bounds is not None:
            self._pipe, write = os.pipe2(os.O_CLOEXEC)
            os.set_blocking(self._pipe, False)
            given |= {PIPE: str(write), NAME: self._life}
        try:
            self.process = subprocess.Popen(  # noqa: S603 - our own
                self.command,
                env=given,
                pass_fds=(*self.pass_on, *(() if write is None else (write,))),
                preexec_fn=partial(_die_with, os.getpid()),  # noqa: PLW1509 - this process has no threads
            )
        finally:
            if write is not None:
                os.close(write)
        self._thread = MainThread(self.process.pid)
        log.info("process_started", name=self.name, pid=self.process.pid)

    @property
    def ended(self) -> int | None:
        """Exit status once it has ended, else None."""
        return None if self.process is None else self.process.poll()

    @property
    def hopeless(self) -> bool:
        """Whether it died too often in too short a time, or cannot start at all."""
        full = len(self.starts) == self.starts.maxlen
        often = full and self.starts[-1] - self.starts[0] < RESTART_WINDOW
        return often or self.failed_starts >= START_ATTEMPTS

    def watch(self, passed: float) -> None:
        """Hear it, `passed` seconds after the last time; kill it where it is beyond its bounds."""
        if self.process is None or self.bounds is None or self.ended is not None:
            return
        if self._heard():
            self.ready, self.silence, self.failed_starts = True, 0.0, 0
        else:
            self.silence += passed if self._thread is None else self._thread.fair(passed)
        limit = self.bounds.silent_seconds if self.ready else START_SECONDS
        if self.silence > limit:
            self._kill(DeathCause.SILENT)
        elif self._is_too_large():
            self._kill(DeathCause.MEMORY)

    def note_end(self, status: int) -> None:
        """It has ended by itself: what the next start is to know of it."""
        self.ready = self.ready or self._heard()  # it may have died before it was listened to
        if not self.ready and status != 0:
            self.failed_starts += 1
        self.not_before = time.monotonic() + self._pause()
        folder = None if self.bounds is None else self.bounds.folder
        if folder is None or status in NEVER_ASKED:
            return
        if cause_of(folder, self._life) is DeathCause.OUTSIDE and self.ready:
            write_fate(folder, self._life, DeathCause.CRASH)

    def ask_to_end(self) -> None:
        """SIGTERM, where it still runs."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def make_end(self, until: float) -> None:
        """Wait until a moment of `time.monotonic`, then kill it."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            log.warning("process_killed", name=self.name, why="it did not end in time")
            self.process.kill()
            self.process.wait()
        self._close_pipe()

    def _pause(self) -> float:
        recent = sum(time.monotonic() - one < RESTART_WINDOW for one in self.starts)
        return min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2.0**recent)

    def _heard(self) -> bool:
        if self._pipe is None:
            return False
        with suppress(BlockingIOError):
            return bool(os.read(self._pipe, MOST_BEATS))
        return False

    def _is_too_large(self) -> bool:
        if self.process is None or self.bounds is None or self.bounds.memory_mb is None:
            return False
        return resident_mb(self.process.pid) > self.bounds.memory_mb

    def _kill(self, cause: DeathCause) -> None:
        assert self.process is not None
        assert self.bounds is not None
        log.error("process_killed", name=self.name, why=cause.value, silent=round(self.silence, 1))
        if self.bounds.folder is not None:
            # Before the end: its jobs are taken over as soon as its lease is free.
            write_fate(self.bounds.folder, self._life, cause)
        # First the signal at which a process of ours writes its stacks, whatever holds it.
        self.process.send_signal(signal.SIGABRT)
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(WORDS_SECONDS)
        self.process.kill()
        self.process.wait()

    def _close_pipe(self) -> None:
        if self._pipe is not None:
            os.close(self._pipe)
            self._pipe = None


def _die_with(parent: int) -> None:
    """On Linux a child is told to end when the supervisor is killed, so that none is orphaned."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGTERM)  # it was killed before we had asked to be told
