"""What became of a transaction of Postgres whose end was not heard."""

from __future__ import annotations

from memory.storage.units import Statements

COMMITTED, IN_PROGRESS = "committed", "in progress"
LIFE = (
    "concat(extract(epoch FROM pg_postmaster_start_time()), '/',"
    " extract(epoch FROM pg_stat_get_bgwriter_stat_reset_time()))"
)
"""Which life of a server it is: behind a crash it counts anew, also where only its processes were begun again."""
NAMED = f"concat(pg_current_xact_id(), '@', {LIFE})"
"""What Postgres calls a transaction; a crash forgets numbers that were given, and gives them to others."""
STATUS = (
    f"SELECT CASE WHEN life <> {LIFE} THEN 'lost'"  # noqa: S608 - fixed text
    " WHEN asked < pg_snapshot_xmax(pg_current_snapshot()) THEN pg_xact_status(asked)"
    f" ELSE '{IN_PROGRESS}' END FROM (SELECT CAST(? AS xid8) AS asked, CAST(? AS text) AS life) AS one"
)
"""Of such a transaction; in another life of the server nobody can say, and it is not taken for made."""


def status_in(do: Statements, transaction: str) -> str | None:
    """committed, aborted, in progress or lost; None where it is too long ago."""
    number, _, life = transaction.partition("@")
    row = do.row(STATUS, (number, life))
    return None if row is None else row[0]
