"""What commands print: tables and notes, plain where the output is not a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

WIDTH_WITHOUT_TERMINAL = 160
"""Columns of a table that goes to a file or a pipe."""


def out() -> Console:
    """Standard output: results."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=WIDTH_WITHOUT_TERMINAL)
    return console


def notes() -> Console:
    """Standard error: what is not the result."""
    return Console(stderr=True, highlight=False, soft_wrap=True)


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    """A plain table; None shows as a dash."""
    found = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        found.add_column(column, overflow="fold")
    for row in rows:
        found.add_row(*("-" if cell is None else str(cell) for cell in row))
    return found


def count(number: int, noun: str) -> str:
    """`1 tool`, `2 tools`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def moment(value: datetime | str | None) -> str | None:
    """A moment in the reader's own time zone, to the second."""
    if value is None:
        return None
    parsed = datetime.fromisoformat(value) if isinstance(value, str) else value
    return parsed.astimezone().strftime("%Y-%m-%d %H:%M:%S")


@contextmanager
def progress(what: str) -> Iterator[Progress]:
    """A progress bar on stderr with one task, so that results can be piped."""
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
    )
    bar.add_task(what, total=None)
    with bar:
        yield bar
