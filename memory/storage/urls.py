"""Addresses of the ledger: SQLite in a file, or Postgres."""

from __future__ import annotations

_DRIVERS = {
    "sqlite://": "sqlite+aiosqlite://",
    "postgresql://": "postgresql+psycopg://",
    "postgres://": "postgresql+psycopg://",
}


def is_sqlite(url: str) -> bool:
    """Whether the ledger is a file, which one machine has and which knows no row locks."""
    return url.startswith("sqlite")


def async_url(url: str) -> str:
    """The address as the event loop's engine wants it, with its driver."""
    for plain, driven in _DRIVERS.items():
        if url.startswith(plain):
            return url.replace(plain, driven, 1)
    return url


def sync_url(url: str) -> str:
    """The address as an engine without an event loop wants it."""
    return url if is_sqlite(url) else async_url(url)  # psycopg does both


def plain_url(url: str) -> str:
    """The address as libpq knows it, without the name of a driver."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)
