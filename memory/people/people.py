"""Named accounts: made, disabled, reset. Functions take the caller's session and never commit."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.addresses import canonical
from memory.faults import MemoryFault
from memory.handoffs.log import NOBODY
from memory.people import logins
from memory.people.keys import MAX_NAME_CHARS, Scope
from memory.people.names import skeleton
from memory.storage.engines import hold_name
from memory.tables import ApiKey, Person, now

ID_BYTES = 8
MAX_EMAIL_CHARS = 320
MOST_OF_ADDRESS = 3
"""Accounts of one address that a login without a tenant tries."""
WORKING = frozenset({Scope.AGENT, Scope.LEAD, Scope.ADMIN})
"""Scopes whose holder can have a handoff."""


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
    name, email = " ".join(name.split()), canonical(email)
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


def _check(name: str, email: str, role: str) -> None:
    if not skeleton(name) or len(name) > MAX_NAME_CHARS or not name.isprintable():
        msg = f"an account needs a name of 1 to {MAX_NAME_CHARS} printable characters"
        raise PersonRefused(msg)
    local, _, domain = email.partition("@")
    if not local or not domain or " " in email or len(email) > MAX_EMAIL_CHARS:
        raise PersonRefused("the address is not an e-mail address: write it as name@example.com")
    if role not in set(Role):
        raise PersonRefused(f"unknown role {role!r}: use {', '.join(Role)}")


async def _check_free(session: AsyncSession, tenant: str, name: str, email: str) -> None:
    if await of_tenant(session, tenant, email) is not None:
        raise PersonRefused("there is an account with this address already: reset it instead")
    seen = skeleton(name)
    if seen in map(skeleton, NOBODY):
        raise PersonRefused(f"{name!r} is kept for what no person did: use the person's own name")
    for other in await listed(session, tenant):
        if other.folded_name == name.casefold():
            msg = (
                f"somebody is called {name!r} already: names stand next to decisions, so add "
                "initials"
            )
            raise PersonRefused(msg)
        if skeleton(other.name) == seen:
            msg = f"{name!r} looks like {other.name!r}: names stand next to decisions, so add initials"
            raise PersonRefused(msg)


async def of_tenant(session: AsyncSession, tenant: str, email: str) -> Person | None:
    """The account of an address with one tenant."""
    query = select(Person).where(Person.tenant == tenant, Person.email == canonical(email))
    return (await session.exec(query)).first()


async def by_email(session: AsyncSession, email: str, tenant: str | None) -> Sequence[Person]:
    """The accounts of an address, of one tenant or of all; the oldest `MOST_OF_ADDRESS` of them.

    The oldest, so that no other tenant can crowd a person's account out.
    """
    query = select(Person).where(Person.email == canonical(email))
    if tenant is not None:
        query = query.where(Person.tenant == tenant)
    ordered = query.order_by(col(Person.created_at), col(Person.id))
    return (await session.exec(ordered.limit(MOST_OF_ADDRESS))).all()


async def has_name(session: AsyncSession, tenant: str, name: str) -> bool:
    """Whether somebody who may work is called exactly that: an account, or the holder of a key."""
    query = select(Person.id).where(
        Person.tenant == tenant, Person.name == name, col(Person.disabled_at).is_(None)
    )
    if (await session.exec(query)).first() is not None:
        return True
    living = select(ApiKey).where(
        ApiKey.tenant == tenant, ApiKey.name == name, col(ApiKey.revoked_at).is_(None)
    )
    return any(WORKING & set(key.scopes) for key in (await session.exec(living)).all())


async def get(session: AsyncSession, tenant: str, person_id: str) -> Person:
    """The account. Raises `PersonUnknown`, also where it belongs to another tenant."""
    person = await session.get(Person, person_id)
    if person is None or person.tenant != tenant:
        raise PersonUnknown(f"there is no account {person_id!r}")
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
