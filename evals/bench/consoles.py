"""`python -m evals consoles`: many consoles open at once, and how soon each shows a change.

Each console is a logged-in person whose page is loaded and whose live connection stands, as a
browser holds it; only the drawing in the browser is left out.
"""

import asyncio
import re
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import httpx2
import socketio
import typer

from api.http.deps import SESSION_COOKIE
from evals.figures.metrics import Metric, exact, percentile
from evals.figures.options import BUILD, FiguresFile
from evals.figures.report import write_report
from evals.stack.stack import Stack, scratch
from memory import handoffs
from memory.people import logins, people
from memory.storage.database import Database
from memory.tables import Handoff, Ticket, now
from memory.tickets import lifecycle

TENANT = "bench"
DESK = f"tenant: {TENANT}\ncompany: Bench\n"
NO_PASSWORD = "none: these people are logged in by the bench itself"  # noqa: S105
CONNECT_SECONDS = 30.0
CHANGE_SECONDS = 20.0
"""A change that a console does not show in so long is lost."""
SETTLE_SECONDS = 3.0
LOADED_AT_ONCE = 5
_CLIENT = re.compile(r"['\"]client_id['\"]: ?['\"]([0-9a-f-]+)")
_NEXT = re.compile(r"['\"]next_message_id['\"]: ?(\d+)")


def consoles(
    out: FiguresFile = BUILD / "consoles.json",
    sessions: Annotated[int, typer.Option(help="Consoles that are open at once.")] = 50,
    queue: Annotated[int, typer.Option(help="Handoffs that wait.")] = 200,
    changes: Annotated[int, typer.Option(help="Changes that every console has to show.")] = 20,
) -> None:
    """Open many consoles, change the queue, and measure how soon every one shows it."""
    with tempfile.TemporaryDirectory(prefix="deskhand-consoles-") as folder:
        desk = Path(folder) / "desk.yaml"
        desk.write_text(DESK, encoding="utf-8")
        with scratch(Path(folder) / "data", desk, DESKHAND_MINDS="scripted") as stack:
            key = stack.key(TENANT)
            tokens = asyncio.run(_fill(stack, sessions, queue))
            stack.start_api()
            figures = asyncio.run(_measure(stack, key, tokens, changes))
    settings = {"sessions": sessions, "queue": queue, "changes": changes}
    write_report(out, inputs=settings, metrics=figures)
    if figures["missed"].value:
        raise typer.Exit(1)


async def _fill(stack: Stack, sessions: int, queue: int) -> list[str]:
    """People with sessions, whose tokens come back, and a queue."""
    async with Database(stack.settings.ledger_url) as database:
        tokens = []
        async with database.transaction() as session:
            for number in range(sessions):
                person = await people.create(
                    session,
                    TENANT,
                    name=f"Person {number}",
                    email=f"person{number}@example.com",
                    role="agent",
                    password=NO_PASSWORD,
                )
                person.one_time = False
                tokens.append((await logins.begin(session, person))[1])
            for number in range(queue):
                await _hand_off(session, number)
    return tokens


async def _hand_off(session: Any, number: int) -> None:
    ticket = Ticket(
        id=f"tkt_{number:06d}",
        tenant=TENANT,
        subject=f"Question {number}",
        customer_email=f"customer{number}@example.com",
    )
    session.add(ticket)
    await session.flush()
    handoff = Handoff(
        id=_id(number),
        ticket_id=ticket.id,
        tenant=TENANT,
        turn=1,
        reason="low_confidence",
        explanation="The evidence does not answer it well enough. Confidence 0.41 is under 0.62.",
        due_at=now() + timedelta(hours=1, seconds=number),
        story={"suggestion": {"text": "Here it is."}, "actions": []},
    )
    await handoffs.open_once(session, handoff)
    interrupt = f"interrupt-{number}"
    begun = lifecycle.made(await lifecycle.begin(session, ticket.id, run=ticket.run))
    lifecycle.made(
        await lifecycle.rest(
            session, ticket.id, epoch=begun.epoch, interrupt_id=interrupt, reason=handoff.reason
        )
    )
    await handoffs.arrived(session, ticket.id, handoff.id, interrupt)


def _id(number: int) -> str:
    return f"hnd_{number:06d}"


@dataclass
class Watcher:
    """One open console."""

    token: str
    loaded_ms: float = 0.0
    shown: dict[str, float] = field(default_factory=dict)
    """When each text was first seen, on the clock of `time.perf_counter`."""
    wanted: str = ""
    seen: asyncio.Event = field(default_factory=asyncio.Event)

    def note(self, update: Any) -> None:
        """An update of the page has come."""
        if self.wanted and self.wanted not in self.shown and self.wanted in str(update):
            self.shown[self.wanted] = time.perf_counter()
            self.seen.set()

    def await_text(self, text: str) -> None:
        """From now on look for this."""
        self.wanted = text
        self.seen.clear()


@asynccontextmanager
async def _open(watcher: Watcher, url: str, gate: asyncio.Semaphore) -> AsyncIterator[None]:
    cookie = {"Cookie": f"{SESSION_COOKIE}={watcher.token}"}
    async with gate, httpx2.AsyncClient(base_url=url, timeout=CONNECT_SECONDS) as client:
        started = time.perf_counter()
        page = (await client.get("/console/", headers=cookie)).raise_for_status().text
        watcher.loaded_ms = (time.perf_counter() - started) * 1000
    client_id, following = _found(_CLIENT, page), _found(_NEXT, page)
    socket = socketio.AsyncClient(reconnection=False)
    socket.on("update", watcher.note)
    query = f"client_id={client_id}&next_message_id={following}&implicit_handshake=true"
    query += f"&tab_id={client_id}&document_id={client_id}"
    await socket.connect(
        f"{url}?{query}",
        headers=cookie,
        transports=["websocket"],
        socketio_path="/console/_nicegui_ws/socket.io",
        wait_timeout=CONNECT_SECONDS,
    )
    try:
        yield
    finally:
        await socket.disconnect()


def _found(pattern: re.Pattern[str], page: str) -> str:
    match = pattern.search(page)
    if match is None:
        msg = f"the console's page holds no {pattern.pattern}: is this another version of it?"
        raise ValueError(msg)
    return match[1]


async def _measure(
    stack: Stack, key: str, tokens: Sequence[str], changes: int
) -> dict[str, Metric]:
    before = stack.memory_mb()["api"]
    watchers = [Watcher(token) for token in tokens]
    gate = asyncio.Semaphore(LOADED_AT_ONCE)
    headers = {"Authorization": f"Bearer {key}"}
    async with (
        AsyncExitStack() as stacked,
        httpx2.AsyncClient(base_url=stack.url, headers=headers, timeout=CHANGE_SECONDS) as client,
    ):
        opened = [stacked.enter_async_context(_open(one, stack.url, gate)) for one in watchers]
        await asyncio.gather(*opened)
        await asyncio.sleep(SETTLE_SECONDS)
        with_pages = stack.memory_mb()["api"]
        waits, missed = [], 0
        for number in range(changes):
            found = await _change(client, watchers, number)
            waits += found
            missed += len(watchers) - len(found)
        after = stack.memory_mb()["api"]
    loads = [one.loaded_ms for one in watchers]
    return {
        "missed": exact(missed, len(waits) + missed),
        **_spread("shown_after_ms", waits),
        **_spread("page_load_ms", loads),
        "api_memory_mb": exact(before, 1),
        "with_consoles_mb": exact(with_pages, 1),
        "after_changes_mb": exact(after, 1),
        "a_console_mb": exact((after - before) / len(watchers), len(watchers)),
    }


async def _change(
    client: httpx2.AsyncClient, watchers: Sequence[Watcher], number: int
) -> list[float]:
    """Claim a row, release the one before; the milliseconds until each console shows it."""
    if number:
        await client.post(f"/v1/handoffs/{_id(number - 1)}/release")
        await asyncio.sleep(SETTLE_SECONDS)
    # The name of the key stands on a claimed row, and nowhere else in the page.
    for one in watchers:
        one.shown.clear()
        one.await_text("stack")
    started = time.perf_counter()
    (await client.post(f"/v1/handoffs/{_id(number)}/claim")).raise_for_status()
    waiting = [asyncio.create_task(one.seen.wait()) for one in watchers]
    _, late = await asyncio.wait(waiting, timeout=CHANGE_SECONDS)
    for task in late:
        task.cancel()
    return [(one.shown["stack"] - started) * 1000 for one in watchers if "stack" in one.shown]


def _spread(name: str, values: Sequence[float]) -> dict[str, Metric]:
    return {
        f"{name}_p50": percentile(values, 50),
        f"{name}_p95": percentile(values, 95),
        f"{name}_max": exact(max(values, default=None), len(values)),
    }
