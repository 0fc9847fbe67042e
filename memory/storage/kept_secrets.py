"""Secrets of channels that were typed in where they are connected: one private file each.

They stand beside the database and never in it, so no backup or export holds them.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from memory.patterns import linear
from memory.regular_files import read_regular
from memory.storage.private_files import written

FOLDER = "secrets"
NAME = linear(r"^[A-Z][A-Z0-9_]{0,99}$")
MOST_FILES = 5_000
MOST_BYTES = 10_000
"""Of one secret."""
IN_FILE = "_FILE"
"""Behind a variable's name: the file that holds its value, as containers get secrets."""


def variables(home: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """The environment, and the kept secrets that it says nothing of. Raises `OSError`."""
    kept = {
        one.name: read_regular(one, MOST_BYTES)
        for one in _files(home)
        if not {one.name, one.name + IN_FILE} & environment.keys()
    }
    return {**kept, **environment}


def keep(home: Path, name: str, value: str) -> None:
    """Keep a secret, in place of the one that was kept under this name. Raises `OSError`."""
    if not NAME.match(name):
        raise ValueError(f"{name!r} is not a name of a variable")
    (home / FOLDER).mkdir(mode=0o700, parents=True, exist_ok=True)
    written(home / FOLDER / name, value)


def stamps(home: Path) -> list[tuple[str, int]]:
    """Each file and when it was written, in nanoseconds."""
    return [(str(one), one.stat().st_mtime_ns) for one in _files(home)]


def _files(home: Path) -> list[Path]:
    folder = home / FOLDER
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    return [one for one in found[:MOST_FILES] if NAME.match(one.name)]
