"""How many of something happen at the same time."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class AtOnce:
    """Counts them, whatever thread they are in."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._now = 0
        self.most = 0

    @contextmanager
    def one(self) -> Iterator[None]:
        """While one of them happens."""
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
        try:
            yield
        finally:
            with self._lock:
                self._now -= 1
