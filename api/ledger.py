"""Opens the ledger as the settings say it: its address, the installation's key, the keys of its texts."""

from __future__ import annotations

from contextlib import suppress

from api.settings import Settings
from memory.storage.database import Database, StorageUnavailable


def open_ledger(settings: Settings) -> Database:
    """Connects when it is first used. Raises `EncryptionRefused` for what is no key."""
    return Database(settings.ledger_url, lambda: settings.hmac_key, settings.keyring)


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
