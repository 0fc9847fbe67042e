"""API keys: made once, kept as a digest, bound to a tenant. Functions never commit."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from enum import StrEnum
from typing import cast

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.faults import MemoryFault
from memory.handoffs.log import NOBODY
from memory.people.names import skeleton
from memory.storage.columns import Columns
from memory.storage.units import Statements
from memory.tables import ApiKey, now

ID_BYTES = 8
"""Random bytes of a key's public part."""
SECRET_BYTES = 32
"""Random bytes of a key's secret: too many to guess, so a fast digest suffices."""
MAX_NAME_CHARS = 80
"""A key's name stands in queues and decisions, so it stays short."""

_TOKEN = re.compile(r"dk_([0-9a-f]{16})_([0-9a-f]{64})")
_NO_DIGEST = "0" * 64
ROWS = Columns(ApiKey)
READ = f"SELECT {ROWS.listed} FROM api_keys WHERE id = ?"  # noqa: S608 - our own names


class Scope(StrEnum):
    """What a key may do."""

    INTAKE = "intake"
    """Post tickets and messages and read them: for the customer's system."""
    SUBMIT = "submit"
    """Post tickets and messages, and read nothing: for a mail gateway or a form."""
    VOUCH = "vouch"
    """Beside another: say of a ticket that its sender is the holder of the address. No other
    scope implies it, not even `admin`: the holder's system must have checked a login or a
    signature."""
    AGENT = "agent"
    """Work on handoffs and read journals: for a person of the support team."""
    LEAD = "lead"
    """Also assign to others, close in bulk, and read the team's figures."""
    ADMIN = "admin"
    """Everything of the tenant."""


class KeyUnknown(MemoryFault):
    """No such key in this tenant."""


class KeyRefused(MemoryFault):
    """A key cannot be made like this."""


async def create(
    session: AsyncSession, tenant: str, name: str, scopes: Sequence[str]
) -> tuple[ApiKey, str]:
    """A new key and its token `dk_{id}_{secret}`, which is not kept and cannot be shown again.

    Raises `KeyRefused` for an empty, long or reserved name and for unknown or no scopes.
    """
    name = name.strip()
    if not name or len(name) > MAX_NAME_CHARS or not name.isprintable():
        msg = f"a key needs a name of 1 to {MAX_NAME_CHARS} printable characters: whose is it?"
        raise KeyRefused(msg)
    if skeleton(name) in map(skeleton, NOBODY):
        raise KeyRefused(f"{name!r} is kept for what no person did: name the key after whose it is")
    known = {scope.value for scope in Scope}
    if set(scopes) == {Scope.VOUCH}:
        msg = "a key that only vouches can post nothing: give it the scope intake or submit too"
        raise KeyRefused(msg)
    if not scopes or set(scopes) - known:
        wrong = ", ".join(sorted(set(scopes) - known)) or "none"
        raise KeyRefused(f"unknown scope ({wrong}): use one or more of {', '.join(sorted(known))}")
    identity, secret = secrets.token_hex(ID_BYTES), secrets.token_hex(SECRET_BYTES)
    key = ApiKey(
        id=identity,
        tenant=tenant,
        name=name,
        digest=_digest(secret),
        scopes=sorted(set(scopes)),
    )
    session.add(key)
    await session.flush()
    return key, f"dk_{identity}_{secret}"


def verify_in(do: Statements, token: str) -> ApiKey | None:
    """The living key of a token, or None: malformed, unknown, wrong and revoked look alike."""
    match = _TOKEN.fullmatch(token)
    if match is None:
        return None
    row = do.row(READ, (match[1],))
    key = None if row is None else cast("ApiKey", ROWS.loaded(ROWS.read(do, row)))
    expected = _NO_DIGEST if key is None else key.digest
    matches = hmac.compare_digest(_digest(match[2]), expected)
    return key if matches and key is not None and key.revoked_at is None else None


async def revoke(session: AsyncSession, tenant: str, key_id: str) -> ApiKey:
    """End a key at once; ending it again changes nothing. Raises `KeyUnknown`."""
    key = await session.get(ApiKey, key_id)
    if key is None or key.tenant != tenant:
        raise KeyUnknown(f"there is no key {key_id!r} of tenant {tenant!r}")
    if key.revoked_at is None:
        key.revoked_at = now()
        session.add(key)
    return key


async def listed(session: AsyncSession, tenant: str | None = None) -> list[ApiKey]:
    """The keys of a tenant, or of all, oldest first; revoked ones too."""
    query = select(ApiKey).order_by(col(ApiKey.tenant), col(ApiKey.created_at), col(ApiKey.id))
    if tenant is not None:
        query = query.where(ApiKey.tenant == tenant)
    return list((await session.exec(query)).all())


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
