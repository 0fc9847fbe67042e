"""A login between its password and its code: bound to one browser, and soon over.

Functions take the caller's session and never commit.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from sqlalchemy import CursorResult, delete
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.people import logins
from memory.tables import LoginStep, Person, now

LIFETIME = timedelta(minutes=5)
"""So long a right password waits for its code."""


async def begin(session: AsyncSession, person: Person) -> str:
    """The token of a login whose password was right; it opens nothing but the way to the code."""
    await session.exec(delete(LoginStep).where(col(LoginStep.expires_at) < now()))
    token = secrets.token_urlsafe(logins.TOKEN_BYTES)
    step = LoginStep(digest=logins.digest(token), person_id=person.id, expires_at=now() + LIFETIME)
    session.add(step)
    await session.flush()
    return token


async def find(session: AsyncSession, token: str) -> Person | None:
    """Whose login waits for a code; None where none does, or no longer."""
    found = await session.get(LoginStep, logins.digest(token))
    if found is None or found.expires_at <= now():
        return None
    person = await session.get(Person, found.person_id)
    if person is None or person.disabled_at is not None or person.second_factor_at is None:
        return None
    return person


async def end(session: AsyncSession, token: str) -> bool:
    """The code was right; False where the step is over meanwhile."""
    ended = col(LoginStep.digest) == logins.digest(token)
    done: CursorResult[Any] = await session.exec(delete(LoginStep).where(ended))
    return done.rowcount == 1
