"""Starts the engine, and what a process does once it has everything it needs."""

from __future__ import annotations

import gc

from dbos import DBOS
from sqlalchemy.exc import DBAPIError

from memory.storage.errors import StorageUnavailable, advice, unavailable

YOUNG = 10_000
"""Objects made since the last look at the young ones: a run makes some thousands, and few circles."""


def keep_loaded() -> None:
    """Let the collector of circles look only at what is made from now on.

    What a worker loads (modules, models, the graph) stays until its end, and is some hundred
    thousand objects to look at again and again.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, *gc.get_threshold()[1:])


def launch() -> None:
    """Start it: it begins to work at once.

    Raises `StorageUnavailable`; the engine's own complaint about a database that is away is a page long.
    """
    try:
        DBOS.launch()
    except DBAPIError as error:
        if not unavailable(error):
            raise
        raise StorageUnavailable(advice(error)) from error
