"""Keeps the data folder to its owner: folders 0700, files 0600."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

OTHERS = 0o077
"""What group and others may do: nothing."""


def keep_private(home: Path) -> None:
    """Make the folder, and take it and what is in it from everybody but its owner.

    Files that this process makes from now on are its owner's alone as well.
    """
    os.umask(os.umask(OTHERS) | OTHERS)
    home.mkdir(parents=True, exist_ok=True)
    _tighten(home)
    for folder, folders, files in os.walk(home):
        for name in (*folders, *files):
            _tighten(Path(folder) / name)


def written(path: Path, text: str, mode: int = 0o600) -> None:
    """Write a file whole: whoever reads it sees the old text or the new one. Raises `OSError`."""
    aside = path.with_name(f"{path.name}.{secrets.token_hex(6)}.new")
    try:
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    finally:
        with suppress(FileNotFoundError):
            aside.unlink()


def _tighten(path: Path) -> None:
    if path.is_symlink():
        return  # what it leads to is not ours
    mode = path.stat().st_mode
    if mode & OTHERS:
        path.chmod(mode & ~OTHERS & 0o777)
