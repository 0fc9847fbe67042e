"""Which account a password opens: hashes off the event loop, as many whatever there is."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Annotated

from fastapi import Depends, Request

from api.http.accounts import schemas as bodies
from memory.people import passwords, people
from memory.people.passwords import Passwords
from memory.tables import Person

HASHES_AT_ONCE = 2
"""Argon2 takes 19 MiB and a core each: more at once would only stall the other requests."""


class Vault:
    """The password hasher of a process, off its event loop and a bounded number at once."""

    def __init__(self) -> None:
        self._slots = asyncio.Semaphore(HASHES_AT_ONCE)
        self._passwords: Passwords | None = None

    async def check(self, password: str, stored: str | None) -> passwords.Checked:
        """Compare, as `Passwords.check` does, when it is its turn."""
        async with self._slots:
            return await asyncio.to_thread(self._opened().check, password, stored)

    async def hashed(self, password: str) -> str:
        """The hash of a new password, when it is its turn."""
        async with self._slots:
            return await asyncio.to_thread(self._opened().hashed, password)

    def _opened(self) -> Passwords:
        self._passwords = self._passwords or Passwords()
        return self._passwords


def vault(request: Request) -> Vault:
    """The process's vault."""
    found: Vault = request.app.state.vault
    return found


VaultDep = Annotated[Vault, Depends(vault)]


async def whose(
    vault: Vault, body: bodies.LoginIn, found: Sequence[Person]
) -> tuple[Person | None, bool]:
    """The account that the password opens, and whether its hash is outdated.

    As many hashes are worked out whatever there is, or the time would tell how many accounts an
    address has.
    """
    most = 1 if body.tenant is not None else people.MOST_OF_ADDRESS
    opened: tuple[Person | None, bool] = (None, False)
    for place in range(most):
        person = found[place] if place < len(found) else None
        checked = await vault.check(body.password, None if person is None else person.password)
        living = person is not None and person.disabled_at is None
        if checked.right and living and opened[0] is None:
            opened = (person, checked.outdated)
    return opened
