"""A person's second factor: codes of an app, and recovery codes, each taken once.

Functions take the caller's session and never commit.
"""

from __future__ import annotations

import hashlib
import secrets
from base64 import b32encode
from enum import StrEnum

from sqlalchemy import delete
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.faults import MemoryFault
from memory.people import logins, totp
from memory.storage.engines import changed, current, hold_name
from memory.tables import Person, RecoveryCode, SecondFactor, now

RECOVERY_CODES = 10
RECOVERY_BYTES = 10
"""80 random bits in each code: too many to guess, so a fast digest suffices."""
GROUP = 4
"""Characters between two hyphens of a recovery code."""


class SecondFactorRefused(MemoryFault):
    """The second factor is not in a state in which this can be done."""


class CodeRefused(MemoryFault):
    """The code is wrong, or was taken before."""

    def __init__(self) -> None:
        super().__init__(
            "the code is wrong or was used before: type the one that your app shows now, and check "
            "that the clock of its device is right"
        )


class Accepted(StrEnum):
    """With what a person proved to be who they are."""

    APP = "app"
    RECOVERY = "recovery"


async def begin(session: AsyncSession, person: Person) -> str:
    """A new secret, in force once it is confirmed; one that was not confirmed is replaced.

    Raises `SecondFactorRefused` where one is in force.
    """
    fresh = await _held(session, person)
    if fresh.second_factor_at is not None:
        msg = "you have a second factor already: remove it first to begin with another device"
        raise SecondFactorRefused(msg)
    await session.exec(delete(SecondFactor).where(col(SecondFactor.person_id) == person.id))
    secret = totp.new_secret()
    session.add(SecondFactor(person_id=person.id, secret=secret))
    await session.flush()
    return secret


async def confirm(session: AsyncSession, person: Person, code: str, keep: str) -> list[str]:
    """Put the new secret in force; the recovery codes, which are shown this once.

    Every session but `keep` ends. Raises `SecondFactorRefused`, `CodeRefused`.
    """
    fresh = await _held(session, person)
    if fresh.second_factor_at is not None:
        raise SecondFactorRefused("your second factor is in force already")
    if not await _take_step(session, person.id, _typed(code)):
        raise CodeRefused
    fresh.second_factor_at = now()
    session.add(fresh)
    await logins.end_all(session, person.id, but=keep)
    return await _new_recovery_codes(session, person.id)


async def accept(session: AsyncSession, person: Person, code: str) -> Accepted:
    """Take a code of the app or a recovery code, once. Raises `CodeRefused`."""
    typed = _typed(code)
    if await _take_step(session, person.id, typed):
        return Accepted.APP
    unused = (
        col(RecoveryCode.digest) == _digest(person.id, typed),
        col(RecoveryCode.person_id) == person.id,
        col(RecoveryCode.used_at).is_(None),
    )
    if not await changed(session, RecoveryCode, *unused, used_at=now()):
        raise CodeRefused
    return Accepted.RECOVERY


async def renew_recovery_codes(session: AsyncSession, person: Person, keep: str) -> list[str]:
    """Ten new recovery codes instead of the old ones; every session but `keep` ends."""
    fresh = await _held(session, person)
    if fresh.second_factor_at is None:
        raise _absent()
    await logins.end_all(session, person.id, but=keep)
    return await _new_recovery_codes(session, person.id)


async def remove(session: AsyncSession, person: Person, keep: str | None = None) -> None:
    """A login asks for the password alone again; every session but `keep` ends.

    Raises `SecondFactorRefused` where there is none.
    """
    fresh = await _held(session, person)
    if fresh.second_factor_at is None:
        raise _absent()
    for table in (SecondFactor, RecoveryCode):
        await session.exec(delete(table).where(col(table.person_id) == person.id))
    fresh.second_factor_at = None
    session.add(fresh)
    await logins.end_all(session, person.id, but=keep)


async def _held(session: AsyncSession, person: Person) -> Person:
    """The account as it is, which nobody else changes the second factor of until the commit."""
    await hold_name(session, "second factor", person.id)
    fresh = await current(session, Person, person.id)
    assert fresh is not None  # accounts are disabled, and never removed
    return fresh


async def _take_step(session: AsyncSession, person_id: str, typed: str) -> bool:
    """Whether this is a code of the app that nobody took before; it is taken now."""
    row = await session.get(SecondFactor, person_id)
    for step in [] if row is None else totp.steps_of(row.secret, typed, now()):
        later = (col(SecondFactor.person_id) == person_id, col(SecondFactor.last_step) < step)
        if await changed(session, SecondFactor, *later, last_step=step):
            return True
    return False


async def _new_recovery_codes(session: AsyncSession, person_id: str) -> list[str]:
    await session.exec(delete(RecoveryCode).where(col(RecoveryCode.person_id) == person_id))
    made = [_recovery_code() for _ in range(RECOVERY_CODES)]
    rows = [
        RecoveryCode(digest=_digest(person_id, _typed(one)), person_id=person_id) for one in made
    ]
    session.add_all(rows)
    await session.flush()
    return made


def _recovery_code() -> str:
    signs = b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode().lower()
    return "-".join(signs[place : place + GROUP] for place in range(0, len(signs), GROUP))


def _typed(code: str) -> str:
    """A code as people type it: in groups, in any case."""
    return "".join(code.split()).replace("-", "").lower()


def _digest(person_id: str, typed: str) -> str:
    return hashlib.sha256(f"recovery:{person_id}:{typed}".encode()).hexdigest()


def _absent() -> SecondFactorRefused:
    return SecondFactorRefused("there is no second factor to change: set one up first")
