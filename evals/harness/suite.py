"""A suite: its cases, what judges one of them, and the figures over all."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.harness.desk_runtime import Place
from evals.harness.results import CaseResult, Figures
from evals.harness.rows import CaseRow
from evals.harness.setup import COMPANY, Setup

SHIPPED = Path(__file__).with_name("cases")
"""Our own cases, which come with the code."""
TICKETS = COMPANY / "tickets.jsonl"

Judge = Callable[[Any, int], Awaitable[list[CaseResult]]]
"""One case (a row of the suite's kind), and which repetition it is, from 1."""


@dataclass(frozen=True)
class Suite:
    """One part of the measuring."""

    name: str
    about: str
    read: Callable[[Setup], Sequence[CaseRow]]
    """The cases. Raises `DataError`."""
    opened: Callable[[Place, Sequence[Any]], AbstractAsyncContextManager[Judge]]
    """What judges them, open while the suite runs."""
    figures: Figures
    repeats: int = 1


def files(setup: Setup, *own: Path) -> tuple[Path, ...]:
    """The files that were named, or the suite's own."""
    return setup.cases or own
