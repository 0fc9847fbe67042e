"""What a person proves again before a change to their own account, and where they do it."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request

from api.http.accounts.devices import known_device
from api.http.accounts.vault import Vault
from api.http.deps import ApiContext
from api.http.faults import LoginRefused
from memory.people import logins
from memory.tables import Person


@dataclass(frozen=True)
class Source:
    """Where a login comes from."""

    address: str
    device: str | None
    """A browser in which the person has logged in before."""


def source_of(request: Request, context: ApiContext, email: str) -> Source:
    """The caller's address, and the browser where it is known to this account."""
    address = "" if request.client is None else request.client.host
    return Source(address, known_device(request, context, email))


async def count(context: ApiContext, email: str, source: Source) -> None:
    """Count an attempt, on its own, before it is judged. Raises `TooManyLogins`."""
    async with context.database.transaction() as session:
        await logins.count_attempt(session, email, source.address, source.device)


async def prove_password(
    context: ApiContext, vault: Vault, person: Person, password: str, source: Source
) -> None:
    """The person types their password again; `logins.forgive` is the caller's.

    Raises `LoginRefused`, `TooManyLogins`.
    """
    await count(context, person.email, source)
    if not (await vault.check(password, person.password)).right:
        raise LoginRefused("the password is wrong")
