"""The channels' own process: what a mail server does to it touches neither the API nor a worker.

One process of an installation runs the channels; another one waits until its lock is free.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import structlog
from filelock import Timeout

from api.channels.contract import RateLimits, Runs
from api.channels.dispatch import OUT, Dispatch
from api.channels.helpdesk.mirror import Mirror
from api.channels.helpdesk.setup import open_helpdesk
from api.channels.helpdesk.source import HelpdeskSource
from api.channels.intake import Intake
from api.channels.mail.setup import mailbox_of, reader_of
from api.channels.mail.source import IN, MailSource
from api.desks import Desks, desks_to_start
from api.ledger import check_keys, open_ledger, share_secrets
from api.settings import Settings
from api.telemetry.heartbeat import BEAT_SECONDS, STOP_SECONDS, Heartbeat
from api.telemetry.outages import Outage, of_channels
from graph.desk.channels import MAIL, MailChannel
from graph.desk.helpdesks import HelpdeskChannel
from graph.desk.model import Desk
from memory.channels import states
from memory.faults import MemoryFault
from memory.storage.database import Database
from memory.storage.errors import StorageUnavailable
from memory.storage.queue import Queue
from memory.storage.readiness import check_writable, head_revision
from memory.workers.contract import WorkerLocks
from memory.workers.locks import open_locks
from tools.adapters.helpdesk.sender import HelpdeskSender
from tools.adapters.http import open_client
from tools.adapters.mail.sender import MailSender

if TYPE_CHECKING:
    import httpx2

log = structlog.get_logger()

LOCK = "channels"
LOCK_SECONDS = 1.0
"""How often a process that waits tries the lock."""
SHOW_SECONDS = 10.0
"""How often it is shown that the channels are run."""
HELPDESK_ANSWERS = 60
"""Messages of one customer of a helpdesk within an hour: people write more often than mails come."""
PAUSE_SECONDS = 2.0
"""How often is looked whether somebody has paused a channel, or changed a desk."""


def main(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT."""
    asyncio.run(_work(settings))


@dataclass(frozen=True)
class Channel:
    """One channel of one tenant: its ways in and out, and whatever else it does."""

    tenant: str
    name: str
    parts: tuple[Runs, ...]


@dataclass(frozen=True)
class Floor:
    """What the channels of all desks share."""

    settings: Settings
    database: Database
    queue: Queue
    http: httpx2.AsyncClient
    outage: Outage = field(default_factory=of_channels)

    def channels_of(self, desk: Desk) -> Iterator[Channel]:
        """What a desk has set up."""
        if desk.channels.mail is not None:
            yield self._mail(desk, desk.channels.mail)
        for name, one in desk.channels.helpdesks.items():
            yield self._helpdesk(desk, name, one)

    def _mail(self, desk: Desk, mail: MailChannel) -> Channel:
        mailbox, limits = mailbox_of(desk.company, mail), RateLimits(mail.sends_per_minute)
        source = MailSource(
            self.database,
            desk.tenant,
            MAIL,
            mailbox,
            self._intake(desk, MAIL, limits),
            reader_of(mail),
            mail.poll_seconds,
            outage=self.outage,
        )
        sender = MailSender(mailbox)
        way = (self.database, self.queue, desk.tenant, MAIL, sender, limits)
        dispatch = Dispatch(*way, outage=self.outage)
        return Channel(desk.tenant, MAIL, (source, dispatch))

    def _helpdesk(self, desk: Desk, name: str, one: HelpdeskChannel) -> Channel:
        there = open_helpdesk(one, self.http, self.settings.webhook_private_hosts)
        limits = RateLimits(one.sends_per_minute, answers_per_hour=HELPDESK_ANSWERS)
        source = HelpdeskSource(
            self.database,
            desk.tenant,
            name,
            there,
            replace(self._intake(desk, name, limits), drops_drafts=True),
            frozenset(str(group) for group in one.groups),
            one.poll_seconds,
            outage=self.outage,
        )
        mirror = Mirror(self.database, desk.tenant, name, one, desk.channels.id_domain, self.outage)
        dispatch = Dispatch(
            self.database,
            self.queue,
            desk.tenant,
            name,
            HelpdeskSender(there),
            limits,
            mirror.step_of,
            outage=self.outage,
        )
        return Channel(desk.tenant, name, (source, dispatch, mirror))

    def _intake(self, desk: Desk, name: str, limits: RateLimits) -> Intake:
        return Intake(
            self.database,
            self.queue.after(desk.channels.burst(name)),
            lambda: self.settings.hmac_key,
            desk.tenant,
            name,
            limits,
            self.settings.max_text_chars,
            self.settings.queue_depth,
            self.settings.file_room,
        )


async def _work(settings: Settings) -> None:
    await share_secrets(settings)
    desks_to_start(settings)  # a broken one ends us here, in words
    desks = Desks(settings)
    heartbeat = Heartbeat(settings.watchdog_seconds)
    stop = asyncio.Event()
    heartbeat.heed(STOP_SECONDS, stop)
    await check_keys(settings)
    database, queue = open_ledger(settings), Queue(settings.ledger_url, desks.weight)
    floor = Floor(settings, database, queue, open_client())
    locks = open_locks(settings.ledger_url, settings.locks_path)
    try:
        async with database.transaction() as session:
            await check_writable(session, head_revision())
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(_beat(heartbeat))]
            waits = group.create_task(_run(floor, desks, locks))
            await stop.wait()
            heartbeat.stop_within(STOP_SECONDS)
            for task in (*tasks, waits):
                task.cancel()
    finally:
        locks.give_back()
        await floor.http.aclose()
        queue.close()
        await database.close()


async def _run(floor: Floor, desks: Desks, locks: WorkerLocks) -> None:
    while not _taken(locks):  # noqa: ASYNC110 - another process gives it back
        await asyncio.sleep(LOCK_SECONDS)
    while True:
        known = await asyncio.to_thread(desks.read)
        async with asyncio.TaskGroup() as group:
            runs = group.create_task(_run_desks(floor, known))
            while (await asyncio.to_thread(desks.read)) == known:  # noqa: ASYNC110 - files change
                await asyncio.sleep(PAUSE_SECONDS)
            log.info("desks_changed")
            runs.cancel()


async def _run_desks(floor: Floor, desks: Mapping[str, Desk]) -> None:
    database = floor.database
    found = [one for desk in desks.values() for one in floor.channels_of(desk)]
    async with database.transaction() as session:
        await states.keep(session, {(one.tenant, one.name) for one in found})
    log.info("channels_ready", channels=[f"{one.tenant}/{one.name}" for one in found])
    print("channels ready", flush=True)  # noqa: T201 - the supervisor and tests wait for it
    async with asyncio.TaskGroup() as group:
        group.create_task(_show(database, found, floor.outage))
        for one in found:
            group.create_task(_run_channel(database, one, floor.outage))


async def _run_channel(database: Database, channel: Channel, outage: Outage) -> None:
    """Run its parts, except while somebody has paused it. What was leaving is asked about then."""
    while True:
        await _until(database, channel, outage, paused=False)
        log.info("channel_runs", tenant=channel.tenant, channel=channel.name)
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(part.run()) for part in channel.parts]
            await _until(database, channel, outage, paused=True)
            log.info("channel_paused", tenant=channel.tenant, channel=channel.name)
            for task in tasks:
                task.cancel()


async def _until(database: Database, channel: Channel, outage: Outage, *, paused: bool) -> None:
    while True:
        try:
            async with database.reading() as session:
                row = await states.paused(session, channel.tenant, channel.name)
            if (row is not None) is paused:
                return
        except MemoryFault as error:
            outage.failed(str(error), part=states.PAUSED, channel=channel.name)
        await asyncio.sleep(PAUSE_SECONDS)


def _taken(locks: WorkerLocks) -> bool:
    try:
        locks.take(LOCK)
    except (Timeout, StorageUnavailable):
        return False
    return True


async def _beat(heartbeat: Heartbeat) -> None:
    heartbeat.ready()
    while True:
        await asyncio.sleep(BEAT_SECONDS)
        heartbeat.beat()


async def _show(database: Database, found: Iterable[Channel], outage: Outage) -> None:
    """Show again and again that somebody runs them."""
    parts = [(one.tenant, one.name, part) for one in found for part in (IN, OUT)]
    while True:
        try:
            async with database.transaction() as session:
                await states.show(session, parts, damage=database.damage.words)
        except MemoryFault as error:
            outage.failed(str(error), part="show")
        await asyncio.sleep(SHOW_SECONDS)
