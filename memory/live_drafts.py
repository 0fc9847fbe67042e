"""Shows what a model is writing to whoever looks on: the last state alone, and only while they do.

A reader's row says that somebody looks on; without one nothing is written down. The text is never
read but to be shown. Functions never commit.
"""

from __future__ import annotations

from dataclasses import dataclass

from memory.storage.columns import Columns, moment_of
from memory.storage.database_clock import clock_in
from memory.storage.units import Statements
from memory.tables import LiveDraft, TicketStatus

WATCH_SECONDS = 15
"""So long one word of a reader holds; they say it again while they look on."""
MOST_SHOWN_CHARS = 8_000
"""Of a text; what comes after it is not shown before the draft is there."""

TEXT = Columns(LiveDraft, only=("tenant", "ticket_id", "text"))
WORKING = frozenset({TicketStatus.QUEUED.value, TicketStatus.RUNNING.value})
LOOK = (
    "SELECT tickets.status, tickets.epoch, draft.began_at, {clock}, draft.ticket_id, draft.tenant, draft.text"
    " FROM tickets LEFT JOIN live_drafts draft"
    " ON draft.ticket_id = tickets.id AND draft.epoch = tickets.epoch"
    " WHERE tickets.id = ? AND tickets.tenant = ?"
)


@dataclass(frozen=True)
class Shown:
    """What is being written of one ticket."""

    ticket_id: str
    tenant: str
    epoch: int
    text: str = ""
    seconds: float | None = None
    """How long ago the model was asked; None while none is."""


def watch_in(do: Statements, tenant: str, ticket_id: str) -> None:
    """Somebody looks on; who no longer does is forgotten, with what they were shown."""
    forget_in(do)
    do.run(
        "INSERT INTO live_drafts (ticket_id, tenant, watched_at, epoch, text)"  # noqa: S608 - our own clock
        f" VALUES (?, ?, {clock_in(do)}, 0, '')"
        " ON CONFLICT (ticket_id) DO UPDATE SET watched_at = excluded.watched_at",
        (ticket_id, tenant),
    )


def watched_in(do: Statements) -> frozenset[str]:
    """The tickets that somebody looks on at."""
    since = clock_in(do, seconds_ago=WATCH_SECONDS)
    found = do.rows(f"SELECT ticket_id FROM live_drafts WHERE watched_at > {since}")  # noqa: S608 - our own clock
    return frozenset(row[0] for row in found)


def show_in(do: Statements, one: Shown) -> None:
    """Put this in the place of what was shown before, unless a newer drive has."""
    text = one.text[:MOST_SHOWN_CHARS]
    row = {"tenant": one.tenant, "ticket_id": one.ticket_id}
    began = "NULL" if one.seconds is None else clock_in(do, seconds_ago=one.seconds)
    do.run(
        f"UPDATE live_drafts SET epoch = ?, text = ?, began_at = {began}"  # noqa: S608 - our own clock
        " WHERE ticket_id = ? AND tenant = ? AND epoch <= ?",
        (one.epoch, TEXT.stored(do, "text", text, row), one.ticket_id, one.tenant, one.epoch),
    )


def shown_in(do: Statements, tenant: str, ticket_id: str) -> Shown | None:
    """What the ticket's present drive writes; of an older one, whose worker died, nothing.

    None where the ticket is not worked on.
    """
    row = do.row(LOOK.format(clock=clock_in(do)), (ticket_id, tenant))
    if row is None or row[0] not in WORKING:
        return None
    epoch, began, present = row[1], moment_of(row[2]), moment_of(row[3])
    if began is None or present is None:
        return Shown(ticket_id, tenant, epoch)
    text = TEXT.read(do, row[4:])["text"]
    return Shown(ticket_id, tenant, epoch, text, max((present - began).total_seconds(), 0.0))


def forget_in(do: Statements) -> int:
    """Delete what nobody looks on at any more; how many there were."""
    over = clock_in(do, seconds_ago=2 * WATCH_SECONDS)
    return do.run(f"DELETE FROM live_drafts WHERE watched_at < {over}")  # noqa: S608 - our own clock
