"""Addresses of the ledger: SQLite in a file, or Postgres."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from sqlalchemy.engine import make_url

_DRIVERS = {
    "sqlite://": "sqlite+aiosqlite://",
    "postgresql://": "postgresql+psycopg://",
}


def standard_url(url: str) -> str:
    """The address with its servers as SQLAlchemy names them: `?host=a:5432&host=b:5432`.

    libpq writes several servers, of which one is the primary, as `a:5432,b:5432`; people write
    either. `target_session_attrs=read-write` chooses the primary among them.
    """
    if is_sqlite(url) or "," not in urlsplit(url).netloc:
        return url
    parts = urlsplit(url)
    user, at, servers = parts.netloc.rpartition("@")
    hosts = "&".join(f"host={quote(one, safe=':')}" for one in servers.split(","))
    query = f"{hosts}&{parts.query}" if parts.query else hosts
    return f"{parts.scheme}://{user}{at}{parts.path}?{query}"


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
    """The address as libpq knows it: without the name of a driver, several servers in one list."""
    plain = url.replace("postgresql+psycopg://", "postgresql://", 1)
    servers = make_url(plain).query.get("host")
    if not isinstance(servers, tuple):
        return plain
    single = make_url(plain).difference_update_query(["host"]).set(host=_MARK)
    return single.render_as_string(hide_password=False).replace(_MARK, ",".join(servers), 1)


_MARK = "servers.invalid"
"""Where the list goes: SQLAlchemy itself has no way to write it."""
