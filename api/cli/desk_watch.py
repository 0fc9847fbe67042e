"""Lets a running stack take up what desk.yaml got since it was started: channels, and their mailbox."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import structlog

from api.cli.child import Child
from api.desks import Desks
from graph.desk.channels import MailChannel

log = structlog.get_logger()

LOOK_SECONDS = 2.0
Mailboxes = Mapping[str, MailChannel | None]
"""By tenant: a worker signs what it sends with the mailbox's domain."""


@dataclass
class DeskWatch:
    """Looks at the desks between two rounds of the supervisor."""

    desks: Desks
    channels: Child
    """Started when the first desk has a channel; it reads its desks again by itself."""
    children: list[Child]
    """Of the stack."""
    _known: Mailboxes | None = None
    _old: list[tuple[Child, subprocess.Popen[bytes] | None]] = field(default_factory=list)
    """Workers that know the mailboxes of before, with the process that does."""
    _asked: bool = False
    _next: float = 0.0

    def look(self) -> None:
        """Start what is missing, and renew one worker after the other."""
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + LOOK_SECONDS
        desks = self.desks.read()
        if self.channels not in self.children and any(one.channels.names for one in desks.values()):
            self.children.append(self.channels)
            self.channels.start()
        mailboxes: Mailboxes = {tenant: one.channels.mail for tenant, one in desks.items()}
        if self._known is not None and mailboxes != self._known:
            log.info("mailbox_changed")
            workers = [one for one in self.children if one.name.startswith("worker-")]
            self._old, self._asked = [(one, one.process) for one in workers], False
        self._known = mailboxes
        self._renew()

    def _renew(self) -> None:
        """Ask the next worker to end; the supervisor starts it again, with the desks of now."""
        if not self._old:
            return
        child, process = self._old[0]
        if child.process is not process:
            if child.process is not None and child.ready:
                del self._old[0]
                self._asked = False
        elif not self._asked:
            child.ask_to_end()
            self._asked = True
