"""The family of this room's errors."""

from __future__ import annotations


class MemoryFault(Exception):
    """What went wrong with what survives a restart; the message says what to do."""
