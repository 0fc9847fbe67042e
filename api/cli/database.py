"""Opens the local ledger for a command, and finds the tenant it is about."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, TypeVar

from api.cli.failures import USAGE, CommandFault
from api.settings import Settings

if TYPE_CHECKING:
    from sqlmodel.ext.asyncio.session import AsyncSession

    from memory.storage.database import Database

T = TypeVar("T")


@asynccontextmanager
async def open_database(settings: Settings) -> AsyncIterator[Database]:
    """The ledger of the data folder. Raises `CommandFault` if there is none yet."""
    from api.ledger import open_ledger

    there_is_one(settings)
    database = open_ledger(settings)
    try:
        yield database
    finally:
        await database.close()


def there_is_one(settings: Settings) -> None:
    """Raises `CommandFault` for a data folder without a ledger."""
    if settings.database_url is None and not (settings.home / "deskhand.db").exists():
        msg = f"there is no database in {settings.home}: run `deskhand migrate` first"
        raise CommandFault(msg, USAGE)


def reading(settings: Settings, act: Callable[[AsyncSession], Awaitable[T]]) -> T:
    """What `act` finds in the local ledger."""

    async def look() -> T:
        async with open_database(settings) as database, database.reading() as session:
            return await act(session)

    return asyncio.run(look())


def changing(settings: Settings, act: Callable[[AsyncSession], Awaitable[T]]) -> T:
    """What `act` gives back, in one transaction of the local ledger."""

    async def change() -> T:
        async with open_database(settings) as database, database.transaction() as session:
            return await act(session)

    return asyncio.run(change())


def tenant_of(settings: Settings, wanted: str | None) -> str:
    """The tenant named, or the only one there is. Raises `CommandFault`, `DeskInvalid`."""
    from graph.desk.folder import load_desks

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
