"""Takes the wiring apart: each part of a worker gets what it needs, and no more."""

from __future__ import annotations

from datetime import timedelta

from api.desks import Desks
from api.runtimes import DriveContexts, MindsFactory
from api.telemetry.outages import Outage
from api.wiring import Wiring, sentences_for
from api.worker.capacity import Capacity
from api.worker.deadlines import Deadlines
from api.worker.drive_watch import DriveWatch
from api.worker.knowledge import KnowledgeChores
from api.worker.last_words import StepMarks
from api.worker.live_drafts import LiveDrafts
from api.worker.outbox import OutboxWorker
from api.worker.quarantine import Quarantine
from api.worker.refit import Refit
from api.worker.run_taking import RunTaker, Share
from api.worker.runs_under_way import Run
from api.worker.sweeper import QUIET, Sweeper
from api.worker.ticket_driver import TicketDriver
from api.worker.tool_reports import ToolReports
from api.worker.webhooks import WebhookWorker
from graph.text.mail.quotes import header_block
from memory.erasure.erasing import Eraser
from memory.erasure.lists import ErasureLists
from memory.erasure.retention import Periods, Retention
from memory.erasure.sidecar import Sidecar
from memory.storage.runs_queue import RunsQueue
from tools.adapters.webhooks import HookSender

FIRST_AT_ONCE = 4
"""Drives at once before a worker knows how late it is."""
NO_WORKER = "none"
"""Under this name drives are noted by a process that is no worker, such as an evaluation."""


def contexts(wiring: Wiring) -> DriveContexts:
    """What makes the context of each drive."""
    return DriveContexts(
        wiring.database,
        wiring.recall,
        wiring.runtimes,
        traced=wiring.tracing is not None,
        onlookers=LiveDrafts(wiring.database.units),
    )


def watch(wiring: Wiring, worker: str, marks: StepMarks | None = None) -> DriveWatch:
    """What notes each drive of this worker while it goes on."""
    at_once = wiring.settings.worker_concurrency
    return DriveWatch(wiring.database, worker, marks, Capacity(at_once, FIRST_AT_ONCE))


def quarantine(wiring: Wiring) -> Quarantine:
    """What holds the deaths of workers against tickets."""
    return Quarantine(wiring.database, wiring.runtimes, wiring.settings.locks_path)


def ticket_driver(wiring: Wiring, watched: DriveWatch | None = None) -> TicketDriver:
    """What drives tickets and settles them; a process that is no worker needs no watch."""
    return TicketDriver(
        wiring.database,
        wiring.queue,
        wiring.runtimes,
        contexts(wiring),
        checkpoints=wiring.checkpoints,
        watch=watched or DriveWatch(wiring.database, NO_WORKER),
        encoder_revision=wiring.encoder.revision,
        trace_share=wiring.settings.trace_share,
    )


def run_taker(wiring: Wiring, run: Run, outage: Outage) -> RunTaker | None:
    """None where a tenant's starts are counted over all workers: that is left to the engine.

    To be called in the event loop that writes the ledger.
    """
    settings = wiring.settings
    if settings.tenant_starts_per_minute is not None:
        return None
    at_once = settings.worker_concurrency
    share = Share(at_once, min(settings.tenant_concurrency, at_once))
    return RunTaker(wiring.database.units, RunsQueue(settings.ledger_url), share, run, outage)


def outbox_worker(wiring: Wiring) -> OutboxWorker:
    """What sends people's letters."""
    return OutboxWorker(wiring.database, wiring.runtimes, contexts(wiring), wiring.checkpoints)


def knowledge_chores(wiring: Wiring) -> KnowledgeChores:
    """What indexes and searches articles for other processes."""
    return KnowledgeChores(
        wiring.database,
        wiring.index,
        wiring.encoder,
        wiring.search,
        queue=wiring.queue,
        sentences_of=sentences_for(wiring.settings),
    )


def sweeper(wiring: Wiring, quiet: timedelta = QUIET) -> Sweeper:
    """What finds tickets that the engine has lost."""
    return Sweeper(wiring.database, wiring.queue, wiring.runtimes, quiet)


def deadlines(wiring: Wiring) -> Deadlines:
    """What does to handoffs as time passes."""
    return Deadlines(wiring.database, wiring.queue, wiring.runtimes)


def eraser(wiring: Wiring) -> Eraser:
    """What removes customers."""
    settings = wiring.settings
    return Eraser(
        wiring.database,
        wiring.queue,
        wiring.checkpoints,
        wiring.index,
        key=settings.hmac_key,
        sidecar=Sidecar(settings.erased_path),
        head=header_block,
    )


def erasure_lists(wiring: Wiring) -> ErasureLists:
    """What keeps this machine's list of erased people at what the ledger knows."""
    return ErasureLists(wiring.database, Sidecar(wiring.settings.erased_path))


def retention(wiring: Wiring) -> Retention:
    """What removes data that was kept for long enough."""
    days = wiring.settings.kept_days
    periods = Periods(**{name: count for name, count in days.items() if name != "journal"})
    return Retention(wiring.database, wiring.queue, wiring.checkpoints, wiring.index, periods)


def refit(wiring: Wiring, family: MindsFactory | None = None) -> Refit:
    """What fits desks and minds anew; of the settings' family unless one is given."""
    desks = Desks(wiring.settings).read
    return Refit(wiring.database, wiring.runtimes, wiring.builder(family), desks)


def webhook_worker(wiring: Wiring) -> WebhookWorker:
    """What tells the tenants' addresses what happened."""
    settings = wiring.settings
    sender = HookSender(wiring.client, settings.webhook_private_hosts)
    return WebhookWorker(wiring.database, sender.send, lambda: settings.hmac_key)


def tool_reports(wiring: Wiring, worker: str) -> ToolReports:
    """What reports how this worker's tools are."""
    return ToolReports(wiring.database, wiring.guards, wiring.runtimes, worker)
