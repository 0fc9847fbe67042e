"""One desk in this process: the wiring of production over a folder of its own, and its tickets.

Everything is opened by `api.wiring.open_wiring`, and a ticket goes through `api.worker.ticket_driver.TicketDriver` as
a worker's would. What is replaced is what lies outside the house: the example company's services
are started beside it; those of any other desk are cut off, so that measuring a desk never sends
a mail or refunds an invoice.
"""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Self

from rich.progress import Progress

from api.explain.journal import story
from api.runtimes import TenantRuntime
from api.wiring import Wiring, open_wiring, sentences_for
from api.worker import assembly
from evals.figures.base import read_base
from evals.figures.report import STDERR
from evals.harness.rows import TicketRow
from evals.harness.setup import (
    EXAMPLE_ADDRESS,
    EXAMPLE_SERVICE,
    Setup,
    cut_off,
    is_example,
    settings_in,
)
from evals.stack.stack import Stack, free_port
from graph.context import TicketContext
from graph.desk.file import load_desk
from graph.desk.model import Desk
from graph.state import TicketState
from memory.journal import codec, journal
from memory.journal.events import Record
from memory.knowledge.index import MemoryIndex, VectorIndex
from memory.knowledge.ingest import index_pending
from memory.knowledge.search import HybridSearch
from memory.knowledge.staging import stage
from memory.storage.migrate import migrate
from memory.tables import Message, Ticket
from memory.tickets import intake, tickets
from memory.tickets.intake import NewTicket
from memory.verification import answers


@dataclass(frozen=True)
class Driven:
    """What a ticket left behind."""

    ticket: Ticket
    state: TicketState
    records: list[Record]
    sent: list[Message]
    """What went out to the customer, in order."""
    seconds: float
    last_seq: int = 0
    """Of the conversation as it stood then."""

    @property
    def trace(self) -> list[str]:
        """Its story, as `deskhand why` tells it."""
        return [told.text for told in story(self.records)]

    @property
    def reply(self) -> Message | None:
        """The last reply or question that was sent; a notice is neither."""
        return next((one for one in reversed(self.sent) if one.kind != "notice"), None)


@dataclass
class OpenDesk:
    """An opened desk. A ticket that several suites ask about is driven once."""

    wiring: Wiring
    desk: Desk
    doc_ids: frozenset[str]
    notes: list[str]
    driven: dict[str, Driven] = field(default_factory=dict)
    _one: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def runtime(self) -> TenantRuntime:
        """The tenant's graph, minds and gateway."""
        return self.wiring.runtimes[self.desk.tenant]

    @cached_property
    def search(self) -> HybridSearch:
        """The search as the desk's tickets use it."""
        return self.wiring.search.knowing(self.desk.known_questions())

    def context(self, row: TicketRow) -> TicketContext:
        """The context of a drive, for a node that is run by itself."""
        unstored = Ticket(
            id=row.id,
            tenant=self.desk.tenant,
            subject=row.subject,
            customer_email=row.customer.email,
            customer_name=row.customer.name,
            vouched_by=row.customer.vouched_by,
        )
        return assembly.contexts(self.wiring).of(unstored, "accepted")

    async def drive(self, row: TicketRow) -> Driven:
        """The row as a ticket, driven to rest and settled."""
        async with self._one:
            key = row.model_dump_json(exclude={"label"})
            if key not in self.driven:
                self.driven[key] = await self._drive(row)
            return self.driven[key]

    async def converse(self, row: TicketRow, follow: Sequence[str]) -> list[Driven]:
        """The row as a ticket, and each further message once the turn before it is settled.

        One entry for each turn; a message that begins none, since a person has the ticket, has none.
        """
        async with self._one:
            turns = [await self._drive(row)]
            for text in follow:
                if await self._write(turns[-1].ticket.id, text):
                    turns.append(await self._turn(turns[-1].ticket.id, since=turns[-1].last_seq))
            return turns

    async def turn(self, ticket_id: str, since: int = 0) -> Driven:
        """A stored ticket's present run, driven to rest and settled; what was sent after `since`."""
        async with self._one:
            return await self._turn(ticket_id, since)

    async def _write(self, ticket_id: str, text: str) -> bool:
        wiring = self.wiring
        async with wiring.database.transaction() as session:
            added = await answers.add_message(
                session,
                wiring.queue,
                wiring.settings.hmac_key,
                tenant=self.desk.tenant,
                ticket_id=ticket_id,
                text=text,
                key=None,
                digest="",
            )
        return added.started

    async def _drive(self, row: TicketRow) -> Driven:
        return await self._turn((await self._accept(row)).id)

    async def _turn(self, ticket_id: str, since: int = 0) -> Driven:
        """Drive the ticket to rest and settle it; what was sent after message `since`."""
        driver = assembly.ticket_driver(self.wiring)
        async with self.wiring.database.reading() as session:
            ticket = await tickets.get(session, self.desk.tenant, ticket_id)
        started = time.perf_counter()
        rested = await driver.drive(ticket.id, ticket.run)
        seconds = time.perf_counter() - started
        assert rested is not None, "nobody else drives this ledger"
        state = await self._state(ticket, rested.epoch)
        await driver.settle(ticket.id, rested)
        async with self.wiring.database.reading() as session:
            settled = await tickets.get(session, ticket.tenant, ticket.id)
            records = codec.records(await journal.of_ticket(session, ticket.id))
            sent = await tickets.messages(session, ticket.id)
        last = max(one.seq for one in sent)
        ours = [one for one in sent if one.role != "customer" and one.key is not None]
        return Driven(settled, state, records, [m for m in ours if m.seq > since], seconds, last)

    async def _accept(self, row: TicketRow) -> Ticket:
        said = [*((one.role, one.text) for one in row.history), ("customer", row.body)]
        who = row.customer
        new = NewTicket(
            row.subject, said[0][1], who.email, who.name, dict(row.headers), who.vouched_by
        )
        async with self.wiring.database.transaction() as session:
            accepted = await intake.accept(
                session,
                self.wiring.queue,
                tenant=self.desk.tenant,
                new=new,
                key=None,
                digest="",
            )
            ticket = accepted.ticket
            (first,) = await tickets.messages(session, ticket.id)
            first.role = said[0][0]
            session.add(first)
            for seq, (role, text) in enumerate(said[1:], start=2):
                session.add(Message(ticket_id=ticket.id, seq=seq, turn=1, role=role, text=text))
        return ticket

    async def _state(self, ticket: Ticket, epoch: int) -> TicketState:
        async with self.wiring.checkpoints.saver(ticket.id, epoch) as saver:
            graph = self.runtime.graph.copy({"checkpointer": saver})
            snapshot = await graph.aget_state({"configurable": {"thread_id": ticket.id}})
        values: TicketState = snapshot.values  # type: ignore[assignment]
        return values


class Place:
    """Where a run's suites work: the desk is opened when the first of them asks for it."""

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        self._stack = AsyncExitStack()
        self._desk: OpenDesk | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *failure: object) -> None:
        await self._stack.aclose()

    async def desk(self) -> OpenDesk:
        """The desk, opened once."""
        if self._desk is None:
            self._desk = await self._stack.enter_async_context(open_desk(self.setup))
        return self._desk


@asynccontextmanager
async def open_desk(setup: Setup) -> AsyncIterator[OpenDesk]:
    """The desk over a temporary folder, its articles ingested. Raises `DataError`, `DeskInvalid`."""
    with tempfile.TemporaryDirectory(prefix="deskhand-evals-") as folder:
        home = Path(folder)
        settings = settings_in(home, setup)
        await asyncio.to_thread(migrate, settings.ledger_url)
        async with _desk_file(setup, home) as desk:
            wiring = open_wiring(
                settings,
                encoder=setup.encoder,
                index=_index(setup),
                minds=setup.minds,
                desks={desk.tenant: desk},
            )
            try:
                yield await _filled(wiring, desk, setup.kb)
            finally:
                await wiring.close()


def _index(setup: Setup) -> VectorIndex | None:
    """In memory beside a given encoder, the embedded index of production otherwise."""
    return None if setup.encoder is None else MemoryIndex()


@asynccontextmanager
async def _desk_file(setup: Setup, home: Path) -> AsyncIterator[Desk]:
    if not is_example(setup.desk):
        yield cut_off(load_desk(setup.desk), models=setup.models)
        return
    port = free_port()
    stack = Stack(home, setup.desk, port)
    await asyncio.to_thread(stack.start_service, EXAMPLE_SERVICE, port)
    try:
        yield load_desk(setup.desk, {EXAMPLE_ADDRESS: f"http://127.0.0.1:{port}"})
    finally:
        await asyncio.to_thread(stack.stop)


async def _filled(wiring: Wiring, desk: Desk, kb: Sequence[Path]) -> OpenDesk:
    drafts, skipped = read_base(kb)
    await stage(wiring.database, desk.tenant, drafts)
    with Progress(console=STDERR, transient=True) as progress:
        task = progress.add_task("indexing", total=len(drafts))
        await index_pending(
            wiring.database,
            wiring.index,
            wiring.encoder,
            desk.tenant,
            lambda done, _: progress.update(task, completed=done),
            sentences_of=sentences_for(wiring.settings),
        )
    notes = [f"skipped {one.source}: {one.why}" for one in skipped]
    return OpenDesk(wiring, desk, frozenset(one.doc_id for one in drafts), notes)
