"""Opens the ledger as the settings say it: its address, the installation's key, the keys of its texts."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import structlog

from api.settings import Settings
from memory.faults import MemoryFault
from memory.storage import kept_secrets
from memory.storage.database import Database
from memory.storage.errors import StorageUnavailable
from memory.storage.kept_secrets import KeptUnsealed
from memory.storage.urls import is_sqlite

log = structlog.get_logger()

SHARE_SECONDS = 10.0
"""How long a process that starts waits for a server that it would ask before it needs to."""


def open_ledger(settings: Settings, *, hurries: bool = False) -> Database:
    """Connects when it is first used; `hurries` as `Database` has it.

    Raises `EncryptionRefused` for what is no key.
    """
    url, ring = settings.ledger_url, settings.keyring
    return Database(url, lambda: settings.hmac_key, ring, hurries=hurries)


async def check_keys(settings: Settings) -> None:
    """Before a process begins. Raises `EncryptionRefused` if its keys do not open the texts.

    A ledger that cannot be reached is asked again by the first unit of work.
    """
    database = open_ledger(settings)
    try:
        with suppress(StorageUnavailable):
            await database.check_keys()
    finally:
        await database.close()


async def read_key(settings: Settings) -> None:
    """Look the installation's key up before anybody waits for it; a server that is away is asked again then."""
    if is_sqlite(settings.ledger_url):
        return  # a file, which is read at once, and made together with the data folder
    with suppress(StorageUnavailable, TimeoutError):
        async with asyncio.timeout(SHARE_SECONDS):
            await asyncio.to_thread(lambda: settings.hmac_key)


async def share_secrets(settings: Settings) -> None:
    """What only this machine's files hold, other machines have from now on; without a key it stays here."""
    shared = settings.shared
    if shared is None:
        return
    try:
        async with asyncio.timeout(SHARE_SECONDS):
            await check_keys(settings)  # what another key seals, nobody else could open
            await asyncio.to_thread(kept_secrets.bring, settings.home, shared)
    except (KeptUnsealed, MemoryFault, OSError) as error:  # a time-out is one as well
        log.warning("secrets_not_shared", why=str(error) or type(error).__name__)
