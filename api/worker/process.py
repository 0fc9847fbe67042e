"""The worker process: holds the models and the index, and drives tickets until it is told to stop."""

from __future__ import annotations

import asyncio
import os
import platform
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import IO

import structlog
import uvloop
from dbos import DBOS

from api.ledger import open_ledger, share_secrets
from api.loading import keep_loaded
from api.settings import Settings
from api.telemetry.heartbeat import BEAT_SECONDS, STOP_SECONDS, Heartbeat
from api.telemetry.outages import Outage
from api.wiring import Wiring, open_wiring
from api.worker import assembly, autonomy, derived, last_words
from api.worker.drive_watch import DriveWatch
from api.worker.far_ahead import AHEAD_SECONDS, FarAhead
from api.worker.last_words import StepMarks
from api.worker.launch import configured, launch, tell_nobody
from api.worker.leases import Leases
from api.worker.memory_limit import limit_memory
from api.worker.periodic import every, until_next
from api.worker.process_name import own_name
from api.worker.queue_watch import QueueWatch
from api.worker.runs_under_way import RunsUnderWay
from api.worker.tool_reports import EVERY_SECONDS
from api.worker.workflows import register, register_queues
from memory.erasure.lists import LIST_SECONDS
from memory.faults import MemoryFault
from memory.journal.retention import forget_journals
from memory.knowledge.index_look import MOST_WORDS, IndexLook
from memory.storage.queue import CHORES, TICKETS
from memory.storage.readiness import check_writable, head_revision
from memory.storage.units import Statements
from memory.tables import WorkerBeat
from memory.tables.workers import DeathCause
from memory.workers import beats
from memory.workers.locks import open_locks

log = structlog.get_logger()

GRACE_SECONDS = 10
"""How long running tickets may take to come to rest when the worker is told to stop."""
ORPHAN_SECONDS = 2.0
"""The same where the supervisor was killed: the next one's worker waits for the index that this one holds."""
INDEX_SECONDS = 20.0
"""How long a worker that starts waits for one that is ending."""
RECALL_SECONDS = 10.0
"""How often what was learnt from settled tickets is made findable."""
MEND_SECONDS = 3_600.0
"""How often is looked for vectors that an index has lost, as after a restore; first at the start."""
SHOW_SECONDS = 2.0
"""How often a worker shows in the ledger that it lives."""
REFUSED = "refused"
"""The row of a worker that could not start; the next one that can takes it away."""
DEATH_SECONDS = 60.0
"""How long writing another worker's death down may take."""
ERASE_SECONDS = 2.0
"""How often a worker looks for customers to erase."""
HOOK_SECONDS = 0.5
"""How often events are looked for that an address is to be told."""
FIND_SECONDS = 2.0
"""How often what was said is made findable, and what tickets came to is added up."""
FORGET_SECONDS = 600.0
"""How often journals that are too old are looked for."""


def main(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT. Raises the wiring's errors before anything is taken on."""
    uvloop.run(_work(settings))


async def _work(settings: Settings) -> None:
    log.info("worker_starts", pid=os.getpid())
    await _check_ledger(settings)
    await share_secrets(settings)
    try:
        wiring = open_wiring(settings, index_seconds=INDEX_SECONDS)
    except MemoryFault as error:
        await _tell_trouble(settings, str(error))
        raise
    try:
        await autonomy.declare(wiring.database, [one.desk for one in wiring.runtimes.values()])
        await _serve(settings, wiring)
    finally:
        await wiring.close()


async def _check_ledger(settings: Settings) -> None:
    """Before the models, which take a minute the first time. Raises `StorageUnavailable`.

    The engine's own complaint about missing tables is a page long.
    """
    database = open_ledger(settings)
    try:
        async with database.transaction() as session:
            await check_writable(session, head_revision())
    finally:
        await database.close()


async def _tell_trouble(settings: Settings, words: str) -> None:
    """Leave in the ledger why this worker cannot start, for whoever asks the API."""
    database = open_ledger(settings)
    row = WorkerBeat(
        worker=REFUSED, pid=os.getpid(), host=platform.node(), slots=0, trouble=words[:MOST_WORDS]
    )
    try:
        async with database.transaction() as session:
            await beats.beat(session, row)
    except MemoryFault as error:
        log.warning("trouble_untold", error=str(error))  # its words stand on the screen as well
    finally:
        await database.close()


@dataclass
class _Worker:
    """One life of a worker: its name, its lease, and what it leaves if it dies."""

    settings: Settings
    wiring: Wiring
    name: str
    leases: Leases
    watch: DriveWatch
    heartbeat: Heartbeat
    row: WorkerBeat
    index_look: IndexLook
    outage: Outage = field(default_factory=partial(Outage, "chore_failed"))
    """What keeps its chores and its looks at the queue from their work."""

    async def leave(self) -> None:
        """End in order: nothing that is left is held against a ticket."""
        try:
            await self.watch.leave()
            async with self.wiring.database.transaction() as session:
                await beats.forget(session, self.name)
        except MemoryFault as error:
            log.warning("worker_row_left", error=str(error))  # another worker takes it away
        last_words.clear_away(self.settings.locks_path, self.name)
        self.leases.give_back()

    async def recover(self) -> None:
        """Take over what dead workers have left, after their deaths are written down."""
        known = await self.wiring.database.units.look(self.wiring.queue.owners_in)
        if not known:
            return  # nobody has anything, so nobody can have left anything
        quarantine, loop = assembly.quarantine(self.wiring), asyncio.get_running_loop()

        def on_death(name: str) -> None:
            told = asyncio.run_coroutine_threadsafe(quarantine.died(name), loop)
            told.result(DEATH_SECONDS)

        await asyncio.to_thread(self.leases.recover, on_death, known)

    async def show(self) -> None:
        """Write into the ledger that this worker lives."""
        self.row.trouble = self.wiring.database.damage.words or await self.index_look.trouble()

        def shown(do: Statements) -> None:
            beats.beat_in(do, self.row)
            beats.forget_in(do, REFUSED)

        await self.wiring.database.units.write(shown)


async def _serve(settings: Settings, wiring: Wiring) -> None:
    name = own_name()
    folder = settings.locks_path
    leases = Leases(open_locks(settings.ledger_url, folder), name)
    leases.take()  # before the launch: a launched worker without a lease would look dead
    words = last_words.open_words(folder, name)
    worker = _Worker(
        settings,
        wiring,
        name,
        leases,
        assembly.watch(wiring, name, StepMarks(folder, name)),
        Heartbeat(settings.watchdog_seconds, words),
        WorkerBeat(
            worker=name, pid=os.getpid(), host=platform.node(), slots=settings.worker_concurrency
        ),
        IndexLook(wiring.index.check),
    )
    limit_memory(
        settings.worker_memory_mb, lambda: last_words.write_fate(folder, name, DeathCause.MEMORY)
    )
    await _run(worker, words)


async def _run(worker: _Worker, words: IO[str]) -> None:
    settings, wiring = worker.settings, worker.wiring
    DBOS(config=configured(settings, worker.name))
    driver = assembly.ticket_driver(wiring, worker.watch)
    runs = RunsUnderWay(driver.run)
    register(
        runs.run,
        assembly.outbox_worker(wiring),
        assembly.knowledge_chores(wiring),
    )
    # Before the launch, which begins to work on what a dead worker of this name may have left.
    worker.heartbeat.beat()
    queues = QueueWatch(settings.ledger_url)
    queues.before_launch()
    launch()
    tell_nobody()
    keep_loaded()
    taker = assembly.run_taker(wiring, runs.run, worker.outage)
    try:
        await register_queues(
            settings.worker_concurrency,
            settings.tenant_concurrency,
            settings.polling_seconds,
            settings.tenant_starts_per_minute,
        )
        queues.start(CHORES)
        queues.start(TICKETS, taker)
        await worker.show()
        worker.heartbeat.ready()
        log.info("worker_ready", executor=worker.name, tenants=sorted(wiring.runtimes))
        print("worker ready", flush=True)  # noqa: T201 - the supervisor and tests wait for it
        await _until_told(worker)
    finally:
        worker.heartbeat.beat()
        worker.heartbeat.stop_within(STOP_SECONDS)
        orphaned = worker.heartbeat.orphaned
        with suppress(TimeoutError):
            async with asyncio.timeout(ORPHAN_SECONDS if orphaned else None):
                await asyncio.to_thread(queues.stop)
                await asyncio.to_thread(DBOS.destroy, workflow_completion_timeout_sec=GRACE_SECONDS)
        await runs.cut_off()
        await worker.leave()
        words.flush()
        if orphaned:
            os._exit(os.EX_OK)  # its threads may take longer, and nobody is there to end it


async def _until_told(worker: _Worker) -> None:
    settings, wiring = worker.settings, worker.wiring
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    worker.heartbeat.heed(STOP_SECONDS, stop)
    reports = assembly.tool_reports(wiring, worker.name)
    sweeper, clock = assembly.sweeper(wiring), assembly.deadlines(wiring)
    retention, hooks = assembly.retention(wiring), assembly.webhook_worker(wiring)
    refit, eraser = assembly.refit(wiring), assembly.eraser(wiring)

    due = loop.time()

    async def beat() -> None:
        nonlocal due
        worker.watch.note_lateness(max(0.0, loop.time() - due))
        worker.heartbeat.beat()
        if worker.heartbeat.orphaned:
            stop.set()
        due = loop.time() + until_next(BEAT_SECONDS)

    all_of_them: tuple[tuple[float, Callable[[], Awaitable[object]]], ...] = (
        (BEAT_SECONDS, beat),
        (SHOW_SECONDS, worker.show),
        (RECALL_SECONDS, wiring.recall.catch_up),
        (MEND_SECONDS, wiring.recall.look_for_lost),
        (MEND_SECONDS, assembly.knowledge_chores(wiring).mend),
        (settings.lease_poll_seconds, worker.recover),
        (settings.sweep_seconds, sweeper.sweep),
        (FORGET_SECONDS, partial(forget_journals, wiring.database, settings.journal_days)),
        (FORGET_SECONDS, retention.enforce),
        (FORGET_SECONDS, derived.missed(wiring.database.units)),
        (settings.sweep_seconds, clock.tick),
        (settings.sweep_seconds, refit.look),
        (ERASE_SECONDS, eraser.run_pending),
        (LIST_SECONDS, assembly.erasure_lists(wiring).look),
        (EVERY_SECONDS, reports.write),
        (HOOK_SECONDS, hooks.tick),
        (AHEAD_SECONDS, FarAhead(wiring.database, wiring.queue).look),
        (FIND_SECONDS, partial(derived.keep_up, wiring.database.units)),
    )
    async with asyncio.TaskGroup() as group:
        chores = [
            group.create_task(every(seconds, chore, worker.outage))
            for seconds, chore in all_of_them
        ]
        await stop.wait()
        worker.heartbeat.stop_within(STOP_SECONDS)
        for chore in chores:
            chore.cancel()
    await hooks.close()
    try:
        await reports.end()
    except MemoryFault as error:
        log.warning("report_left", error=str(error))  # it expires
