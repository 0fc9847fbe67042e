"""Logins: attempts that are counted before they are judged, and sessions that end.

Functions take the caller's session and never commit.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory import addresses
from memory.faults import MemoryFault
from memory.storage.engines import changed, hold_name
from memory.tables import LoginStep, LoginThrottle, Person, PersonSession, now

TOKEN_BYTES = 32
WINDOW = timedelta(minutes=15)
"""So long a failed login is remembered, and so long a locked account stays locked."""
FAILURES_OF_ACCOUNT = 10
"""Wrong passwords of one account within the window; then even the right one is refused."""
FAILURES_OF_ADDRESS = 50
"""The same of one caller's address: people behind one gateway share it."""
IDLE = timedelta(hours=2)
"""A session in which nothing was done for so long has ended."""
ABSOLUTE = timedelta(hours=12)
"""A session ends after so long in any case: a working day."""
TOUCH = timedelta(minutes=1)
"""How exactly `seen_at` is kept, so that not every request writes."""
SESSIONS_OF_ONE = 20
"""Browsers of one person; the oldest session ends when another begins."""
THROTTLES_CLEARED = 200
"""Rows of ended windows removed at once."""


class TooManyLogins(MemoryFault):
    """So many logins failed that the next has to wait."""

    def __init__(self, until: datetime) -> None:
        self.retry_after = max(1, int((until - now()).total_seconds()))
        super().__init__(
            f"too many logins have failed: try again in {self.retry_after // 60 + 1} minutes, "
            "use a browser in which you have logged in before, or let an admin reset the account"
        )


@dataclass(frozen=True)
class Login:
    """A living session with the person it belongs to."""

    person: Person
    session: PersonSession


async def count_attempt(
    session: AsyncSession, email: str, address: str, device: str | None = None
) -> None:
    """Count an attempt as failed before its password is looked at.

    From a known `device` it counts against that alone, so that nobody else's failures lock a
    person out. Parallel guesses cannot slip through between a check and a count. Raises `TooManyLogins`.
    """
    moment = now()
    await _clear(session, moment)
    bounds = [(account_key(email), FAILURES_OF_ACCOUNT), (_address(address), FAILURES_OF_ADDRESS)]
    if device is not None:
        bounds = [(_device(device), FAILURES_OF_ACCOUNT)]
    for key, most in bounds:
        await hold_name(session, "logins", key)
        counter = await session.get(LoginThrottle, key, populate_existing=True)
        if counter is None or counter.window_ends_at <= moment:
            counter = counter or LoginThrottle(key=key, window_ends_at=moment + WINDOW)
            counter.failures, counter.window_ends_at = 0, moment + WINDOW
        if counter.failures >= most:
            raise TooManyLogins(counter.window_ends_at)
        counter.failures += 1
        session.add(counter)
    await session.flush()


async def forgive(
    session: AsyncSession, email: str, address: str, device: str | None = None
) -> None:
    """The attempt was right: the account begins anew, the address gets its attempt back.

    A known device begins anew by itself: what strangers did to the account still counts.
    """
    if device is not None:
        await session.exec(delete(LoginThrottle).where(col(LoginThrottle.key) == _device(device)))
        return
    await session.exec(delete(LoginThrottle).where(col(LoginThrottle.key) == account_key(email)))
    await give_back(session, address)


async def give_back(session: AsyncSession, address: str) -> None:
    """An attempt from this address was right, as far as it went: it counts against nobody else."""
    await session.exec(
        update(LoginThrottle)
        .where(col(LoginThrottle.key) == _address(address), col(LoginThrottle.failures) > 0)
        .values(failures=LoginThrottle.failures - 1)
    )


async def _clear(session: AsyncSession, moment: datetime) -> None:
    ended = select(LoginThrottle.key).where(LoginThrottle.window_ends_at < moment)
    keys = (await session.exec(ended.limit(THROTTLES_CLEARED))).all()
    if keys:
        await session.exec(delete(LoginThrottle).where(col(LoginThrottle.key).in_(keys)))


async def begin(session: AsyncSession, person: Person) -> tuple[PersonSession, str]:
    """A new session and its token, which is not kept."""
    await session.exec(delete(PersonSession).where(col(PersonSession.expires_at) < now()))
    await hold_name(session, "sessions", person.id)
    kept = await _of(session, person.id)
    for old in kept[SESSIONS_OF_ONE - 1 :]:
        await session.delete(old)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    begun = PersonSession(digest=digest(token), person_id=person.id, expires_at=now() + ABSOLUTE)
    session.add(begun)
    await session.flush()
    return begun, token


async def _of(session: AsyncSession, person_id: str) -> Sequence[PersonSession]:
    newest = col(PersonSession.seen_at).desc()
    query = select(PersonSession).where(PersonSession.person_id == person_id).order_by(newest)
    return (await session.exec(query)).all()


async def find(session: AsyncSession, token: str) -> Login | None:
    """The login of a token; None where it is unknown, over, idle or the account is disabled."""
    found = await session.get(PersonSession, digest(token))
    moment = now()
    if found is None or found.expires_at <= moment or found.seen_at + IDLE <= moment:
        return None
    person = await session.get(Person, found.person_id)
    if person is None or person.disabled_at is not None:
        return None
    return Login(person, found)


def stale(login: Login) -> bool:
    """Whether it is time to note that the person is still here."""
    return login.session.seen_at + TOUCH <= now()


async def touch(session: AsyncSession, login: Login) -> bool:
    """Note that the person did something; False where the session has ended meanwhile."""
    mine = col(PersonSession.digest) == login.session.digest
    return bool(await changed(session, PersonSession, mine, seen_at=now()))


async def end(session: AsyncSession, login: Login) -> None:
    """Log out."""
    ended = col(PersonSession.digest) == login.session.digest
    await session.exec(delete(PersonSession).where(ended))


async def end_all(session: AsyncSession, person_id: str, but: str | None = None) -> None:
    """End every session of a person, except the one with the digest `but`, and logins half done."""
    await session.exec(delete(LoginStep).where(col(LoginStep.person_id) == person_id))
    wanted = [col(PersonSession.person_id) == person_id]
    if but is not None:
        wanted.append(col(PersonSession.digest) != but)
    await session.exec(delete(PersonSession).where(*wanted))


def digest(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def csrf_of(token: str) -> str:
    """The token that a page sends with each change: only who reads our pages knows it.

    It follows from the session's token, which the page itself cannot read, so that nothing more
    is stored and it lives exactly as long.
    """
    return hmac.new(token.encode(), b"csrf", hashlib.sha256).hexdigest()


def account_key(email: str) -> str:
    """Under what the failed logins of one account are counted."""
    return hashlib.sha256(f"account:{addresses.canonical(email)}".encode()).hexdigest()


def _device(name: str) -> str:
    return hashlib.sha256(f"device:{name}".encode()).hexdigest()


def _address(address: str) -> str:
    return hashlib.sha256(f"address:{address}".encode()).hexdigest()
