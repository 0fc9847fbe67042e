"""A trouble that lasts is told when it begins, once a minute, and when it is over.

What is done again several times a second would otherwise fill the log with one line.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

log = structlog.get_logger()

AGAIN_SECONDS = 60.0
"""Between two lines about the same."""
CALM_SECONDS = 10.0
"""Nothing has failed for so long: it is over."""
MOST_KINDS = 8
"""Of errors that are told apart in one trouble; what comes after them is told as one kind."""
FURTHER = ""
"""That kind: no error has this name."""


@dataclass
class Outage:
    """What keeps one process from its work, whoever of it meets that; for any thread."""

    event: str
    clock: Callable[[], float] = time.monotonic
    _told: dict[str, float] = field(default_factory=dict)
    """When each error was told last."""
    _since: float | None = None
    _last: float = 0.0
    _times: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def failed(self, error: str, **names: str) -> None:
        """Something failed; `names` say what, and go into a line that is due."""
        with self._lock:
            self._last = moment = self.clock()
            self._since = moment if self._since is None else self._since
            self._times += 1
            kind = error if error in self._told or len(self._told) < MOST_KINDS else FURTHER
            before = self._told.get(kind)
            if before is not None and moment - before < AGAIN_SECONDS:
                return
            self._told[kind] = moment
            passed, times = round(moment - self._since, 1), self._times
        log.warning(self.event, error=error, seconds=passed, times=times, **names)

    def worked(self) -> None:
        """Something did not fail."""
        if self._since is None:
            return
        with self._lock:
            if self._since is None or self.clock() - self._last < CALM_SECONDS:
                return
            passed, times = round(self._last - self._since, 1), self._times
            self._since, self._times = None, 0
            self._told.clear()
        log.info("trouble_over", what=self.event, seconds=passed, times=times)


def of_channels() -> Outage:
    """What keeps the channels from the ledger: they look for work several times a second."""
    return Outage("channel_failed")
