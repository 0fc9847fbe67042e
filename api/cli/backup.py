"""`deskhand backup` and `deskhand restore`: the data folder in one file, and back."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from api.cli import screen
from api.cli.failures import USAGE, CommandFault
from api.settings import Settings, read_settings
from memory.storage.private import keep_private

Target = Annotated[Path, typer.Argument(metavar="FILE", help="The file to write; a new one.")]
Source = Annotated[Path, typer.Argument(metavar="FILE", help="What `deskhand backup` wrote.")]
Replace = Annotated[
    bool, typer.Option("--replace", help="Put it in place of the data that is there.")
]


def backup(file: Target) -> None:
    """Copy the data folder into one file, while everything runs. Keep it as safe as the data.

    It holds the ledger, the checkpoints, the key and the list of erased people; no vectors.
    """
    from memory.backup import make

    settings = _embedded(read_settings())
    with screen.notes().status("copying"):
        manifest = make(settings.home, file)
    screen.out().print(f"Backup of {manifest.made_at}: {file}", markup=False)
    if settings.keyring is not None:
        words = (
            f"Its texts are encrypted with key {settings.keyring.current.id}, which is not in it:"
        )
        screen.out().print(f"{words} without that key it cannot be restored.", markup=False)


def restore(file: Source, *, replace: Replace = False) -> None:
    """Bring a backup back, with everything stopped.

    Who was erased since is erased again; what was under way then goes to a person, so that no
    customer is answered twice.
    """
    from memory.backup import LEDGER, put_in_place, staged
    from memory.workers.locks import FileLocks

    settings = _embedded(read_settings())
    if FileLocks(settings.locks_path).any_held():
        msg = f"a worker is alive on {settings.home}: stop everything first"
        raise CommandFault(msg, USAGE)
    if (settings.home / LEDGER).exists() and not replace:
        msg = f"{settings.home} holds data: name an empty --home, or say --replace to give it up"
        raise CommandFault(msg, USAGE)
    keep_private(settings.home)
    with staged(file, settings.home) as (folder, manifest):
        aside = Settings(
            home=folder,
            identity_key=settings.identity_key,
            encryption_key=settings.encryption_key,
            encryption_key_file=settings.encryption_key_file,
            _env_file=None,
        )
        asyncio.run(_settled(aside, manifest.made_at))
        put_in_place(folder, settings.home)


async def _settled(settings: Settings, made_at: str) -> None:
    from api.ledger import open_ledger
    from api.worker.restored import settle_restored
    from memory.backup import want_erasures

    database = open_ledger(settings)
    try:
        wanted = await want_erasures(database, settings.home)
        done = await settle_restored(database, settings.hmac_key, made_at)
    finally:
        await database.close()
    screen.out().print(f"Restored the backup of {made_at}. Since then nothing is known here:")
    screen.out().print(f"{done.to_people} tickets were under way and are with people now,")
    screen.out().print(f"{done.noted} that waited for a person have a note that says so,")
    screen.out().print(f"{done.letters} letters may or may not have been sent,")
    screen.out().print(f"{len(wanted)} erasures are carried out again by the next worker.")


def _embedded(settings: Settings) -> Settings:
    if settings.database_url is not None and not settings.database_url.startswith("sqlite"):
        msg = "the ledger is in Postgres: back it up there (pg_dump), and keep erased.jsonl with it"
        raise CommandFault(msg, USAGE)
    return settings
