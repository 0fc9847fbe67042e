"""How fast is a long queue? Ten thousand handoffs, read over HTTP as a console reads them.

The application runs in this process, so what is timed is the server's own work, by the clock and
by the processor alone.
"""

import asyncio
import random
import statistics
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import structlog
from sqlalchemy import insert, text
from starlette.types import Receive, Scope, Send

from api.http.app import create_app
from api.settings import Settings
from evals.bench.figure import Figures, Sizes, value
from memory.handoffs import fulltext
from memory.people import keys
from memory.storage.customer_digest import customer_digest
from memory.storage.database import Database
from memory.storage.migrate import migrate
from memory.tables import Handoff, Message, Ticket, TicketStatus, now

Row = dict[str, Any]
TENANT = "bench"
LOOKS = 20
ROUNDS = 3
"""Times that each question is asked."""
STORY_CHARS = 12_000
"""Of the evidence in each story, about what a real one holds."""
CONSOLES = 50
"""That ask for the first page at the same time."""
NAMED = ("handoffs_slowest_ms_10k",)
ONLY_ERRORS = 40
"""A level of logs."""
QUESTIONS = {
    "first page": "/v1/handoffs",
    "second page": "/v1/handoffs?limit=50&offset=50",
    "page 100": "/v1/handoffs?limit=50&offset=5000",
    "one team": "/v1/handoffs?team=billing",
    "one skill": "/v1/handoffs?skill=refunds",
    "overdue": "/v1/handoffs?overdue=true",
    "mine": "/v1/handoffs?mine=true",
    "every status": "/v1/handoffs?status=open&status=claimed&status=snoozed&status=closed",
    "search, rare word": "/v1/handoffs?q=parcel4711",
    "search, common word": "/v1/handoffs?q=order",
    "search, one letter": "/v1/handoffs?q=o",
    "search, address": "/v1/handoffs?q=customer77@example.com",
    "exact customer": "/v1/handoffs?customer=customer77@example.com",
    "counts": "/v1/handoffs/counts",
    "one handoff": "/v1/handoffs/hnd_00000042",
}
_SUBJECTS = ("Where is my order", "Refund", "Broken on arrival", "Invoice", "Cannot log in")
_TEAMS = ("", "billing", "repairs")


async def fill(database: Database, number: int) -> None:
    """Store so many handoffs, each with its ticket, two messages and a story of usual size."""
    chance, moment = random.Random(7), now()  # noqa: S311 - the same queue every time
    for start in range(0, number, 500):
        rows = [_one(n, chance, moment) for n in range(start, min(start + 500, number))]
        async with database.transaction() as session:
            await session.exec(insert(Ticket), params=[row[0] for row in rows])
            told = [_message(row[0]["id"], seq) for row in rows for seq in (1, 2)]
            await session.exec(insert(Message), params=told)
            for ticket, handoff in rows:
                email = ticket["customer_email"]
                handoff["customer"] = customer_digest(session, TENANT, email)
            await session.exec(insert(Handoff), params=[row[1] for row in rows])
            lines = [_line(*row) for row in rows]
            dialect = session.get_bind().dialect.name
            await (await session.connection()).execute(text(fulltext.ADD[dialect]), lines)


def _message(ticket_id: str, seq: int) -> Row:
    row = Message(ticket_id=ticket_id, seq=seq, turn=1, role="customer", text="words " * 40)
    return row.model_dump(exclude={"id"})


def _line(ticket: Row, handoff: Row) -> Row:
    return fulltext.line(
        tenant=TENANT,
        handoff_id=handoff["id"],
        ticket_id=ticket["id"],
        subject=ticket["subject"],
        explanation=handoff["explanation"],
        customer=f"{ticket['customer_email']} {ticket['customer_name']}",
    )


def _one(n: int, chance: random.Random, moment: datetime) -> tuple[Row, Row]:
    ticket = Ticket(
        id=f"tkt_{n:08d}",
        tenant=TENANT,
        subject=f"{chance.choice(_SUBJECTS)} parcel{n}",
        customer_email=f"customer{n % 2000}@example.com",
        customer_name=f"Name{n % 2000} Family",
        status=TicketStatus.WAITING,
        created_at=moment - timedelta(minutes=n),
    )
    handoff = Handoff(
        id=f"hnd_{n:08d}",
        ticket_id=ticket.id,
        tenant=TENANT,
        turn=1,
        status=chance.choices(("open", "claimed", "snoozed", "closed"), (70, 15, 5, 10))[0],
        priority=chance.choices((0, 1, 2, 3), (5, 15, 60, 20))[0],
        due_at=moment + timedelta(minutes=chance.randint(-600, 6000)),
        resolve_by=moment + timedelta(minutes=chance.randint(100, 20000)),
        created_at=moment - timedelta(minutes=n),
        reason=chance.choice(("low_confidence", "needs_approval", "always_person")),
        intent=chance.choice(("orders", "refunds", "other")),
        team=chance.choice(_TEAMS),
        skills=chance.choice(([], ["refunds"], ["clocks"])),
        claimed_by="Ann" if n % 20 == 0 else None,
        explanation="The evidence does not answer it well enough. Confidence 0.41 is under 0.62.",
        story={"summary": "asks", "tried": [{"evidence": [{"text": "x" * STORY_CHARS}]}]},
    )
    if handoff.status == "claimed":
        handoff.claimed_by = handoff.claimed_by or "Bob"
        handoff.lease_expires_at = moment + timedelta(minutes=chance.randint(-60, 600))
    return ticket.model_dump(), handoff.model_dump()


async def measure(
    client: httpx2.AsyncClient, questions: dict[str, str], looks: int
) -> dict[str, dict[str, float]]:
    """Milliseconds of each question by the clock, and of the processor alone."""
    found: dict[str, dict[str, float]] = {}
    for name, path in questions.items():
        times, worked = [], time.process_time()
        for _ in range(looks):
            started = time.perf_counter()
            (await client.get(path)).raise_for_status()
            times.append((time.perf_counter() - started) * 1000)
        cpu = (time.process_time() - worked) * 1000 / looks
        found[name] = {**_summary(times), "processor": round(cpu, 1)}
    return found


async def crowd(client: httpx2.AsyncClient, consoles: int) -> list[float]:
    """Milliseconds of first pages while so many consoles ask for theirs at the same time."""

    async def console() -> list[float]:
        times = []
        for _ in range(ROUNDS):
            started = time.perf_counter()
            (await client.get("/v1/handoffs")).raise_for_status()
            times.append((time.perf_counter() - started) * 1000)
            await asyncio.sleep(1.0)  # a console asks when something changed, not without pause
        return times

    return [
        one
        for times in await asyncio.gather(*(console() for _ in range(consoles)))
        for one in times
    ]


@asynccontextmanager
async def serving(settings: Settings, token: str) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of the application in this process: what it measures is the server's own time."""
    app = create_app(settings)
    async with app.router.lifespan_context(app) as state:

        async def with_state(scope: Scope, receive: Receive, send: Send) -> None:
            await app({**scope, "state": dict(state or {})}, receive, send)

        headers = {"Authorization": f"Bearer {token}"}
        transport = httpx2.ASGITransport(with_state)
        async with httpx2.AsyncClient(
            transport=transport, base_url="http://desk", headers=headers
        ) as client:
            yield client


def on_queue(sizes: Sizes, folder: Path) -> Figures:
    """What the slowest page or search takes, and each of them."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(ONLY_ERRORS))
    report, together = asyncio.run(run(folder, sizes.handoffs))
    slowest = max(report.values(), key=lambda one: one["median"])
    found = {NAMED[0]: value(slowest["median"], LOOKS)}
    for name, one in report.items():
        called = name.replace(",", "").replace(" ", "_")
        found[f"handoffs_{called}_ms"] = value(one["median"], LOOKS)
        found[f"handoffs_{called}_cpu_ms"] = value(one["processor"], LOOKS)
    return {**found, "handoffs_crowd_ms": value(_summary(together)["p95"], len(together))}


async def run(
    home: Path, number: int, looks: int = LOOKS
) -> tuple[dict[str, dict[str, float]], list[float]]:
    """Milliseconds by question, and of first pages that consoles ask for at the same time."""
    settings = Settings(home=home, _env_file=None)
    migrate(settings.ledger_url)
    async with Database(settings.ledger_url) as database:
        async with database.transaction() as session:
            _, token = await keys.create(session, TENANT, "Ann", ["agent"])
        await fill(database, number)
    async with serving(settings, token) as client:
        await measure(client, QUESTIONS, 1)
        return await measure(client, QUESTIONS, looks), await crowd(client, CONSOLES)


def _summary(times: Sequence[float]) -> dict[str, float]:
    ordered = sorted(times)
    worst = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    return {
        "median": round(statistics.median(ordered), 1),
        "p95": round(worst, 1),
        "max": round(ordered[-1], 1),
    }
