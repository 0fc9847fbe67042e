"""Rows that release 0.1.0 wrote.

Of tickets that were delivered, handed off, retried, redriven, given back, over budget, approved,
and opened with a code.
"""

import json
from datetime import datetime
from pathlib import Path

from memory.tables import JournalRow

PATH = Path(__file__).with_name("rows_0.1.0.json")


def tickets() -> dict[str, list[JournalRow]]:
    """Each ticket's rows in order."""
    columns, *lines = json.loads(PATH.read_text(encoding="utf-8"))
    found: dict[str, list[JournalRow]] = {}
    for number, line in enumerate(lines, start=1):
        fields = dict(zip(columns, line, strict=True))
        fields["at"] = datetime.fromisoformat(fields["at"])
        found.setdefault(fields["ticket_id"], []).append(
            JournalRow(id=number, tenant="acme", **fields)
        )
    return found


def rows() -> list[JournalRow]:
    """All of them."""
    return [row for own in tickets().values() for row in own]
