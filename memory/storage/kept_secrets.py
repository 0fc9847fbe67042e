"""Secrets of channels that were typed in where they are connected.

On one machine each is a private file beside the database. Machines that share no folder find them
in Postgres, sealed. No backup or export of ours holds them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Protocol

from typing_extensions import override

from memory.patterns import linear
from memory.regular_files import read_regular
from memory.storage.private_files import written

FOLDER = "secrets"
SECRETS = "secret"
"""The kind under which they are shared."""
NAME = linear(r"^[A-Z][A-Z0-9_]{0,99}$")
MOST_FILES = 5_000
MOST_BYTES = 10_000
"""Of one secret."""
IN_FILE = "_FILE"
"""Behind a variable's name: the file that holds its value, as containers get secrets."""


class KeptUnsealed(ValueError):
    """A secret that would stand in a database as it is; the words say what to set."""


class Shared(Protocol):
    """Where machines without a shared folder keep texts: `memory.storage.kept_state.KeptStates`."""

    def secrets(self) -> Mapping[str, str]:
        """Of channels, by variable."""

    def stamps(self) -> tuple[tuple[str, int], ...]:
        """When they were changed."""

    def put(self, kind: str, name: str, text: str) -> None:
        """Keep one in place of what was kept."""

    def bring(self, kind: str, name: str, text: str, changed_at: datetime) -> None:
        """Keep one unless something newer is kept."""


class Variables(Mapping[str, str]):
    """The environment, and the kept secrets that it says nothing of; those are read when one is asked for.

    What is shared by the database counts before this machine's files. Raises `OSError`,
    `StorageUnavailable`, `EncryptionRefused`.
    """

    def __init__(
        self, home: Path, environment: Mapping[str, str], shared: Shared | None = None
    ) -> None:
        self._home = home
        self._environment = environment
        self._shared = shared

    @cached_property
    def _kept(self) -> Mapping[str, str]:
        shared = {} if self._shared is None else self._shared.secrets()
        found = {one.name: read_regular(one, MOST_BYTES) for one in _files(self._home)} | {**shared}
        given = self._environment.keys()
        return {name: one for name, one in found.items() if not {name, name + IN_FILE} & given}

    @override
    def __getitem__(self, name: str) -> str:
        if name in self._environment:
            return self._environment[name]
        if not NAME.match(name):
            raise KeyError(name)
        return self._kept[name]

    @override
    def __iter__(self) -> Iterator[str]:
        return iter({**self._kept, **self._environment})

    @override
    def __len__(self) -> int:
        return len({**self._kept, **self._environment})


def keep(home: Path, name: str, value: str, shared: Shared | None = None) -> None:
    """Keep a secret, in place of the one that was kept under this name.

    Raises `OSError`, and where it is shared `KeptUnsealed` and `StorageUnavailable`.
    """
    if not NAME.match(name):
        raise ValueError(f"{name!r} is not a name of a variable")
    if shared is not None:
        shared.put(SECRETS, name, value)
        return
    (home / FOLDER).mkdir(mode=0o700, parents=True, exist_ok=True)
    written(home / FOLDER / name, value)


def bring(home: Path, shared: Shared) -> int:
    """Share what this machine's files hold, unless something newer is known; how many there are.

    Raises `OSError`, `StorageUnavailable`, `KeptUnsealed`.
    """
    files = _files(home)
    for one in files:
        at = datetime.fromtimestamp(one.stat().st_mtime, UTC)
        shared.bring(SECRETS, one.name, read_regular(one, MOST_BYTES), at)
    return len(files)


def stamps(home: Path, shared: Shared | None = None) -> list[tuple[str, int]]:
    """Each of them and when it was written, in units of its own."""
    files = [(str(one), one.stat().st_mtime_ns) for one in _files(home)]
    return files if shared is None else [*files, *shared.stamps()]


def _files(home: Path) -> list[Path]:
    folder = home / FOLDER
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    return [one for one in found[:MOST_FILES] if NAME.match(one.name)]
