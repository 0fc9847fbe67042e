"""Folders that hold a copy of everything for a moment: what a process that was killed left is taken away.

A copy that nobody knows of would keep, beside the data, whom an erasure has taken out of it.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

MOST_TRIES = 100
"""Of making a folder, while others clean up behind the dead."""


@contextmanager
def aside(parent: Path, prefix: str) -> Iterator[Path]:
    """A new folder in `parent`, which is gone afterwards; those of that name that nobody holds go first.

    `prefix` must be of ours alone.
    """
    for left in parent.glob(f"{prefix}*"):
        with suppress(OSError), _held(left):
            shutil.rmtree(left)
    with ExitStack() as until:
        yield next(filter(None, (_made(parent, prefix, until) for _ in range(MOST_TRIES))))


def _made(parent: Path, prefix: str, until: ExitStack) -> Path | None:
    """A new folder that is held; None where another process took it for one that is left, before it was."""
    folder = Path(tempfile.mkdtemp(dir=parent, prefix=prefix))
    with suppress(OSError), ExitStack() as own:
        own.enter_context(_held(folder))
        own.callback(shutil.rmtree, folder)
        if folder.exists():
            until.push(own.pop_all())
            return folder
    return None


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """As long as this process lives, nobody else has it. Raises `OSError` where somebody does."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(opened)
