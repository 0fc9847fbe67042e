"""Code is loaded without the collector of circles, and a process ends without it."""

from __future__ import annotations

import atexit
import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """Import and build within it what stays until the end of the process.

    Some hundred thousand objects, at which the collector would look again and again: half of the
    time that a command takes.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def end_quickly() -> None:
    """Leave alone at the end of the process whatever the collector would still look at."""
    atexit.register(gc.freeze)
