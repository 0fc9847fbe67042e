"""The channels' own process: what a mail server does to it touches neither the API nor a worker.

One process of an installation runs the channels; another one waits until its lock is free.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import structlog
from filelock import Timeout

from api.channels.contract import ChannelSource, RateLimits
from api.channels.dispatch import OUT, Dispatch
from api.channels.intake import Intake
from api.channels.mail.setup import mailbox_of, reader_of
from api.channels.mail.source import IN, MailSource
from api.settings import Settings
from api.telemetry.heartbeat import BEAT_SECONDS, Heartbeat
from graph.desk.channels import MAIL
from graph.desk.file import load_desks
from graph.desk.model import Desk
from memory.channels import states
from memory.storage.database import Database, MemoryFault, StorageUnavailable
from memory.storage.queue import Queue
from memory.storage.readiness import check_writable, head_revision
from memory.workers.locks import WorkerLocks, open_locks
from tools.adapters.mail.sender import MailSender

log = structlog.get_logger()

LOCK = "channels"
LOCK_SECONDS = 1.0
"""How often a process that waits tries the lock."""
SHOW_SECONDS = 10.0
"""How often it is shown that the channels are run."""
STOP_SECONDS = 14.0
"""How long the end may take: a mail that is just leaving is waited for no longer."""


def main(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT."""
    asyncio.run(_work(settings))


@dataclass(frozen=True)
class Channel:
    """One channel of one tenant: its ways in and out."""

    tenant: str
    name: str
    source: ChannelSource
    dispatch: Dispatch


def channels_of(
    settings: Settings, desks: Iterable[Desk], database: Database, queue: Queue
) -> Iterator[Channel]:
    """What the desks have set up."""
    for desk in desks:
        mail = desk.channels.mail
        if mail is None:
            continue
        mailbox, limits = mailbox_of(desk, mail), RateLimits(mail.sends_per_minute)
        intake = Intake(
            database,
            queue.after(desk.channels.burst(MAIL)),
            lambda: settings.hmac_key,
            desk.tenant,
            MAIL,
            limits,
            settings.max_text_chars,
            settings.queue_depth,
        )
        source = MailSource(
            database, desk.tenant, MAIL, mailbox, intake, reader_of(mail), mail.poll_seconds
        )
        sender = MailSender(mailbox)
        yield Channel(
            desk.tenant,
            MAIL,
            source,
            Dispatch(database, queue, desk.tenant, MAIL, sender, limits),
        )


async def _work(settings: Settings) -> None:
    desks: Mapping[str, Desk] = load_desks(settings.desk)
    heartbeat = Heartbeat(settings.watchdog_seconds)
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    database, queue = Database(settings.ledger_url), Queue(settings.ledger_url)
    locks = open_locks(settings.ledger_url, settings.locks_path)
    try:
        async with database.transaction() as session:
            await check_writable(session, head_revision())
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(_beat(heartbeat))]
            waits = group.create_task(_run(settings, desks, database, queue, locks))
            await stop.wait()
            heartbeat.stop_within(STOP_SECONDS)
            for task in (*tasks, waits):
                task.cancel()
    finally:
        locks.give_back()
        queue.close()
        await database.close()


async def _run(
    settings: Settings,
    desks: Mapping[str, Desk],
    database: Database,
    queue: Queue,
    locks: WorkerLocks,
) -> None:
    while not _taken(locks):  # noqa: ASYNC110 - another process gives it back
        await asyncio.sleep(LOCK_SECONDS)
    found = list(channels_of(settings, desks.values(), database, queue))
    async with database.transaction() as session:
        await states.keep(session, {(one.tenant, one.name) for one in found})
    log.info("channels_ready", channels=[f"{one.tenant}/{one.name}" for one in found])
    print("channels ready", flush=True)  # noqa: T201 - the supervisor and tests wait for it
    async with asyncio.TaskGroup() as group:
        group.create_task(_show(database, found))
        for one in found:
            group.create_task(one.source.run())
            group.create_task(one.dispatch.run())


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


async def _show(database: Database, found: Iterable[Channel]) -> None:
    """Show again and again that somebody runs them."""
    parts = [(one.tenant, one.name, part) for one in found for part in (IN, OUT)]
    while True:
        try:
            async with database.transaction() as session:
                await states.show(session, parts)
        except MemoryFault as error:
            log.warning("channels_not_shown", error=str(error))
        await asyncio.sleep(SHOW_SECONDS)
