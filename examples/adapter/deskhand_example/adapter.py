"""A kind of adapter: each tool is one query of a SQLite file, which is opened read-only."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tools.contract import CallContext, Json, ToolSpec
from tools.faults import NotFound, Unreachable
from tools.plugins import AdapterService

BUSY_SECONDS = 1.0
"""How long a query waits for whoever writes the file."""


def sqlite_tool(spec: ToolSpec, service: AdapterService) -> QueryTool:
    """One declared tool; the service's `options` hold the file, and a query by the tool's name.

    Raises `ValueError` where one of them is missing, or the tool would change something.
    """
    file, query = service.options.get("file"), service.options.get(spec.name)
    if not file or not query:
        missing = spec.name if file else "file"
        raise ValueError(f"the service needs `{missing}` under `options`")
    if spec.effect != "read":
        raise ValueError("this adapter only reads: leave `effect` out, or use another service")
    return QueryTool(spec, Path(file), query)


@dataclass
class QueryTool:
    """`tools.contract.Tool` over one query; its first row is the result."""

    spec: ToolSpec
    file: Path
    query: str

    async def call(self, arguments: Json, *, key: str | None, caller: CallContext) -> Json:
        """The row. Raises `NotFound` where there is none, `Unreachable` without the file."""
        return await asyncio.to_thread(self._row, arguments)

    async def reconcile(self, key: str) -> Json | None:
        """None: a query leaves nothing behind."""
        return None

    def _row(self, arguments: Json) -> Json:
        try:
            with closing(
                sqlite3.connect(f"{self.file.resolve().as_uri()}?mode=ro", BUSY_SECONDS, uri=True)
            ) as connection:
                connection.row_factory = sqlite3.Row
                row = connection.execute(self.query, arguments).fetchone()
        except sqlite3.OperationalError as error:
            raise Unreachable(f"the file cannot be asked: {error}") from error
        if row is None:
            raise NotFound("no row fits these arguments")
        return dict(row)
