"""A copy of an installation in one file, made while it runs, and its way back.

A backup of either engine comes back on either. Vectors and the engine's jobs are not in it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from memory.backup.archive import (
    CHECKPOINTS,
    FILES,
    LEDGER,
    BackupRefused,
    Manifest,
    pack,
    unpack,
)
from memory.backup.asides import aside
from memory.backup.ledgers import (
    Place,
    check,
    copy_out,
    damage,
    fill_server,
    known_erasures,
    staged_url,
)
from memory.erasure.requests import restored
from memory.erasure.sidecar import FILE as ERASED
from memory.erasure.sidecar import Sidecar
from memory.storage.database import Database
from memory.storage.hmac_key import FILE as KEY
from memory.storage.migrate import migrate
from memory.storage.scrubbing import scrub_file
from memory.tables import now


def make(place: Place, target: Path) -> Manifest:
    """Write a backup to a new file. Raises `BackupRefused`, `StorageUnavailable`, `OSError`."""
    if place.file is not None and not place.file.exists():
        raise BackupRefused(f"there is no database in {place.file.parent}: nothing to back up")
    if target.exists():
        raise BackupRefused(f"{target} exists: name a new file")
    if not target.parent.is_dir():
        raise BackupRefused(f"there is no folder {target.parent}: make it, or name another one")
    manifest = Manifest(now().isoformat())
    with aside(target.parent, ".deskhand-backup-") as folder:
        copy_out(place, folder)
        if place.file is not None and (said := damage(folder / LEDGER)):
            raise BackupRefused(f"the database is damaged ({said}): bring an older backup back")
        for name in FILES:
            if (place.home / name).exists():
                (folder / name).write_bytes((place.home / name).read_bytes())
        pack(folder, target, manifest)
    return manifest


@contextmanager
def staged(source: Path, place: Place) -> Iterator[tuple[Path, Manifest]]:
    """The backup in a folder beside the data, migrated, with everybody on each list of erased.

    `put_in_place` makes it the data; until then nothing that is there has changed.
    Raises `BackupRefused`.
    """
    place.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with aside(place.home, ".restore-") as folder:
        manifest = unpack(source, folder)
        check(folder / LEDGER)
        migrate(staged_url(folder))
        _join(place, folder / ERASED)
        yield folder, manifest


def put_in_place(folder: Path, place: Place) -> None:
    """Make what was staged the data. Nothing may run on either. Raises `StorageUnavailable`."""
    if place.file is None:
        fill_server(folder, place)
        _replace(folder / ERASED, place.home / ERASED)
        return
    for name in (CHECKPOINTS, LEDGER):
        scrub_file(folder / name)  # its log may hold what is not yet in the file
    for name in (ERASED, KEY, CHECKPOINTS):
        _replace(folder / name, place.home / name)
    _replace(folder / LEDGER, place.file)  # the last: it is what is worked on


async def want_erasures(database: Database, home: Path) -> list[str]:
    """Have everybody on the list erased again; ids of what is to be carried out."""
    entries: Mapping[str, Mapping[str, object]] = Sidecar(home / ERASED).entries()
    async with database.transaction() as session:
        return await restored(session, entries.values())


def _join(place: Place, brought: Path) -> None:
    """Add who stands on the list beside the data, and whose erasure the present ledger knows."""
    present = Sidecar(place.home / ERASED)
    lines = present.path.read_text() if present.path.exists() else ""
    if lines:
        with os.fdopen(
            os.open(brought, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "w"
        ) as file:
            file.write("\n" + lines)
    for one in known_erasures(place):
        Sidecar(brought).add(one)


def _replace(brought: Path, present: Path) -> None:
    for end in ("-wal", "-shm"):
        present.with_name(present.name + end).unlink(missing_ok=True)
    if brought.exists():
        aside = present.with_name(f".{present.name}.restored")
        shutil.move(brought, aside)  # it may stand on another disk
        aside.chmod(0o600)
        aside.replace(present)
    elif present.name == CHECKPOINTS:
        present.unlink(missing_ok=True)
