"""`deskhand key`: make, list and revoke API keys on the local ledger."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import screen
from api.cli.database import changing, reading, tenant_of
from api.cli.failures import USAGE, CommandFault
from api.settings import read_settings

if TYPE_CHECKING:
    from sqlmodel.ext.asyncio.session import AsyncSession

    from memory.tables import ApiKey

app = typer.Typer(help="API keys: hashed at rest, bound to a tenant.", no_args_is_help=True)
Tenant = Annotated[str | None, typer.Option(help="Whose key (default: the only tenant there is).")]


@app.command()
def create(
    name: Annotated[str, typer.Option(help="Whose it is; shown with that person's decisions.")],
    tenant: Tenant = None,
    scope: Annotated[
        list[str] | None,
        typer.Option(
            help="intake: post tickets and read them. submit: post, read nothing. agent: work on handoffs. lead: the team. admin: all. Repeatable."
        ),
    ] = None,
    vouch: Annotated[
        bool,
        typer.Option(
            "--vouch",
            help="Let it vouch for senders: only for a system where customers have logged in.",
        ),
    ] = False,
) -> None:
    """Make a key and print it, once: only its digest is kept."""
    from memory.people import keys

    settings = read_settings()
    owner = tenant_of(settings, tenant)
    scopes = [*(scope or ["intake"]), *(["vouch"] if vouch else [])]
    key, token = changing(settings, lambda session: keys.create(session, owner, name, scopes))
    screen.notes().print(
        f"Key {key.id} of {owner} for {key.name} ({', '.join(key.scopes)}). "
        "Keep it safe: it is not shown again.",
        markup=False,
    )
    print(token)  # noqa: T201  alone on stdout, so that scripts can take it


@app.command("list")
def list_keys(tenant: Tenant = None) -> None:
    """Show keys, without their secrets; of all tenants unless one is named."""
    from memory.people import keys

    found = reading(read_settings(), lambda session: keys.listed(session, tenant))
    rows = [
        (
            key.id,
            key.tenant,
            key.name,
            ", ".join(key.scopes),
            screen.moment(key.created_at),
            "revoked " + str(screen.moment(key.revoked_at)) if key.revoked_at else "valid",
        )
        for key in found
    ]
    if not rows:
        screen.notes().print("There are no keys: make one with `deskhand key create`.")
        return
    screen.out().print(screen.table(("Key", "Tenant", "Name", "Scopes", "Made", "State"), rows))


@app.command()
def revoke(
    key: Annotated[str, typer.Argument(help="The key's id, or the whole key.")],
) -> None:
    """Revoke a key at once."""
    ended = changing(read_settings(), partial(_revoke, _id(key)))
    screen.out().print(f"Key {ended.id} of {ended.tenant} for {ended.name} is revoked.")


def _id(key: str) -> str:
    return key.split("_")[1] if key.startswith("dk_") else key


async def _revoke(key_id: str, session: AsyncSession) -> ApiKey:
    from memory.people import keys

    for key in await keys.listed(session):
        if key.id == key_id:
            return await keys.revoke(session, key.tenant, key_id)
    msg = f"there is no key {key_id!r}: `deskhand key list` shows them"
    raise CommandFault(msg, USAGE)
