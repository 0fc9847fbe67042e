"""`deskhand journal TICKET`: a ticket's journal, row by row, as text or JSON."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import screen
from api.cli.database import reading
from api.settings import read_settings

if TYPE_CHECKING:
    from sqlmodel.ext.asyncio.session import AsyncSession

    from memory.tables import JournalRow


def run(
    ticket: Annotated[str, typer.Argument(help="The ticket's id, tkt_...")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print every row as JSON.")] = False,
) -> None:
    """Print a ticket's whole journal. It holds no personal data."""
    rows = reading(read_settings(), partial(_read, ticket))
    if as_json:
        from api.http.tickets import views

        told = [views.journal_row(row).model_dump(mode="json") for row in rows]
        typer.echo(json.dumps({"ticket_id": ticket, "rows": told}, indent=2))
        return
    columns = ("seq", "at", "turn", "kind", "name", "cause", "outcome", "ms", "error")
    screen.out().print(screen.table(columns, [_cells(row) for row in rows]))


def _cells(row: JournalRow) -> list[object]:
    duration = None if row.duration_ms is None else f"{row.duration_ms:.0f}"
    at = screen.moment(row.at)
    return [row.seq, at, row.turn, row.kind, row.name, row.cause, row.outcome, duration, row.error]


async def _read(ticket_id: str, session: AsyncSession) -> list[JournalRow]:
    from memory.journal import journal
    from memory.tickets import tickets

    await tickets.get(session, None, ticket_id)
    return await journal.of_ticket(session, ticket_id)
