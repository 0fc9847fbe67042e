"""Notices that SQLite's file was moved away, removed or replaced while this process has it open.

Nothing else does: its connections go on with the old file, which no later process finds. What was
accepted in it would be lost with this process, while all looked well.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.engine import make_url

from memory.storage.errors import StorageUnavailable

REPLACED = (
    "the database's file was replaced, moved or removed while Deskhand runs: stop all of its processes,"
    " put the right file in its place, then start them (`deskhand restore` brings a backup back)"
)
IN_MEMORY = ":memory:"


class SameFile:
    """The file that a process works on, as it was when it was first seen."""

    def __init__(self, url: str) -> None:
        """`url`: of SQLite. A file that is named in another form, or is none, is not watched."""
        name = make_url(url).database or IN_MEMORY
        self._path = None if name == IN_MEMORY or name.startswith("file:") else Path(name)
        self._first: tuple[int, int] | None = None

    def check(self) -> None:
        """Raises `StorageUnavailable` where another file, or none, has its name now."""
        if self._path is None:
            return
        try:
            found = self._path.stat()
        except FileNotFoundError:
            which = None
        except OSError:
            return  # what is wrong with the folder, SQLite itself says
        else:
            which = found.st_dev, found.st_ino
        self._first = self._first or which
        if which != self._first:
            raise StorageUnavailable(REPLACED)
