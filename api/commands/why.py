"""`deskhand why TICKET`: the journal of a ticket, told in order."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from api.commands import screen
from api.commands.ledger import open_database
from api.settings import Settings

if TYPE_CHECKING:
    from api.explain import Told
    from memory.tables import JournalRow, Ticket


def run(
    ticket: Annotated[str, typer.Argument(help="The ticket's id, tkt_...")],
) -> None:
    """Tell what was done with a ticket and why, with the numbers behind each decision."""
    from api import explain

    found, rows = asyncio.run(_read(Settings(), ticket))
    out = screen.out()
    out.print(_headline(found), markup=False)
    out.print(lines(explain.story(rows)))
    out.print()
    out.print(explain.summary(rows), markup=False)


def lines(story: Sequence[Told]) -> Table:
    """The story as printed: time since the start beside each sentence."""
    from api.sentences import span

    found, turn = Table.grid(padding=(0, 2)), 1
    found.add_column(justify="right", style="cyan", no_wrap=True)
    found.add_column(overflow="fold")
    for told in story:
        if told.turn != turn:
            turn = told.turn
            found.add_row("", Text(f"Turn {turn}", style="bold"))
        style = "red" if told.trouble else ""
        found.add_row(f"+{span(told.offset_seconds)}", Text(told.text, style=style))
    return found


def _headline(ticket: Ticket) -> str:
    from graph.policies import WORDS

    parts = [f"Ticket {ticket.id} of {ticket.tenant}: {ticket.status}"]
    if ticket.outcome:
        parts.append(str(ticket.outcome).replace("_", " "))
    if ticket.reason:
        parts.append(WORDS.get(ticket.reason, ticket.reason))
    return ", ".join(parts) + ("" if parts[-1].endswith(".") else ".")


async def _read(settings: Settings, ticket_id: str) -> tuple[Ticket, list[JournalRow]]:
    from memory import journal, tickets

    async with open_database(settings) as database, database.reading() as session:
        ticket = await tickets.get(session, None, ticket_id)
        return ticket, await journal.of_ticket(session, ticket_id)
