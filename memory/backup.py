"""A copy of an embedded installation in one file, made while it runs, and its way back.

The file is a tar: the ledger, the checkpoints, the installation's key, the list of erased people
and a manifest. Vectors are not in it. The checkpoints are copied first: a ledger that is newer
knows what was sent, and a run that is older asks it.
"""

from __future__ import annotations

import json
import os
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from memory.erasure.requests import restored
from memory.erasure.sidecar import FILE as ERASED
from memory.erasure.sidecar import Sidecar
from memory.storage.database import Database, MemoryFault
from memory.storage.hmac_key import FILE as KEY
from memory.storage.migrate import migrate
from memory.storage.scrubbing import scrub_file
from memory.tables import now

FORMAT = "deskhand-backup/1"
MANIFEST = "manifest.json"
LEDGER = "deskhand.db"
CHECKPOINTS = "checkpoints.db"
DATABASES = (CHECKPOINTS, LEDGER)
"""In the order in which they are copied."""
FILES = (KEY, ERASED)
MOST_MANIFEST_BYTES = 10_000


class BackupRefused(MemoryFault):
    """It cannot be made or brought back; the message says what to do."""


@dataclass(frozen=True)
class Manifest:
    """What a backup is."""

    made_at: str
    """ISO 8601, UTC, when the copying began."""


def make(home: Path, target: Path) -> Manifest:
    """Write a backup of the data folder to a new file. Raises `BackupRefused`, `OSError`."""
    if not (home / LEDGER).exists():
        msg = f"there is no database in {home}: nothing to back up"
        raise BackupRefused(msg)
    if target.exists():
        msg = f"{target} exists: name a new file"
        raise BackupRefused(msg)
    manifest = Manifest(now().isoformat())
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as place:
        folder = Path(place)
        for name in DATABASES:
            if (home / name).exists():
                _copy(home / name, folder / name)
        for name in FILES:
            if (home / name).exists():
                (folder / name).write_bytes((home / name).read_bytes())
        words = json.dumps({"format": FORMAT, "made_at": manifest.made_at})
        (folder / MANIFEST).write_text(words)
        _pack(folder, target)
    return manifest


@contextmanager
def staged(source: Path, home: Path) -> Iterator[tuple[Path, Manifest]]:
    """The backup in a folder beside the data, migrated, with everybody on both lists of erased.

    `put_in_place` makes it the data; until then nothing that is there has changed.
    Raises `BackupRefused`.
    """
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=home, prefix=".restore-") as place:
        folder = Path(place)
        manifest = _extract(source, folder)
        _check(folder / LEDGER)
        migrate(f"sqlite:///{folder / LEDGER}")
        _join(home / ERASED, folder / ERASED)
        yield folder, manifest


def put_in_place(folder: Path, home: Path) -> None:
    """Make what was staged the data. Nothing may run on either."""
    for name in DATABASES:
        scrub_file(folder / name)  # its log may hold what is not yet in the file
    for name in (ERASED, KEY, *DATABASES):  # the ledger last: it is what is worked on
        _replace(folder / name, home / name)


async def want_erasures(database: Database, home: Path) -> list[str]:
    """Have everybody on the list erased again; ids of what is to be carried out."""
    entries: Mapping[str, Mapping[str, object]] = Sidecar(home / ERASED).entries()
    async with database.transaction() as session:
        return await restored(session, entries.values())


def _copy(source: Path, target: Path) -> None:
    """SQLite's own copying: whole, whatever others write meanwhile."""
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)


def _pack(folder: Path, target: Path) -> None:
    """Written aside and renamed: a file of that name is a whole backup."""
    aside = target.with_name(f".{target.name}.part")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        with tarfile.open(fileobj=file, mode="w") as packed:
            for path in sorted(folder.iterdir()):
                packed.add(path, arcname=path.name)
        file.flush()
        os.fsync(file.fileno())
    aside.rename(target)


def _extract(source: Path, folder: Path) -> Manifest:
    wanted = {*DATABASES, *FILES, MANIFEST}
    try:
        with tarfile.open(source) as packed:
            for member in packed:
                if member.name in wanted and member.isfile():
                    packed.extract(member, folder, filter="data")
        found = json.loads((folder / MANIFEST).read_text()[:MOST_MANIFEST_BYTES])
        if found["format"] != FORMAT:
            msg = f"{source} is {found['format']}, and this release reads {FORMAT}"
            raise BackupRefused(msg)
        return Manifest(found["made_at"])
    except (tarfile.TarError, OSError, ValueError, KeyError) as error:
        msg = f"{source} is no whole backup ({type(error).__name__}): name one that `deskhand backup` wrote"
        raise BackupRefused(msg) from error


def _check(ledger: Path) -> None:
    with closing(sqlite3.connect(ledger)) as file:
        said = file.execute("PRAGMA quick_check").fetchone()[0]
    if said != "ok":
        msg = f"the backup's database is damaged ({said}): take an older backup"
        raise BackupRefused(msg)


def _join(brought: Path, present: Path) -> None:
    lines = brought.read_text() if brought.exists() else ""
    if lines:
        with os.fdopen(
            os.open(present, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "w"
        ) as file:
            file.write("\n" + lines)


def _replace(brought: Path, present: Path) -> None:
    for end in ("-wal", "-shm"):
        present.with_name(present.name + end).unlink(missing_ok=True)
    if brought.exists():
        brought.chmod(0o600)
        brought.replace(present)
    elif present.name in DATABASES:
        present.unlink(missing_ok=True)
