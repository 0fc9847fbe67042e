"""Folders that hold a copy of everything for a moment: what a process that was killed left is taken away.

A copy that nobody knows of would keep, beside the data, whom an erasure has taken out of it.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def aside(parent: Path, prefix: str) -> Iterator[Path]:
    """A new folder in `parent`, which is gone afterwards; those of that name that nobody holds go first.

    `prefix` must be of ours alone.
    """
    for left in parent.glob(f"{prefix}*"):
        with suppress(OSError), _held(left):
            shutil.rmtree(left)
    with tempfile.TemporaryDirectory(dir=parent, prefix=prefix) as made, _held(Path(made)):
        yield Path(made)


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """As long as this process lives, nobody else has it. Raises `OSError` where somebody does."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(opened)
