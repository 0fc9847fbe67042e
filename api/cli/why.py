"""`deskhand why`: what was done with a ticket, or with many, and why. From the journal alone."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from rich.table import Table
from rich.text import Text

from api.cli import screen
from api.cli.database import reading
from api.cli.failures import USAGE, CommandFault
from api.settings import read_settings

if TYPE_CHECKING:
    from sqlmodel.ext.asyncio.session import AsyncSession

    from api.explain.aggregate import Grouped
    from api.explain.answers import About, Answer
    from api.explain.journal import Told
    from memory.journal.events import Record
    from memory.tables import Ticket

MOST_ROWS = 100_000
"""Rows of the journal that `--all` looks at: the newest."""
_SPAN = re.compile(r"(\d{1,4})([mhdw])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def run(  # each option is one question
    ticket: Annotated[str | None, typer.Argument(help="The ticket's id, tkt_...")] = None,
    *,
    tool: Annotated[
        str | None, typer.Option(help="Why was this tool called? `all` for all.")
    ] = None,
    cost: Annotated[bool, typer.Option("--cost", help="Why did it cost so much?")] = False,
    retries: Annotated[bool, typer.Option("--retries", help="Why was it done again?")] = False,
    time: Annotated[bool, typer.Option("--time", help="Where did the time go?")] = False,
    route: Annotated[bool, typer.Option("--route", help="Why did it end so?")] = False,
    every: Annotated[bool, typer.Option("--every", help="Show every row, successes too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    all_: Annotated[bool, typer.Option("--all", help="Ask about many tickets.")] = False,
    since: Annotated[str, typer.Option(help="With --all: 30m, 12h, 1d, 2w ago.")] = "1d",
    group_by: Annotated[
        Literal["cause", "tool", "reason", "intent"], typer.Option(help="With --all.")
    ] = "cause",
) -> None:
    """Tell what was done with a ticket and why, with the numbers behind each decision."""
    asked = _asked(tool=tool, cost=cost, retries=retries, time=time, route=route)
    if all_:
        _print_many(_read_many(since, group_by), as_json=as_json)
        return
    if ticket is None:
        msg = "name a ticket (tkt_...), or ask about many with --all --since 1d"
        raise CommandFault(msg, USAGE)
    found, records, answers = _read(ticket, asked, None if tool == "all" else tool)
    if as_json:
        _print_json(found, records, answers)
    elif answers:
        _print_answers(found, records, answers)
    else:
        _print_story(found, records, every=every)


def _asked(**questions: Any) -> list[About]:
    return [name for name, wanted in questions.items() if wanted]  # type: ignore[misc]


def _print_story(ticket: Ticket, records: Sequence[Record], *, every: bool) -> None:
    from api.explain import journal as explain

    out = screen.out()
    out.print(_headline(ticket, records), markup=False)
    out.print(lines(explain.story(records if every else explain.condensed(records))))
    out.print()
    out.print(explain.summary(records), markup=False)


def _print_answers(ticket: Ticket, records: Sequence[Record], answers: Sequence[Answer]) -> None:
    out = screen.out()
    out.print(_headline(ticket, records), markup=False)
    for answer in answers:
        out.print()
        for line in answer.sentences:
            out.print(line, markup=False)


def _print_json(ticket: Ticket, records: Sequence[Record], answers: Sequence[Answer]) -> None:
    from api.explain import journal as explain

    told: dict[str, Any] = {
        "ticket_id": ticket.id,
        "status": ticket.status,
        "outcome": ticket.outcome,
        "reason": ticket.reason,
    }
    if answers:
        told["answers"] = [asdict(answer) for answer in answers]
    else:
        told["story"] = [asdict(one) for one in explain.story(records)]
        told["totals"] = asdict(explain.totals(records))
    typer.echo(json.dumps(told, indent=2))


def _print_many(found: tuple[Grouped, bool], *, as_json: bool) -> None:
    from api.explain.aggregate import HEADINGS, line

    grouped, whole = found
    groups = [group.as_data() for group in grouped.groups]
    if as_json:
        told = {"by": grouped.by, "tickets": grouped.tickets, "whole": whole, "groups": groups}
        typer.echo(json.dumps({**told, "sentence": grouped.sentence}, indent=2))
        return
    out, total = screen.out(), sum(group.number for group in grouped.groups)
    out.print(grouped.sentence, markup=False)
    if not whole:
        out.print(f"Only the newest {MOST_ROWS:,} rows of the journal were looked at.")
    out.print()
    number, failed = HEADINGS[grouped.by]
    columns = (number, "share", failed, "tickets", "cost", "median", grouped.by)
    out.print(screen.table(columns, [line(group, total) for group in grouped.groups]))


def lines(story: Sequence[Told]) -> Table:
    """The story as printed: time since the start beside each sentence."""
    from api.explain.words.phrases import span

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


def _headline(ticket: Ticket, records: Sequence[Record]) -> str:
    from api.explain.journal import unsent_turns
    from graph.reasons import reason_sentence

    parts = [f"Ticket {ticket.id} of {ticket.tenant}: {ticket.status}"]
    if ticket.turn in unsent_turns(records):
        parts.append("its answer has not arrived")
    elif ticket.outcome:
        parts.append(str(ticket.outcome).replace("_", " "))
    if ticket.reason:
        words = reason_sentence(ticket.reason)
        parts.append(words[:1].lower() + words[1:])
    return ", ".join(parts) + ("" if parts[-1].endswith(".") else ".")


def _read(
    ticket_id: str, asked: Sequence[About], tool: str | None
) -> tuple[Ticket, list[Record], list[Answer]]:
    from api.explain.reading import read_answer, read_records
    from memory.tickets import tickets

    async def read(session: AsyncSession) -> tuple[Ticket, list[Record], list[Answer]]:
        ticket = await tickets.get(session, None, ticket_id)
        answers = [await read_answer(session, ticket, about, tool) for about in asked]
        return ticket, await read_records(session, ticket), answers

    return reading(read_settings(), read)


def _read_many(
    since: str, group_by: Literal["cause", "tool", "reason", "intent"]
) -> tuple[Grouped, bool]:
    from api.explain.aggregate import grouped
    from memory.journal import codec, journal
    from memory.tables import now

    begin = now() - _span_of(since)
    rows = reading(read_settings(), lambda session: journal.since(session, begin, limit=MOST_ROWS))
    return grouped(codec.records(rows), group_by), len(rows) < MOST_ROWS


def _span_of(text: str) -> timedelta:
    """`12h` as a length of time. Raises `CommandFault`."""
    found = _SPAN.fullmatch(text)
    if found is None:
        msg = f"--since {text}: write a number and m, h, d or w, as in 30m, 12h, 1d, 2w"
        raise CommandFault(msg, USAGE)
    return timedelta(**{_UNITS[found[2]]: int(found[1])})
