"""How much of the time that passed a process could use: one that starves is not one that hangs."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

SLACK = 2.0
"""A thread that got half of a processor was not starved."""
TASK = "/proc/{0}/task/{0}/stat"
RUNNABLE = "R"
STATE_FIELD, USER_FIELD, SYSTEM_FIELD = 0, 11, 12
"""In what follows the name in brackets; see `man proc_pid_stat`."""


@dataclass
class MainThread:
    """The thread with the event loop of one process."""

    pid: int
    _used: float = 0.0

    def fair(self, passed: float) -> float:
        """Of `passed` seconds, those that it did not have to wait for a processor.

        All of them where it waits for something else, or where the system does not say.
        """
        state, used = _looked(self.pid)
        got, self._used = used - self._used, used
        return min(passed, SLACK * got) if state == RUNNABLE else passed


def _looked(pid: int) -> tuple[str, float]:
    """State, and seconds of a processor since its beginning."""
    try:
        text = Path(TASK.format(pid)).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return "", 0.0
    fields = text.rpartition(")")[2].split()
    ticks = int(fields[USER_FIELD]) + int(fields[SYSTEM_FIELD])
    return fields[STATE_FIELD], ticks / os.sysconf("SC_CLK_TCK")
