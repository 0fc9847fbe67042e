"""A file of SQLite with a damaged page, as a disk that goes bad leaves it."""

import sqlite3
from contextlib import closing
from pathlib import Path


def damage_page(path: Path, table: str) -> None:
    """Write over the first page of a table; all others stay as they are."""
    with closing(sqlite3.connect(path)) as file:
        size = file.execute("PRAGMA page_size").fetchone()[0]
        query = "SELECT rootpage FROM sqlite_master WHERE name = ?"
        page = file.execute(query, (table,)).fetchone()[0]
    with path.open("r+b") as raw:
        raw.seek((page - 1) * size)
        raw.write(b"\xff" * size)
