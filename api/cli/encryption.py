"""`deskhand encryption`: keys for texts at rest, and sealing everything with a new one."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import typer

from api.cli import screen
from api.cli.database import open_database
from api.cli.failures import PARTLY, USAGE, CommandFault
from api.settings import Settings, read_settings

if TYPE_CHECKING:
    from memory.rekeying import Rekeyed
    from memory.sealing.keyring import Keyring

app = typer.Typer(help="Texts at rest: keys, and sealing with them.", no_args_is_help=True)
MOST_LISTED = 20


@app.command()
def key() -> None:
    """Make a key and print it, once: it is kept nowhere."""
    from memory.sealing.keyring import SETTING, new_key, read_keyring

    made = new_key()
    screen.notes().print(
        f"Key {read_keyring(made).current.id}. Set {SETTING} to it in every process, before any"
        " older key, and keep a copy where the data and its backups are not: whoever loses it"
        " loses the texts.",
        markup=False,
    )
    print(made)  # noqa: T201  alone on stdout, so that scripts can take it


@app.command()
def rekey() -> None:
    """Seal every text with the first key of DESKHAND_ENCRYPTION_KEY, while everything runs.

    Start every process with the new key first. It may be stopped and run again at any time.
    """
    from memory.sealing.keyring import SETTING

    settings = read_settings()
    ring = settings.keyring
    if ring is None:
        msg = f"there is no key to seal with: set {SETTING} (`deskhand encryption key` prints one)"
        raise CommandFault(msg, USAGE)
    _tell(asyncio.run(_rekeyed(settings, ring)), ring)


async def _rekeyed(settings: Settings, ring: Keyring) -> Rekeyed:
    from memory.rekeying import rekey as seal_anew

    with screen.notes().status("sealing") as status:
        async with open_database(settings) as database:
            return await seal_anew(
                database, ring, lambda table, rows: status.update(f"sealing {table}: {rows}")
            )


def _tell(done: Rekeyed, ring: Keyring) -> None:
    out = screen.out()
    for table, rows in sorted(done.rows.items()):
        if rows:
            out.print(f"{table}: {rows} sealed again", markup=False)
    for place in done.left:
        out.print(f"What was plain may still be in {place}.", markup=False)
    for cell in done.planted[:MOST_LISTED]:
        out.print(
            f"{cell} was plain although everything had been sealed: either something other than"
            " Deskhand wrote it, or a process without the key",
            markup=False,
        )
    if done.broken:
        for cell in done.broken[:MOST_LISTED]:
            out.print(f"{cell} does not open: it was changed in the database", markup=False)
        out.print(f"{len(done.broken)} stay as they are, and the older keys are still needed.")
        raise typer.Exit(PARTLY)
    out.print(f"Everything is sealed with key {ring.current.id}.")
    unneeded = [one for one in (*ring.ids[1:], *done.ended) if one != ring.current.id]
    for one in dict.fromkeys(unneeded):
        out.print(
            f"Key {one} is no longer needed here: take it out of the setting, and keep it as long"
            " as backups that were made with it."
        )
    if done.planted:
        raise typer.Exit(PARTLY)
