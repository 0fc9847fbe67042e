"""The worker process: holds the models and the index, and drives tickets until it is told to stop."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
import time
import uuid
from collections.abc import Awaitable, Callable

import structlog
from dbos import DBOS, DBOSConfig

from api.settings import Settings
from api.wiring import Wiring, open_wiring
from api.worker import assembly
from api.worker.leases import Leases
from api.worker.tool_reports import EVERY_SECONDS, ToolReports
from api.worker.workflows import register, register_queues
from memory.journal.retention import forget_journals
from memory.storage.database import MemoryFault
from memory.storage.queue import APPLICATION, APPLICATION_VERSION
from memory.storage.readiness import check_writable, head_revision

log = structlog.get_logger()

GRACE_SECONDS = 10
"""How long running tickets may take to come to rest when the worker is told to stop."""
BEAT_SECONDS = 1.0
"""How often the event loop shows that it is alive."""
FORGET_SECONDS = 600.0
"""How often journals that are too old are looked for."""
HUNG = 70
"""Exit status of a worker that ended itself because its event loop stood still."""


def main(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT. Raises the wiring's errors before anything is taken on."""
    asyncio.run(_work(settings))


async def _work(settings: Settings) -> None:
    wiring = open_wiring(settings)
    try:
        async with wiring.database.transaction() as session:
            # The engine's own complaint about missing tables is a page long.
            await check_writable(session, head_revision())
        await _serve(settings, wiring)
    finally:
        await wiring.close()


async def _serve(settings: Settings, wiring: Wiring) -> None:
    executor = f"worker-{uuid.uuid4().hex[:12]}"
    leases = Leases(settings.locks_path, executor)
    leases.take()  # before the launch: a launched worker without a lease would look dead
    DBOS(config=_config(settings, executor))
    register(
        assembly.engine(wiring),
        assembly.outbox_worker(wiring),
        assembly.knowledge_chores(wiring),
    )
    DBOS.launch()
    try:
        await register_queues(
            settings.worker_concurrency, settings.tenant_concurrency, settings.polling_seconds
        )
        Watchdog(settings.watchdog_seconds).start(asyncio.get_running_loop())
        log.info("worker_ready", executor=executor, tenants=sorted(wiring.runtimes))
        print("worker ready", flush=True)  # noqa: T201 - the supervisor and tests wait for it
        await _until_told(settings, wiring, leases, assembly.tool_reports(wiring, executor))
    finally:
        await asyncio.to_thread(DBOS.destroy, workflow_completion_timeout_sec=GRACE_SECONDS)
        leases.give_back()


async def _until_told(
    settings: Settings, wiring: Wiring, leases: Leases, reports: ToolReports
) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    sweeper = assembly.sweeper(wiring)

    async def recover() -> None:
        await asyncio.to_thread(leases.recover)

    async def sweep() -> None:
        await sweeper.sweep()

    async def forget() -> None:
        await forget_journals(wiring.database, settings.journal_days)

    clock, refit = assembly.deadlines(wiring), assembly.refit(wiring)

    async def tick() -> None:
        await clock.tick()

    async def fit() -> None:
        await refit.look()

    async def report() -> None:
        await reports.write()

    async with asyncio.TaskGroup() as group:
        chores = [
            group.create_task(_every(settings.lease_poll_seconds, recover)),
            group.create_task(_every(settings.sweep_seconds, sweep)),
            group.create_task(_every(FORGET_SECONDS, forget)),
            group.create_task(_every(settings.sweep_seconds, tick)),
            group.create_task(_every(settings.sweep_seconds, fit)),
            group.create_task(_every(EVERY_SECONDS, report)),
        ]
        await stop.wait()
        for chore in chores:
            chore.cancel()
    try:
        await reports.end()
    except MemoryFault as error:
        log.warning("report_left", error=str(error))  # it expires


async def _every(seconds: float, chore: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await chore()
        except (MemoryFault, OSError) as error:
            # The next round tries again; meanwhile the tickets are safe where they are.
            log.warning("chore_failed", chore=chore.__name__, error=str(error))
        await asyncio.sleep(seconds)


class Watchdog:
    """Ends the process when its event loop hangs, so that others can take its jobs over."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._beat = time.monotonic()

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Watch `loop` from a thread of its own."""
        threading.Thread(target=self._watch, args=(loop,), daemon=True).start()

    def _watch(self, loop: asyncio.AbstractEventLoop) -> None:
        while not loop.is_closed():
            try:
                loop.call_soon_threadsafe(self._note)
            except RuntimeError:
                return  # closed in between: the worker is ending
            time.sleep(BEAT_SECONDS)
            if time.monotonic() - self._beat > self._seconds:
                print(f"the event loop stood still for {self._seconds:g} s", file=sys.stderr)  # noqa: T201
                os._exit(HUNG)

    def _note(self) -> None:
        self._beat = time.monotonic()


def _config(settings: Settings, executor: str) -> DBOSConfig:
    return {
        "name": APPLICATION,
        "system_database_url": settings.ledger_url,
        "application_version": APPLICATION_VERSION,
        "executor_id": executor,
        "run_migrations": False,
        "log_level": "WARNING",
        "enable_otlp": False,
    }
