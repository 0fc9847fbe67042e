"""Named accounts: made, disabled, reset. Functions take the caller's session and never commit."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory import addresses
from memory.handoffs.log import NOBODY
from memory.people import logins
from memory.people.keys import MAX_NAME_CHARS, Scope
from memory.storage.database import MemoryFault
from memory.storage.engines import hold_name
from memory.tables import Person, now

ID_BYTES = 8
MAX_EMAIL_CHARS = 320


class Role(StrEnum):
    """What a person may do."""

    AGENT = "agent"
    """Works on handoffs."""
    LEAD = "lead"
    """Also assigns, closes in bulk, and sees the team's figures."""
    ADMIN = "admin"
    """Everything of the tenant, its people and its audit."""


SCOPES: Mapping[str, tuple[str, ...]] = {
    Role.AGENT: (Scope.AGENT,),
    Role.LEAD: (Scope.AGENT, Scope.LEAD),
    Role.ADMIN: (Scope.ADMIN,),
}
"""A role as the scopes that API keys have."""


class PersonUnknown(MemoryFault):
    """No such account in this tenant."""


class PersonRefused(MemoryFault):
    """An account cannot be made or changed like this."""


async def create(
    session: AsyncSession, tenant: str, *, name: str, email: str, role: str, password: str
) -> Person:
    """A new account with the hash of a one-time password.

    Raises `PersonRefused` where name or address are taken or do not fit, or the role is unknown.
    """
    name, email = " ".join(name.split()), folded(email)
    _check(name, email, role)
    await hold_name(session, "accounts")
    await _check_free(session, tenant, name, email)
    person = Person(
        id=f"per_{secrets.token_hex(ID_BYTES)}",
        tenant=tenant,
        email=email,
        name=name,
        folded_name=name.casefold(),
        role=Role(role),
        password=password,
    )
    session.add(person)
    await session.flush()
    return person


def folded(email: str) -> str:
    """An address as it is stored and looked up."""
    return addresses.canonical(email)


def _check(name: str, email: str, role: str) -> None:
    if not name or len(name) > MAX_NAME_CHARS or not name.isprintable():
        msg = f"an account needs a name of 1 to {MAX_NAME_CHARS} printable characters"
        raise PersonRefused(msg)
    local, _, domain = email.partition("@")
    if not local or not domain or " " in email or len(email) > MAX_EMAIL_CHARS:
        msg = "the address is not an e-mail address: write it as name@example.com"
        raise PersonRefused(msg)
    if role not in set(Role):
        msg = f"unknown role {role!r}: use {', '.join(Role)}"
        raise PersonRefused(msg)


async def _check_free(session: AsyncSession, tenant: str, name: str, email: str) -> None:
    if await by_email(session, email) is not None:
        msg = "there is an account with this address already: reset it instead"
        raise PersonRefused(msg)
    if name.casefold() in NOBODY:
        msg = f"{name!r} stands for what no person did: use the person's own name"
        raise PersonRefused(msg)
    same = await session.exec(
        select(Person).where(Person.tenant == tenant, Person.folded_name == name.casefold())
    )
    if same.first() is not None:
        msg = f"somebody is called {name!r} already: names stand next to decisions, so add initials"
        raise PersonRefused(msg)


async def by_email(session: AsyncSession, email: str) -> Person | None:
    """The account of an address, of whatever tenant."""
    return (await session.exec(select(Person).where(Person.email == folded(email)))).first()


async def get(session: AsyncSession, tenant: str, person_id: str) -> Person:
    """The account. Raises `PersonUnknown`, also where it belongs to another tenant."""
    person = await session.get(Person, person_id)
    if person is None or person.tenant != tenant:
        msg = f"there is no account {person_id!r}"
        raise PersonUnknown(msg)
    return person


async def listed(session: AsyncSession, tenant: str | None = None) -> list[Person]:
    """The accounts of a tenant, or of all, by name; disabled ones too."""
    query = select(Person).order_by(col(Person.tenant), col(Person.folded_name))
    if tenant is not None:
        query = query.where(Person.tenant == tenant)
    return list((await session.exec(query)).all())


async def disable(session: AsyncSession, person: Person) -> None:
    """End the account and every session at once; doing it again changes nothing."""
    if person.disabled_at is None:
        person.disabled_at = now()
        session.add(person)
    await logins.end_all(session, person.id)


async def enable(session: AsyncSession, person: Person) -> None:
    """Let the person log in again."""
    person.disabled_at = None
    session.add(person)


async def set_role(session: AsyncSession, person: Person, role: str) -> None:
    """Give another role, from the next request on. Raises `PersonRefused`."""
    _check(person.name, person.email, role)
    person.role = Role(role)
    session.add(person)


async def set_password(
    session: AsyncSession, person: Person, hashed: str, *, one_time: bool, keep: str | None = None
) -> None:
    """Store the hash and end every session but `keep`, which is a session's digest."""
    person.password, person.one_time = hashed, one_time
    session.add(person)
    await logins.end_all(session, person.id, but=keep)


async def set_preferences(
    session: AsyncSession, person: Person, preferences: dict[str, Any]
) -> None:
    """Replace what the console remembers for the person."""
    person.preferences = dict(preferences)
    session.add(person)
