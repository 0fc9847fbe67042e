"""Lets a running stack take up the first channel that desk.yaml got since it was started."""

from __future__ import annotations

import time
from dataclasses import dataclass

from api.cli.child import Child
from api.desks import Desks

LOOK_SECONDS = 2.0


@dataclass
class DeskWatch:
    """Looks at the desks between two rounds of the supervisor.

    Nothing else has to be started: the channels and the workers look at desk.yaml themselves.
    """

    desks: Desks
    channels: Child
    """Started when the first desk has a channel."""
    children: list[Child]
    """Of the stack."""
    _next: float = 0.0

    def look(self) -> None:
        """Start what is missing."""
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + LOOK_SECONDS
        known = self.desks.read().values()
        if self.channels not in self.children and any(one.channels.names for one in known):
            self.children.append(self.channels)
            self.channels.start()
