"""The file of a backup: a tar with the ledger, the key, the list of erased people and a manifest.

The ledger in it is a file of SQLite wherever it came from. Backups of old releases have the
checkpoints in a file of their own.
"""

from __future__ import annotations

import json
import os
import tarfile
from dataclasses import dataclass
from pathlib import Path

from memory.erasure.sidecar import FILE as ERASED
from memory.faults import MemoryFault
from memory.storage.hmac_key import FILE as KEY

FORMAT = "deskhand-backup/1"
MANIFEST = "manifest.json"
LEDGER = "deskhand.db"
CHECKPOINTS = "checkpoints.db"
FILES = (KEY, ERASED)
"""What stands in the data folder beside the databases."""
MOST_MANIFEST_BYTES = 10_000


class BackupRefused(MemoryFault):
    """It cannot be made or brought back; the message says what to do."""


@dataclass(frozen=True)
class Manifest:
    """What a backup is."""

    made_at: str
    """ISO 8601, UTC, when the copying began."""


def pack(folder: Path, target: Path, manifest: Manifest) -> None:
    """Written aside and renamed: a file of that name is a whole backup."""
    words = json.dumps({"format": FORMAT, "made_at": manifest.made_at})
    (folder / MANIFEST).write_text(words)
    aside = target.with_name(f".{target.name}.part")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        with tarfile.open(fileobj=file, mode="w") as packed:
            for path in sorted(folder.iterdir()):
                packed.add(path, arcname=path.name)
        file.flush()
        os.fsync(file.fileno())
    aside.rename(target)


def unpack(source: Path, folder: Path) -> Manifest:
    """What is known of it, and nothing else, into the folder. Raises `BackupRefused`."""
    wanted = {CHECKPOINTS, LEDGER, *FILES, MANIFEST}
    try:
        with tarfile.open(source) as packed:
            for member in packed:
                if member.name in wanted and member.isfile():
                    packed.extract(member, folder, filter="data")
        found = json.loads((folder / MANIFEST).read_text()[:MOST_MANIFEST_BYTES])
        if found["format"] != FORMAT:
            raise BackupRefused(f"{source} is {found['format']}, and this release reads {FORMAT}")
        return Manifest(found["made_at"])
    except (tarfile.TarError, OSError, ValueError, KeyError) as error:
        msg = f"{source} is not a complete backup ({type(error).__name__}): name one that `deskhand backup` wrote"
        raise BackupRefused(msg) from error
