"""The desks as the API process reads them: for targets, budgets and words, never to decide."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from graph.desk.file import DeskInvalid, load_desks
from graph.desk.model import Desk
from memory.budgets.amounts import Ceiling

Stamp = tuple[tuple[str, int], ...]
"""Each file and when it was written, in nanoseconds."""


@dataclass
class Desks:
    """The desks of a file or folder, read again when a file changes."""

    path: Path
    _stamp: Stamp | None = None
    _desks: Mapping[str, Desk] = field(default_factory=dict)
    problem: str | None = None
    """Why the files could not be read as they are now; the last good desks stay."""

    async def of(self, tenant: str) -> Desk | None:
        """The tenant's desk; None if no file has one."""
        return (await asyncio.to_thread(self._read)).get(tenant)

    def weight(self, tenant: str) -> int:
        """The tenant's weight in the desks that were read last; 1 if none of them is its own."""
        desk = self._desks.get(tenant)
        return 1 if desk is None else desk.weight

    async def day_ceiling(self, tenant: str) -> Ceiling | None:
        """What the tenant may spend in a day; None if no file has its desk."""
        desk = await self.of(tenant)
        return None if desk is None else desk.budgets.day.ceiling

    def _read(self) -> Mapping[str, Desk]:
        stamp = _stamp(self.path)
        if stamp != self._stamp:
            try:
                self._desks, self.problem = load_desks(self.path), None
            except (DeskInvalid, OSError) as error:
                # Workers refuse a broken desk loudly; a page that only shows figures goes on.
                self.problem = str(error)
            self._stamp = stamp
        return self._desks


def _stamp(path: Path) -> Stamp:
    files = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
    return tuple((str(one), one.stat().st_mtime_ns) for one in files if one.exists())
