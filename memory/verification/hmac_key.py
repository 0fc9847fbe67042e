"""The secret that keys digests of one-time codes: beside the database, never in it."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

FILE = "identity.key"
LEAST_BYTES = 16


def read_hmac_key(home: Path, given: str | None = None) -> bytes:
    """The secret: the given one, or that of the data folder, made on first use.

    Processes that start at once end up with the same one. Raises `ValueError` for one that is
    too short to protect anything.
    """
    if given is not None:
        if len(given.encode()) < LEAST_BYTES:
            msg = f"DESKHAND_IDENTITY_KEY is too short: give at least {LEAST_BYTES} characters"
            raise ValueError(msg)
        return given.encode()
    path = home / FILE
    if not path.exists():
        _make(path)
    return path.read_bytes()


def _make(path: Path) -> None:
    """Written aside and linked, so that nobody reads half of it and the first one stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f"{FILE}.{secrets.token_hex(6)}")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(secrets.token_bytes(32))
    try:
        os.link(aside, path)
    except FileExistsError:
        pass  # another process was first
    finally:
        aside.unlink()
