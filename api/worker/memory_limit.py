"""A worker that holds more memory than it may ends itself, before the machine picks a victim."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

LOOK_SECONDS = 0.5
EXIT = 71
"""Exit status of a worker that ended itself because of its memory."""
STATM = "/proc/{}/statm"


def resident_mb(pid: int) -> float:
    """Memory that a process holds, in MB; 0.0 if the system does not say."""
    try:
        pages = int(Path(STATM.format(pid)).read_text(encoding="ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1_000_000


def limit_memory(most_mb: int | None, on_end: Callable[[], None]) -> None:
    """Look from a thread of its own; `on_end` is called before the process ends."""
    if most_mb is not None:
        threading.Thread(target=_watch, args=(most_mb, on_end), daemon=True).start()


def _watch(most_mb: int, on_end: Callable[[], None]) -> None:
    while resident_mb(os.getpid()) <= most_mb:
        time.sleep(LOOK_SECONDS)
    try:
        on_end()
    finally:
        os._exit(EXIT)
