"""What processes have used, as Linux counts it."""

import os
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.bench.figure import Spent, Unmeasured

TICKS = os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")
USER, SYSTEM = 11, 12
"""Places in /proc/PID/stat behind the name: processor time of the process and all its threads."""
CHILDREN_USER, CHILDREN_SYSTEM = 13, 14
"""The same of the children that it has waited for."""
PARENT = 1


def cpu_seconds(stat: str) -> float:
    """The processor time in a line of /proc/PID/stat, of all threads and of ended children."""
    fields = _behind_name(stat)
    return sum(int(fields[n]) for n in (USER, SYSTEM, CHILDREN_USER, CHILDREN_SYSTEM)) / TICKS


def parent(stat: str) -> int:
    """Whose child it is."""
    return int(_behind_name(stat)[PARENT])


def _behind_name(stat: str) -> list[str]:
    # A name may hold blanks and brackets, so the last bracket counts.
    return stat.rpartition(")")[2].split()


def used(pid: int) -> float:
    """Processor seconds of a process so far. Raises `Unmeasured`."""
    try:
        return cpu_seconds((PROC / str(pid) / "stat").read_text())
    except OSError as error:
        msg = f"process {pid} has no /proc/{pid}/stat: it has ended, or this is no Linux"
        raise Unmeasured(msg) from error


def used_by_family(pid: int) -> float:
    """The same with its living children, as a database server has one for each connection."""
    total = used(pid)
    for one in PROC.glob("[0-9]*/stat"):
        try:
            stat = one.read_text()
        except OSError:
            continue  # it ended while we looked
        if parent(stat) == pid:
            total += cpu_seconds(stat)
    return total


@dataclass
class Watch:
    """Processor time of a process and time by the clock, from its making on."""

    reads: Callable[[], float]

    def __post_init__(self) -> None:
        self._cpu, self._wall = self.reads(), time.perf_counter()

    def spent(self, count: int) -> Spent:
        """Since the watch was made."""
        return Spent(self.reads() - self._cpu, time.perf_counter() - self._wall, count)


def machine() -> dict[str, Any]:
    """Where the figures come from."""
    return {
        "processor": _line("/proc/cpuinfo", "model name"),
        "cores": len(os.sched_getaffinity(0)),
        "memory": _line("/proc/meminfo", "MemTotal"),
        "system": platform.platform(),
        "python": platform.python_version(),
        "load_at_start": [round(one, 2) for one in os.getloadavg()],
    }


def _line(path: str, name: str) -> str:
    try:
        lines = Path(path).read_text().splitlines()
    except OSError:
        return "unknown"
    found = (line.partition(":")[2].strip() for line in lines if line.startswith(name))
    return next(found, "unknown")
