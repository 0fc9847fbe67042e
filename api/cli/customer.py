"""`deskhand export` and `deskhand erase`: what is held of a customer, and its removal."""

from __future__ import annotations

import asyncio
import json
import time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli import screen
from api.cli.database import open_database, reading, tenant_of
from api.cli.failures import PARTLY, USAGE, CommandFault
from api.cli.numbers import LONGEST_WAIT
from api.settings import Settings, read_settings

if TYPE_CHECKING:
    from memory.storage.database import Database

BY = "command"
"""Who asked, where it was this command."""
POLL_SECONDS = 0.2

Customer = Annotated[str, typer.Option(metavar="ADDRESS", help="The person's e-mail address.")]
Tenant = Annotated[
    str | None, typer.Option(help="Whose customer (default: the only tenant there is).")
]
Wait = Annotated[
    int, typer.Option(min=0, max=LONGEST_WAIT, help="Seconds to wait for a worker to carry it out.")
]


def export(customer: Customer, tenant: Tenant = None) -> None:
    """Print all that is held of a customer, as JSON."""
    from memory.erasure.export import exported

    settings = read_settings()
    whose = (settings.hmac_key, tenant_of(settings, tenant), _checked(customer))
    found = reading(settings, lambda session: exported(session, *whose))
    _print(found)
    if not found["tickets"] and not found["elsewhere"]:
        _nothing_held(customer)


def erase(customer: Customer, tenant: Tenant = None, wait: Wait = 120) -> None:
    """Remove a customer from every layer, for good; print the signed receipt as JSON.

    A worker carries it out, also after this command has ended.
    """
    settings = read_settings()
    owner = tenant_of(settings, tenant)
    erasure_id, receipt = asyncio.run(_erased(settings, owner, _checked(customer), wait))
    if receipt is None:
        screen.notes().print(
            f"Erasure {erasure_id} is wanted, and no worker has ended it within {wait} s. It is"
            " carried out as soon as one runs (`deskhand up`); the same command then shows it."
        )
        raise typer.Exit(PARTLY)
    _print(receipt)
    if "found" in receipt:
        _nothing_held(customer)


async def _erased(
    settings: Settings, tenant: str, address: str, wait: int
) -> tuple[str, dict[str, Any] | None]:
    from memory.erasure import requests

    async with open_database(settings) as database:
        async with database.transaction() as session:
            wanted = await requests.ask(
                session, settings.hmac_key, tenant=tenant, address=address, by=BY
            )
        with screen.notes().status("a worker erases"):
            return wanted.id, await _receipt(database, tenant, wanted.id, wait)


async def _receipt(
    database: Database, tenant: str, erasure_id: str, wait: int
) -> dict[str, Any] | None:
    from memory.erasure import requests

    until = time.monotonic() + wait
    while True:
        async with database.reading() as session:
            known = await requests.get(session, tenant, erasure_id)
        if known.receipt is not None or time.monotonic() > until:
            return known.receipt
        await asyncio.sleep(POLL_SECONDS)


def _checked(address: str) -> str:
    if "@" not in address.strip(" @"):
        msg = f"{address!r} is not an e-mail address: give the one that the tickets came from"
        raise CommandFault(msg, USAGE)
    return address


def _nothing_held(address: str) -> None:
    words = f"Nothing is held for {address}: check that the tickets came from this address."
    screen.notes().print(words, markup=False)


def _print(found: dict[str, Any]) -> None:
    print(json.dumps(found, indent=2, ensure_ascii=False))  # noqa: T201  the result
