"""What holds of every journal, whatever became of its ticket."""

from typing import Any

from evals.stack.journal_gaps import gaps
from tests.bench import Bench


async def whole(bench: Bench, ticket: Any) -> None:
    """The journal holds no gap."""
    assert gaps(await bench.rows(ticket)) == []
