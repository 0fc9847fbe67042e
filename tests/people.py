"""What people do with a handoff, for the tests of a desk of people."""

from typing import Any

from sqlmodel import select

from api.worker import assembly
from memory import handoffs
from memory.tables import (
    Handoff,
    Letter,
    Ticket,
)
from tests.bench import TENANT, Bench

HANDED = "How do I reset it? #person"
ANN = "ann@example.com"


async def ask(bench: Bench, ticket: Ticket, text: str = "Which one?") -> Handoff:
    """Ann asks the customer."""
    handoff = await bench.handoff(ticket)
    async with bench.wiring.database.transaction() as session:
        return await handoffs.ask(
            session,
            bench.wiring.queue,
            tenant=TENANT,
            handoff_id=handoff.id,
            who="Ann",
            text=text,
        )


async def deliver(bench: Bench) -> list[str]:
    """Send every letter that is wanted, twice over; what became of them."""
    async with bench.wiring.database.reading() as session:
        wanted = (await session.exec(select(Letter.id))).all()
    for one in [*wanted, *wanted]:
        await assembly.outbox_worker(bench.wiring).send(one)
    async with bench.wiring.database.reading() as session:
        return list((await session.exec(select(Letter.status))).all())


async def change(bench: Bench, ticket: Ticket, **values: Any) -> None:
    """Change the newest handoff's row."""
    handoff = await bench.handoff(ticket)
    async with bench.wiring.database.transaction() as session:
        row = await session.get_one(Handoff, handoff.id)
        for name, value in values.items():
            setattr(row, name, value)
        session.add(row)
