"""Keeps the client library's log lines out of ours: some quote whole messages."""

from __future__ import annotations

import logging

_NAMES = ("mcp", "httpx", "httpcore")
_PLACE = "/mcp/shared/"
"""Files that log to the root logger itself."""


def hush() -> None:
    """Silence them; doing it again changes nothing."""
    for name in _NAMES:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    root = logging.getLogger()
    if _elsewhere not in root.filters:
        root.addFilter(_elsewhere)


def _elsewhere(record: logging.LogRecord) -> bool:
    return _PLACE not in record.pathname
