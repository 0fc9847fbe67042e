"""One customer of one tenant, without the address: a digest that nobody can guess without the key.

A plain digest of an address is no secret, since addresses can be tried. The key is that of the
installation (see hmac_key.py); a session knows it from its `Database`.
"""

from __future__ import annotations

import hashlib
import hmac
from functools import partial
from pathlib import Path

from sqlmodel.ext.asyncio.session import AsyncSession

from memory import addresses
from memory.sealing.columns import ring_of
from memory.storage.database import HMAC_KEY, Database
from memory.storage.hmac_key import read_hmac_key
from memory.storage.urls import is_sqlite


def customer_digest(session: AsyncSession, tenant: str, email: str) -> str:
    """Under which a customer's handoffs and memories stand. Raises `StorageUnavailable`."""
    given = session.info.get(HMAC_KEY)
    if given is None:
        url = session.get_bind().engine.url
        given = partial(key_beside, url.render_as_string(hide_password=False))
    return digest(given(), tenant, email)


def compared(session: AsyncSession, tenant: str, email: str) -> str:
    """An address as it is stored to be compared: itself, or where texts are sealed its digest."""
    return compared_as(session, tenant, email)[0]


def compared_by(database: Database, tenant: str, email: str) -> str:
    """The same without a session."""
    if database.ring is None:
        return addresses.canonical(email)
    return digest(key_of(database), tenant, email)


def compared_as(session: AsyncSession, tenant: str, email: str) -> list[str]:
    """All that an address may stand as: rows from before there were keys hold it plainly."""
    plain = addresses.canonical(email)
    if ring_of(session.get_bind().dialect) is None:
        return [plain]
    return [customer_digest(session, tenant, email), plain]


def key_of(database: Database) -> bytes:
    """The key of an installation. Raises `StorageUnavailable`."""
    return key_beside(database.url) if database.hmac_key is None else database.hmac_key()


def digest(key: bytes, tenant: str, email: str) -> str:
    """The same with the key at hand."""
    words = "\n".join(("customer", tenant, addresses.canonical(email)))
    return hmac.new(key, words.encode(), hashlib.sha256).hexdigest()


def key_beside(url: str) -> bytes:
    """The key of an installation that was given none: beside the file, or in Postgres."""
    home = Path(url.partition("///")[2]).parent if is_sqlite(url) else Path()
    return read_hmac_key(home, None, url)
