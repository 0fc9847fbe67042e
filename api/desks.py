"""The desks as a running process reads them: again when a file changes, the last good ones until then."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import structlog

from api import shared_desks
from api.settings import Settings
from graph.desk.folder import SUFFIXES, DesksRead, read_desks
from graph.desk.model import Desk
from graph.desk.problems import DeskInvalid
from memory.budgets.amounts import Ceiling
from memory.faults import MemoryFault
from memory.storage import kept_secrets
from memory.storage.private_files import written

log = structlog.get_logger()

Stamp = tuple[tuple[str, int], ...]
"""Each file and when it was written, in nanoseconds."""
FEW = 20
"""Files that are looked at without a thread of their own."""
NONE = DesksRead(MappingProxyType({}), MappingProxyType({}))


def desks_to_start(settings: Settings) -> dict[str, Desk]:
    """The desks by tenant; a broken file is refused, in a folder others go on. Raises `DeskInvalid`, `OSError`, `MemoryFault`."""
    folder = settings.desk.is_dir()
    kept = settings.kept_desks_path if folder else None
    found = read_desks(settings.desk, settings.variables, kept=kept)
    if kept is not None and found.problems and shared_desks.fetch(settings, found.problems):
        found = read_desks(settings.desk, settings.variables, kept=kept)
    if found.problems and not (folder and found.desks):
        raise found.error
    return {desk.tenant: desk for desk in found.desks.values()}


@dataclass
class Desks:
    """The desks of a file or folder, read again when a file or a kept secret changes.

    A file that is broken keeps its own desk as it was, and the others are taken up. Those of a
    folder are kept beside the data, and where there are several machines in the database, so that a
    process which starts meanwhile has them as well.
    """

    settings: Settings
    _stamp: Stamp | None = None
    _read: DesksRead = NONE
    _desks: Mapping[str, Desk] = field(default_factory=dict)
    problem: str | None = None
    """Why files could not be read as they are now; their last good desks stay."""

    @property
    def path(self) -> Path:
        """The file or folder."""
        return self.settings.desk

    async def of(self, tenant: str) -> Desk | None:
        """The tenant's desk; None if no file has one."""
        if self._stamp is not None and len(self._stamp) <= FEW and self._look() == self._stamp:
            return self._desks.get(tenant)  # a look at a few files is done before a thread begins
        return (await asyncio.to_thread(self.read)).get(tenant)

    @property
    def known(self) -> Collection[Desk]:
        """Those that were read last."""
        return self._desks.values()

    def weight(self, tenant: str) -> int:
        """The tenant's weight in the desks that were read last; 1 if none of them is its own."""
        desk = self._desks.get(tenant)
        return 1 if desk is None else desk.weight

    async def day_ceiling(self, tenant: str) -> Ceiling | None:
        """What the tenant may spend in a day; None if no file has its desk."""
        desk = await self.of(tenant)
        return None if desk is None else desk.budgets.day.ceiling

    def problem_of(self, tenant: str) -> str | None:
        """Why the tenant's own file does not count as it is now: those of others are not told."""
        if self.problem is not None and not self._read.problems:
            return self.problem  # no file could be read
        own = (name for name, desk in self._read.desks.items() if desk.tenant == tenant)
        found = [one for name in own for one in self._read.problems.get(name, ())]
        return str(DeskInvalid(found)) if found else None

    async def broken(self) -> tuple[int, int]:
        """How many files cannot be read as they are now, and how many of these never could."""
        await asyncio.to_thread(self.read)
        if not self._desks and not self.path.exists():
            return 0, 0  # an API may run where no desk is
        if self.problem is not None and not self._read.problems:
            return 1, 0 if self._desks else 1
        never = self._read.problems.keys() - self._read.desks.keys()
        return len(self._read.problems), len(never)

    def read(self) -> Mapping[str, Desk]:
        """All of them by tenant, as they are now."""
        stamp = self._look()
        if stamp != self._stamp:
            problem = self._taken_up(stamp)
            if problem != self.problem:
                log.warning("desk_not_read" if problem else "desk_read", problem=problem)
            self._stamp, self.problem = stamp, problem
        return self._desks

    def _taken_up(self, stamp: Stamp) -> str | None:
        """Read all files; what is wrong with them."""
        folder = self.settings.kept_desks_path if self.path.is_dir() else None
        try:
            found = read_desks(self.path, self.settings.variables, self._read.desks, folder)
            lost = found.problems.keys() - found.desks.keys()
            if folder is not None and lost and shared_desks.fetch(self.settings, lost):
                found = read_desks(self.path, self.settings.variables, self._read.desks, folder)
        except (DeskInvalid, OSError, MemoryFault) as error:
            self._read = DesksRead(self._read.desks, NONE.problems)
            return str(error)
        self._read = found
        self._desks = {desk.tenant: desk for desk in found.desks.values()}
        if folder is not None and folder.resolve() != self.path.resolve():
            self._keep(folder, stamp)
        return str(found.error) if found.problems else None

    def _keep(self, folder: Path, stamp: Stamp) -> None:
        """Keep what was read well, for a process that starts while a file is broken."""
        good = self._read.desks.keys() - self._read.problems.keys()
        try:
            texts = {name: (self.path / name).read_text("utf-8-sig") for name in good}
            if self._look() != stamp:
                return  # one was changed meanwhile, and is read again
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            for copy in folder.iterdir():
                # Or it would come back with another file of the name.
                if copy.suffix in SUFFIXES and copy.name not in good | self._read.problems.keys():
                    copy.unlink(missing_ok=True)
            for name, text in texts.items():
                copy = folder / name
                if not copy.exists() or copy.read_text("utf-8") != text:
                    written(copy, text)
            shared_desks.keep(self.settings, texts, good | self._read.problems.keys())
        except (OSError, UnicodeDecodeError, MemoryFault) as error:
            log.warning("desk_not_kept", error=type(error).__name__)

    def _look(self) -> Stamp:
        files = [self.path]
        if self.path.is_dir():
            files = sorted(one for one in self.path.iterdir() if one.suffix in SUFFIXES)
        desks = [(str(one), one.stat().st_mtime_ns) for one in files if one.exists()]
        return (*desks, *kept_secrets.stamps(self.settings.home, self.settings.shared))
