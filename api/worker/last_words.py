"""What a worker leaves behind for whoever finds it dead: its last steps, and how it died.

Files beside its lease, written by plain system calls: what was written is there after `kill -9`,
and a step costs some microseconds. Names of steps and functions only, no customer's text.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO

from memory.tables import DeathCause
from memory.workers.drives import Step

LINE_BYTES = 128
"""Of one mark; ticket ids and node names are far shorter."""
MOST_SLOTS = 1_024
AWAY = "away"
"""Behind the step of a ticket that waits for a model or a service."""
MOST_WORDS_BYTES = 65_536
"""Of the stacks that are read."""
MOST_FATE_BYTES = 100
TIMEOUT = "Timeout ("
"""How the interpreter's watchdog begins what it writes."""
SUFFIXES = (".steps", ".words", ".fate")


class StepMarks:
    """The step that each ticket of one worker has begun last."""

    def __init__(self, folder: Path, worker: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
        self._file = os.open(folder / f"{worker}.steps", flags, 0o600)
        self._is_open = True
        self._slots: dict[str, int] = {}
        self._lines: dict[str, str] = {}
        self._free = list(range(MOST_SLOTS - 1, -1, -1))
        self._count = 0

    def mark(self, ticket_id: str, node: str) -> None:
        """A step begins now."""
        if ticket_id not in self._slots:
            if not self._free:
                return
            self._slots[ticket_id] = self._free.pop()
        self._count += 1
        self._lines[ticket_id] = f"{self._count} {ticket_id} {node}"
        self._write(self._slots[ticket_id], self._lines[ticket_id])

    def waits(self, ticket_id: str, outside: int) -> None:
        """Whether the ticket waits for somebody outside by now, and so for nothing of this process."""
        if ticket_id in self._slots:
            line = self._lines[ticket_id]
            self._write(self._slots[ticket_id], f"{line} {AWAY}" if outside else line)

    def clear(self, ticket_id: str) -> None:
        """The ticket's drive is over."""
        slot = self._slots.pop(ticket_id, None)
        if slot is not None:
            del self._lines[ticket_id]
            self._write(slot, "")
            self._free.append(slot)

    def close(self) -> None:
        """Nothing is marked any more, also by what ends later."""
        self._is_open = False
        os.close(self._file)

    def _write(self, slot: int, line: str) -> None:
        if not self._is_open:
            return
        said = line.encode()[: LINE_BYTES - 1].ljust(LINE_BYTES - 1)
        os.pwrite(self._file, said + b"\n", slot * LINE_BYTES)


def steps_of(folder: Path, worker: str) -> Mapping[str, Step]:
    """By ticket, what a dead worker had begun last; empty if nothing is left."""
    text = _read(folder / f"{worker}.steps", LINE_BYTES * MOST_SLOTS)
    marks = [parts for line in text.splitlines() if len(parts := line.split()) in {3, 4}]
    numbered = {
        ticket: (int(n), node, AWAY in rest) for n, ticket, node, *rest in marks if n.isdecimal()
    }
    newest = max((n for n, *_ in numbered.values()), default=0)
    return {ticket: Step(node, n == newest, away) for ticket, (n, node, away) in numbered.items()}


def open_words(folder: Path, worker: str) -> IO[str]:
    """Where the interpreter writes the stacks of a crash or a hang."""
    folder.mkdir(parents=True, exist_ok=True)
    return (folder / f"{worker}.words").open("w", encoding="utf-8")


def words_of(folder: Path, worker: str) -> str:
    """The stacks that a dead worker left."""
    return _read(folder / f"{worker}.words", MOST_WORDS_BYTES)


def write_fate(folder: Path, worker: str, cause: DeathCause) -> None:
    """Say how a worker died, or is about to."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{worker}.fate").write_text(cause.value, encoding="utf-8")


def cause_of(folder: Path, worker: str) -> DeathCause:
    """How a worker died, by what was left of it."""
    with suppress(ValueError):
        return DeathCause(_read(folder / f"{worker}.fate", MOST_FATE_BYTES).strip())
    words = words_of(folder, worker)
    if not words:
        return DeathCause.OUTSIDE
    return DeathCause.SILENT if words.startswith(TIMEOUT) else DeathCause.CRASH


def clear_away(folder: Path, worker: str) -> None:
    """Nothing of it is needed any more."""
    for suffix in SUFFIXES:
        (folder / f"{worker}{suffix}").unlink(missing_ok=True)


def _read(path: Path, most: int) -> str:
    try:
        with path.open("rb") as file:
            return file.read(most).decode("utf-8", "replace")
    except OSError:
        return ""
