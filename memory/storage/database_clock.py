"""The present moment by the clock of the database, which all machines share."""

from __future__ import annotations

from datetime import datetime

from memory.storage.columns import moment_of
from memory.storage.units import Statements


def clock_in(do: Statements, *, seconds_ago: float = 0) -> str:
    """The present moment by the database's own clock, or one before it, in SQL.

    What several machines write, and others compare, has to be of one clock.
    """
    if do.is_sqlite:
        return f"strftime('%Y-%m-%d %H:%M:%f000', 'now', '-{seconds_ago:.1f} seconds')"
    return f"clock_timestamp() - interval '{seconds_ago:.1f} seconds'"


def present_in(do: Statements) -> datetime:
    """That moment."""
    found = do.row(f"SELECT {clock_in(do)}")
    moment = None if found is None else moment_of(found[0])
    assert moment is not None
    return moment
