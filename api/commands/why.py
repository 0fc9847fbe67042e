"""`deskhand why TICKET`: the journal of a ticket, told in order."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from api.commands import screen
from api.commands.ledger import open_database
from api.settings import Settings

if TYPE_CHECKING:
    from memory.tables import JournalRow, Ticket


def run(
    ticket: Annotated[str, typer.Argument(help="The ticket's id, tkt_...")],
) -> None:
    """Tell what was done with a ticket and why, with the numbers behind each decision."""
    from api import explain

    found, rows = asyncio.run(_read(Settings(), ticket))
    out = screen.out()
    out.print(_headline(found), markup=False)
    for line in lines(explain.story(rows)):
        out.print(line)
    out.print()
    out.print(explain.summary(rows), markup=False)


def lines(story: Sequence[object]) -> list[Text]:
    """The story as printed lines: time since the start, then the sentence."""
    from api.explain import Told, span

    found: list[Text] = []
    turn = 1
    for told in story:
        assert isinstance(told, Told)
        if told.turn != turn:
            turn = told.turn
            found.append(Text(f"\nTurn {turn}", style="bold"))
        offset = f"+{span(told.offset_seconds)}"
        found.append(Text(f"{offset:>12}  {told.text}", style="red" if told.trouble else ""))
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
