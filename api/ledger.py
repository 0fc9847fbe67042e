"""Opens the ledger as the settings say it: its address, the installation's key, the keys of its texts."""

from __future__ import annotations

from contextlib import suppress

from api.settings import Settings
from memory.storage.database import Database
from memory.storage.errors import StorageUnavailable


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
