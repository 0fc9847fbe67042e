"""`deskhand journal TICKET`: a ticket's journal, row by row, as text or JSON."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import screen
from api.cli.database import open_database
from api.settings import Settings, read_settings

if TYPE_CHECKING:
    from memory.tables import JournalRow


def run(
    ticket: Annotated[str, typer.Argument(help="The ticket's id, tkt_...")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print every row as JSON.")] = False,
) -> None:
    """Print a ticket's whole journal. It holds no personal data."""
    rows = asyncio.run(_read(read_settings(), ticket))
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


async def _read(settings: Settings, ticket_id: str) -> list[JournalRow]:
    from memory.journal import journal
    from memory.tickets import tickets

    async with open_database(settings) as database, database.reading() as session:
        await tickets.get(session, None, ticket_id)
        return await journal.of_ticket(session, ticket_id)
