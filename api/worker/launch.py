"""Starts the engine."""

from __future__ import annotations

from dbos import DBOS
from sqlalchemy.exc import DBAPIError

from memory.storage.errors import StorageUnavailable, advice, unavailable


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
