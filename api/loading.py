"""Code is loaded without the collector of circles, and a process ends without it."""

from __future__ import annotations

import atexit
import gc
from collections.abc import Iterator
from contextlib import contextmanager

YOUNG = 10_000
"""Objects made since the last look at the young ones: a run or a request makes some thousands, and few circles."""


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


def keep_loaded() -> None:
    """Let the collector of circles look only at what is made from now on.

    What a process has made until it is ready (modules, routes and their schemas, models, the
    graph) stays until its end, and is some hundred thousand objects to look at again and again:
    an API stood still for 40 ms every few seconds.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, *gc.get_threshold()[1:])


def end_quickly() -> None:
    """Leave alone at the end of the process whatever the collector would still look at."""
    atexit.register(gc.freeze)
