"""`deskhand backup` and `deskhand restore`: an installation in one file, and back."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import screen
from api.cli.failures import USAGE, CommandFault
from api.settings import Settings, read_settings
from memory.storage.private_files import keep_private

if TYPE_CHECKING:
    from memory.backup.ledgers import Place

Target = Annotated[
    Path, typer.Argument(metavar="FILE", help="The file to write. It must not exist yet.")
]
Source = Annotated[Path, typer.Argument(metavar="FILE", help="What `deskhand backup` wrote.")]
Replace = Annotated[bool, typer.Option("--replace", help="Replace the data that is there.")]


def backup(file: Target) -> None:
    """Copy the ledger into one file, while everything runs. Keep it as safe as the data.

    It holds the ledger, the key and the list of erased people; no vectors. A ledger on Postgres
    is read at one moment, and comes back on either engine.
    """
    from memory.backup.making import make

    settings = read_settings()
    with screen.notes().status("copying"):
        manifest = make(_place(settings), file)
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
    from memory.backup.ledgers import holds_data, in_use, staged_url
    from memory.backup.making import put_in_place, staged
    from memory.workers.locks import open_locks

    settings = read_settings()
    place = _place(settings)
    where = settings.home if place.file is not None else "the database of DESKHAND_DATABASE_URL"
    if open_locks(settings.ledger_url, settings.locks_path).any_held():
        msg = f"a worker is alive on {where}: stop everything first"
        raise CommandFault(msg, USAGE)
    if holds_data(place) and not replace:
        empty = "an empty --home" if place.file is not None else "an empty one"
        msg = f"{where} holds data: name {empty}, or say --replace to give it up"
        raise CommandFault(msg, USAGE)
    if place.file is not None and in_use(place.file):
        msg = f"something has {place.file} open, such as the API: stop everything first"
        raise CommandFault(msg, USAGE)
    keep_private(settings.home)
    with staged(file, place) as (folder, manifest):
        aside = Settings(
            home=folder,
            database_url=staged_url(folder),  # and not the one of the environment
            identity_key=settings.identity_key,
            encryption_key=settings.encryption_key,
            encryption_key_file=settings.encryption_key_file,
            _env_file=None,
        )
        asyncio.run(_settled(aside, manifest.made_at))
        put_in_place(folder, place)


async def _settled(settings: Settings, made_at: str) -> None:
    from api.ledger import open_ledger
    from api.worker.restored import settle_restored
    from memory.backup.making import want_erasures

    database = open_ledger(settings)
    try:
        wanted = await want_erasures(database, settings.home)
        done = await settle_restored(database, settings.hmac_key, made_at)
    finally:
        await database.close()
    screen.out().print(f"Restored the backup of {made_at}. Since then nothing is known here:")
    screen.out().print(f"tickets that were under way and are with people now: {done.to_people},")
    screen.out().print(
        f"tickets that waited for a person and have a note that says so: {done.noted},"
    )
    screen.out().print(f"letters that may or may not have been sent: {done.letters},")
    screen.out().print(
        f"erasures that the next worker carries out again: {len(wanted)}, those recorded"
    )
    screen.out().print("in the backup, or in erased.jsonl of the restored folder.")


def _place(settings: Settings) -> Place:
    from memory.backup.ledgers import Place

    given = settings.identity_key is not None
    return Place(settings.home, settings.ledger_url, settings.keyring, given)
