"""`python -m evals budget`: many tickets at once, and money for some of them.

The whole stack runs, and a model server counts what it has really served: that, not our own
books, is what must never be one cent over. Whoever gets no answer is with a person who reads why.
"""

import asyncio
import random
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from evals.chaos.modelled import modelled_stack, write_desk
from evals.faults.model_process import FaultyModel
from evals.figures.options import BUILD, FiguresFile
from evals.figures.report import write_json
from evals.stack.chaotic import await_ends, nursery_of
from evals.stack.sending import ENDED, Outgoing, send_all
from evals.stack.stack import Stack
from evals.stack.worker_pool import WorkerPool
from memory.budgets.amounts import MICROS
from memory.budgets.ledger import balance, day_account
from memory.storage.database import Database

TENANT, PROBE = "thrifty", "probe"
TEXT = "How do I reset my password?"
MINDS = {"minds": {"classifier": "model"}}
AT_ONCE = 8
"""Runs that a worker drives at once."""
END_SECONDS = 600.0
LIFE_SECONDS = (1.0, 3.0)
"""Of a worker that will be killed, from the moment it is ready."""
WORDS = "the budget of this day for money is used up"


@dataclass
class Figures:
    """What a run found. Money in millionths of the currency."""

    tickets: int
    money_for: int
    kills: int
    price: int = 0
    """Of one ticket."""
    limit: int = 0
    ended: int = 0
    answered: int = 0
    told: int = 0
    """With a person, with the budget as the reason in words."""
    other: int = 0
    """Ended in any other way."""
    served: int = 0
    """What the model server has served, in money."""
    booked: int = 0
    """Spent by our own books."""
    held: int = 0
    """Held at the end: by workers that were killed."""
    highest: int = 0
    """Spent and held, at the highest of all looks."""
    seconds: float = 0.0
    outcomes: dict[str, int] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)
    """Of the tickets that are with a person for another reason."""

    @property
    def breaches(self) -> list[str]:
        """What must not be; empty if all is well."""
        rules = {
            "more was served than the budget allows": self.served > self.limit,
            "the books went over the budget": max(self.highest, self.booked) > self.limit,
            "more was served than the books say": self.served > self.booked + self.held,
            "a ticket did not end": self.ended < self.tickets,
            "a ticket ended otherwise than answered or told": self.other > 0,
            "nobody was answered": self.answered == 0 and not self.kills,
            "more were answered than there was money for": self.answered > self.money_for,
        }
        return [words for words, broken in rules.items() if broken]


def command(
    tickets: Annotated[int, typer.Option(min=1, help="Sent at once.")] = 200,
    money_for: Annotated[int, typer.Option(min=1, help="Tickets the budget is for.")] = 50,
    kills: Annotated[int, typer.Option(min=0, help="Kills of the worker meanwhile.")] = 0,
    out: FiguresFile = BUILD / "budget.json",
) -> None:
    """Send more tickets than there is money for; exit status 1 if a cent is overspent."""
    with tempfile.TemporaryDirectory(prefix="deskhand-budget-") as folder:
        figures = measured(Path(folder), tickets, money_for, kills)
    show(figures)
    found = {**asdict(figures), "breaches": figures.breaches}
    write_json(out, found)
    raise typer.Exit(1 if figures.breaches else 0)


def measured(folder: Path, tickets: int, money_for: int, kills: int) -> Figures:
    """Run it once."""
    figures, started = Figures(tickets, money_for, kills), time.monotonic()
    settings = {
        "DESKHAND_WORKER_CONCURRENCY": str(AT_ONCE),
        "DESKHAND_TENANT_CONCURRENCY": str(AT_ONCE),
        "DESKHAND_LEASE_POLL_SECONDS": "0.2",
        "DESKHAND_SWEEP_SECONDS": "1",
    }
    desks = {PROBE: MINDS, TENANT: MINDS}
    with (
        modelled_stack(folder, desks, settings) as (stack, model),
        nursery_of(stack) as pool,
    ):
        figures.price = _price(stack, pool)
        figures.limit = figures.price * money_for
        _limit(stack, model, figures.limit)
        calls = model.calls
        pool.start()
        _flood(stack, pool, figures)
        figures.served = (model.calls - calls) * figures.price
    figures.seconds = round(time.monotonic() - started, 1)
    return figures


def _price(stack: Stack, pool: WorkerPool) -> int:
    """What one ticket costs, told by the account of a tenant without a limit."""
    pool.start()
    with stack.client(stack.key(PROBE)) as client:
        sent = send_all(client, [Outgoing("probe", {"text": TEXT})])
        await_ends(client, [one.ticket_id for one in sent], END_SECONDS)
    pool.kill()
    return asyncio.run(_money(stack, PROBE))[0]


def _limit(stack: Stack, model: FaultyModel, micros: int) -> None:
    """Give the tenant's desk its budget, for the workers that start from now on."""
    text = (stack.desk / f"{TENANT}.yaml").read_text(encoding="utf-8")
    port = int(text.split("base_url: http://127.0.0.1:")[1].split("\n")[0])
    budgets = {"day": {"money": micros / MICROS}}
    write_desk(stack.desk, TENANT, port, model, {**MINDS, "budgets": budgets})


def _flood(stack: Stack, pool: WorkerPool, figures: Figures) -> None:
    outgoing = [Outgoing(f"b-{n}", {"text": TEXT}) for n in range(figures.tickets)]
    with stack.client(stack.key(TENANT)) as client:
        ids = [one.ticket_id for one in send_all(client, outgoing)]
        for _ in range(figures.kills):
            _look(stack, figures)
            _kill(pool)
        until = time.monotonic() + END_SECONDS
        views: list[dict[str, Any]] = []
        while time.monotonic() < until:
            _look(stack, figures)
            views = await_ends(client, ids, 1.0)
            if all(one["status"] in ENDED for one in views):
                break
        _count(figures, views, client.get("/v1/handoffs", params={"limit": 200}).json()["items"])
    figures.booked, figures.held = asyncio.run(_money(stack, TENANT))


def _kill(pool: WorkerPool) -> None:
    time.sleep(random.uniform(*LIFE_SECONDS))  # noqa: S311 - a moment
    pool.kill()
    pool.start()


def _look(stack: Stack, figures: Figures) -> None:
    figures.highest = max(figures.highest, sum(asyncio.run(_money(stack, TENANT))))


def _count(
    figures: Figures, views: Sequence[dict[str, Any]], handoffs: Sequence[dict[str, Any]]
) -> None:
    said = {one["ticket_id"]: one["explanation"] for one in handoffs}
    told = {name for name, words in said.items() if WORDS in words.lower()}
    ids = {one["id"] for one in views}
    figures.reasons = dict(Counter(said[name] for name in said.keys() & ids - told))
    figures.outcomes = dict(Counter(str(one["outcome"]) for one in views))
    figures.ended = sum(one["status"] in ENDED for one in views)
    figures.answered = sum(one["outcome"] == "delivered" for one in views)
    figures.told = sum(one["id"] in told for one in views)
    figures.other = figures.ended - figures.answered - figures.told


async def _money(stack: Stack, tenant: str) -> tuple[int, int]:
    """(spent, held) of the tenant's day."""
    async with Database(stack.settings.ledger_url) as database:
        async with database.reading() as session:
            found = await balance(session, day_account(tenant, datetime.now(UTC)))
        return found["money_micros"]


def show(figures: Figures) -> None:
    """The table."""
    table = Table(title=f"{figures.tickets} tickets at once, money for {figures.money_for}")
    for name in ("", "value"):
        table.add_column(name, justify="left" if name == "" else "right")
    money = ("price", "limit", "served", "booked", "held", "highest")
    for name, value in asdict(figures).items():
        shown = f"{value / MICROS:.6f}" if name in money else str(value)
        table.add_row(name.replace("_", " "), shown)
    Console().print(table)
    for breach in figures.breaches:
        Console().print(f"BREACH: {breach}", style="bold red")
