"""Opens the local ledger for a command, and finds the tenant it is about."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from api.cli.failures import USAGE, CommandFault
from api.settings import Settings

if TYPE_CHECKING:
    from memory.storage.database import Database


@asynccontextmanager
async def open_database(settings: Settings) -> AsyncIterator[Database]:
    """The ledger of the data folder. Raises `CommandFault` if there is none yet."""
    from api.ledger import open_ledger

    if settings.database_url is None and not (settings.home / "deskhand.db").exists():
        msg = f"there is no database in {settings.home}: run `deskhand migrate` first"
        raise CommandFault(msg, USAGE)
    database = open_ledger(settings)
    try:
        yield database
    finally:
        await database.close()


def tenant_of(settings: Settings, wanted: str | None) -> str:
    """The tenant named, or the only one there is. Raises `CommandFault`, `DeskInvalid`."""
    from graph.desk.file import load_desks

    known = sorted(load_desks(settings.desk, settings.variables))
    if wanted is None:
        if len(known) == 1:
            return known[0]
        msg = f"there are several tenants ({_named(known)}): say which with --tenant"
        raise CommandFault(msg, USAGE)
    if wanted not in known:
        msg = f"no desk has the tenant {wanted!r}: {settings.desk} has {_named(known)}"
        raise CommandFault(msg, USAGE)
    return wanted


def _named(tenants: Iterable[str]) -> str:
    return ", ".join(tenants)
