"""The desks as a running process reads them: again when a file changes, the last good ones until then."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from api.settings import Settings
from graph.desk.file import DeskInvalid, load_desks
from graph.desk.model import Desk
from memory.budgets.amounts import Ceiling
from memory.storage import kept_secrets

log = structlog.get_logger()

Stamp = tuple[tuple[str, int], ...]
"""Each file and when it was written, in nanoseconds."""


@dataclass
class Desks:
    """The desks of a file or folder, read again when a file or a kept secret changes."""

    settings: Settings
    _stamp: Stamp | None = None
    _desks: Mapping[str, Desk] = field(default_factory=dict)
    problem: str | None = None
    """Why the files could not be read as they are now; the last good desks stay."""

    @property
    def path(self) -> Path:
        """The file or folder."""
        return self.settings.desk

    async def of(self, tenant: str) -> Desk | None:
        """The tenant's desk; None if no file has one."""
        return (await asyncio.to_thread(self.read)).get(tenant)

    def weight(self, tenant: str) -> int:
        """The tenant's weight in the desks that were read last; 1 if none of them is its own."""
        desk = self._desks.get(tenant)
        return 1 if desk is None else desk.weight

    async def day_ceiling(self, tenant: str) -> Ceiling | None:
        """What the tenant may spend in a day; None if no file has its desk."""
        desk = await self.of(tenant)
        return None if desk is None else desk.budgets.day.ceiling

    def read(self) -> Mapping[str, Desk]:
        """All of them by tenant, as they are now."""
        stamp = self._look()
        if stamp != self._stamp:
            problem = None
            try:
                self._desks = load_desks(self.path, self.settings.variables)
            except (DeskInvalid, OSError) as error:
                # Workers refuse a broken desk loudly; who has good ones goes on with them.
                problem = str(error)
            if problem != self.problem:
                log.warning("desk_not_read" if problem else "desk_read", problem=problem)
            self._stamp, self.problem = stamp, problem
        return self._desks

    def _look(self) -> Stamp:
        files = sorted(self.path.glob("*.yaml")) if self.path.is_dir() else [self.path]
        desks = [(str(one), one.stat().st_mtime_ns) for one in files if one.exists()]
        return (*desks, *kept_secrets.stamps(self.settings.home))
