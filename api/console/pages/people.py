"""Stub."""

from __future__ import annotations

from api.console import parts
from api.console.frame import Visit


async def build(_: Visit) -> None:
    """Draw it."""
    parts.empty("inbox", "Nothing here yet", "It is being built.")
