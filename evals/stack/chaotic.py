"""A stack to be killed: scripted minds, replies that leave to a service, workers that die often."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2

from evals.stack.journal_gaps import gaps, ways
from evals.stack.sending import ENDED, LOOKED_AT
from evals.stack.stack import Stack, free_port, scratch
from evals.stack.worker_pool import WorkerPool
from memory.journal import journal
from memory.storage.database import Database

TENANT = "chaos"
SERVICE = "examples.fernhill.service"
ARTICLE = '{"doc_id": "a", "title": "Passwords", "text": "Reset a password under Settings."}\n'
PAUSE_SECONDS = 0.05


@contextmanager
def chaotic_stack(folder: Path, *, others: Sequence[str] = (), **extra: str) -> Iterator[Stack]:
    """A stack with scripted minds, an article for each tenant, and replies that leave to a service."""
    port = free_port()
    desks, articles = folder / "desks", folder / "kb.jsonl"
    desks.mkdir()
    for tenant in (TENANT, *others):
        (desks / f"{tenant}.yaml").write_text(desk_for(tenant, port), encoding="utf-8")
    articles.write_text(ARTICLE, encoding="utf-8")
    settings = {
        "DESKHAND_MINDS": "scripted",
        "DESKHAND_LEASE_POLL_SECONDS": "0.2",
        "DESKHAND_SWEEP_SECONDS": "1",
        "DESKHAND_TENANT_CONCURRENCY": "4",
        **extra,
    }
    with scratch(folder / "data", desks, fresh=True, **settings) as stack:
        stack.start_service(SERVICE, port)
        for tenant in (TENANT, *others):
            stack.run("kb", "add", str(articles), "--tenant", tenant)
        yield stack


def desk_for(tenant: str, port: int) -> str:
    """A desk whose replies go to the service at that port."""
    return (
        f"tenant: {tenant}\ncompany: Chaos\n"
        f'services:\n  backoffice:\n    base_url: "http://127.0.0.1:{port}"\n'
        "delivery:\n  service: backoffice\n  path: /replies\n"
    )


@contextmanager
def nursery_of(stack: Stack) -> Iterator[WorkerPool]:
    """Workers for a stack, all dead at the end."""
    pool = WorkerPool(stack)
    try:
        yield pool
    finally:
        pool.close()


def await_ends(client: httpx2.Client, ids: Sequence[str], seconds: float) -> list[dict[str, Any]]:
    """The last view of each ticket, after all have ended or for `seconds` none has.

    A limit for all of them together would measure how busy the machine is.
    """
    views: dict[str, dict[str, Any]] = {}
    until = time.monotonic() + seconds
    while (still := [one for one in ids if not _ended(views, one)]) and time.monotonic() < until:
        for one in still[:LOOKED_AT]:
            views[one] = client.get(f"/v1/tickets/{one}").raise_for_status().json()
            if _ended(views, one):
                until = time.monotonic() + seconds
        time.sleep(PAUSE_SECONDS)
    for one in still[LOOKED_AT:]:
        views[one] = client.get(f"/v1/tickets/{one}").raise_for_status().json()
    return list(views.values())


def _ended(views: Mapping[str, Mapping[str, Any]], one: str) -> bool:
    return one in views and views[one]["status"] in ENDED


def service_url(stack: Stack) -> str:
    """Where the stack's replies arrive."""
    text = (stack.desk / f"{TENANT}.yaml").read_text(encoding="utf-8")
    return text.split('base_url: "')[1].split('"')[0]


async def read_journals(stack: Stack, ids: Sequence[str]) -> tuple[list[str], list[int]]:
    """The gaps in the tickets' journals, each with its ticket, and the drives of each ticket."""
    database, edges = Database(stack.settings.ledger_url), ways()
    found: list[str] = []
    drives: list[int] = []
    try:
        for one in ids:
            async with database.reading() as session:
                rows = await journal.of_ticket(session, one)
            found += [f"{one}: {gap}" for gap in gaps(rows, edges)]
            drives.append(sum((row.kind, row.name) == ("run", "drive") for row in rows))
    finally:
        await database.close()
    return found, drives
