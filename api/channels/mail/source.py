"""Mail in: reads a mailbox on from where it was read before, and waits for what comes.

A mail is marked as read after it is stored; a process that dies in between reads it again, and the
way in knows it. A mailbox that cannot be reached is a state that people see, and is tried again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from typing_extensions import override

from api.channels.contract import Incoming, Later, Received, Receiver, Runs
from api.channels.mail.inbox import Inbox, Position
from api.channels.mail.reading import Reader
from api.telemetry.outages import Outage, of_channels
from memory.channels import states
from memory.faults import MemoryFault
from memory.storage.database import Database
from memory.tables import Arrival
from tools.adapters.mail.servers import Mailbox
from tools.faults import Unreachable

IN = "in"
"""The part of a channel's state that tells how receiving stands; its cursors have folders' names."""
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 1.0, 60.0
"""Before a mailbox that could not be reached is tried again: doubled each time."""


@dataclass
class MailSource(Runs):
    """The way in of one mailbox."""

    database: Database
    tenant: str
    channel: str
    mailbox: Mailbox
    receiver: Receiver
    reader: Reader
    poll_seconds: float = 60.0
    arrived: Callable[[Incoming], None] = lambda _incoming: None
    """Told of each mail that was taken in."""
    outage: Outage = field(default_factory=of_channels)
    _pause: float = FIRST_PAUSE_SECONDS

    @override
    async def run(self) -> None:
        while True:
            inbox = Inbox(self.mailbox.imap)
            try:
                await self._read(inbox)
            except Later as later:
                await asyncio.sleep(later.seconds)
            except Unreachable as fault:
                await self._told(str(fault))
                await asyncio.sleep(self._pause)
                self._pause = min(LONGEST_PAUSE_SECONDS, self._pause * 2)
            except MemoryFault as error:
                self.outage.failed(str(error), part=IN, channel=self.channel)
                await asyncio.sleep(self._pause)
            finally:
                await inbox.close()
                inbox.end()

    async def _read(self, inbox: Inbox) -> None:
        """Read and wait, until something breaks. Raises `Unreachable`, `Later`, `MemoryFault`."""
        await inbox.open()
        sent = await inbox.sent_folder(self.mailbox.sent_folder)
        while True:
            if sent is not None:
                await self._folder(inbox, sent, replace(self.reader, sent=True), None)
            await self._folder(inbox, self.mailbox.folder, self.reader, sent)
            await self._tell(None)
            self.outage.worked()
            self._pause = FIRST_PAUSE_SECONDS
            await inbox.wait(self.poll_seconds)

    async def _folder(
        self, inbox: Inbox, folder: str, reader: Reader, own_copies: str | None
    ) -> None:
        """Take in what is new in a folder; our own copies go to `own_copies`."""
        async with self.database.reading() as session:
            stored = await states.cursor(session, self.tenant, self.channel, folder)
        opened = await inbox.select(folder, Position.of(stored))
        position = opened.position
        if opened.anew or not stored:
            await self._move(folder, position)
        while uids := await inbox.new(position):
            for uid in uids:
                got = await inbox.fetch(uid)
                if got is None:  # somebody removed it
                    position = replace(position, uid=uid)
                    continue
                raw, day = got
                position = replace(position, uid=uid, day=max(day, position.day))
                received = await self._mail(reader, raw, folder, position)
                await self._tidy(inbox, uid, reader, received, own_copies)

    async def _mail(self, reader: Reader, raw: bytes, folder: str, position: Position) -> Received:
        """Take one mail in; the folder is read on from `position` then."""
        incoming = await asyncio.to_thread(reader.read, raw)
        received = await self.receiver.receive(incoming, (folder, position.as_cursor()))
        if received.became in {Arrival.TICKET, Arrival.MESSAGE} and not received.repeated:
            self.arrived(incoming)
        return received

    @staticmethod
    async def _tidy(
        inbox: Inbox, uid: int, reader: Reader, received: Received, own_copies: str | None
    ) -> None:
        """Mark what was read, and put our own copies away; the folder of sent mail stays as it is."""
        if reader.sent:
            return
        if received.became is Arrival.OWN and own_copies is not None:
            await inbox.put_away(uid, own_copies)
        else:
            await inbox.mark(uid)

    async def _move(self, folder: str, position: Position) -> None:
        async with self.database.transaction() as session:
            await states.move_cursor(
                session, self.tenant, self.channel, folder, position.as_cursor()
            )

    async def _told(self, trouble: str) -> None:
        """The same where the ledger may be away as well: it is told again at the next try."""
        try:
            await self._tell(trouble)
        except MemoryFault as error:
            self.outage.failed(str(error), part=IN, channel=self.channel)

    async def _tell(self, trouble: str | None) -> None:
        async with self.database.transaction() as session:
            await states.tell(session, self.tenant, self.channel, IN, trouble)
