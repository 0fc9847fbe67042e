"""Carries an erasure out. Each step may be done again, so a worker goes on where one died.

The order matters: what is under way is ended first, so that nothing is written behind us; the
rows that lead to others go last.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from memory.erasure import elsewhere, receipt, requests, rows
from memory.erasure.elsewhere import Words
from memory.erasure.person import customer_of, tickets_of
from memory.erasure.sidecar import Sidecar
from memory.knowledge.index import VectorIndex
from memory.knowledge.settled_tickets import forget
from memory.storage.checkpoints import Checkpoints
from memory.storage.copies import without_words
from memory.storage.database import Database
from memory.storage.errors import Fenced
from memory.storage.queue import Queue
from memory.storage.quoting import Head, no_head
from memory.storage.readiness import check_usable, head_revision
from memory.storage.scrubbing import scrub_ledger
from memory.tables import Erasure, ErasureStatus, now
from memory.tickets import lifecycle
from memory.tickets.tickets import TicketUnknown

ROUNDS = 10
"""Times that is looked whether all has gone: a drive that ends may write behind us."""
DRIVE_SECONDS = 30.0
"""How long a drive that was fenced off may take to notice; then it is left to its fence."""
POLL_SECONDS = 0.1


@dataclass(frozen=True)
class Eraser:
    """Everything that an erasure reaches into."""

    database: Database
    queue: Queue
    checkpoints: Checkpoints
    index: VectorIndex
    key: bytes
    """The installation's secret: digests and the receipt's signature follow from it."""
    sidecar: Sidecar
    head: Head = no_head
    """Knows the heads of mails that are quoted without marks."""

    async def run_pending(self) -> int:
        """Carry out all that is wanted; how many that were. Raises `StorageUnavailable`.

        0 where a newer version has set the tables up: it may keep what this one would not find.
        """
        wanted = await self.database.units.look(requests.pending_in)
        if wanted and not await self._knows_all_tables():
            return 0
        for one in wanted:
            await self.run(one)
        return len(wanted)

    async def _knows_all_tables(self) -> bool:
        head = await asyncio.to_thread(head_revision)
        async with self.database.reading() as session:
            return await check_usable(session, head)

    async def run(self, erasure_id: str) -> dict[str, Any]:
        """Carry one out; its receipt. Doing it again gives the same receipt.

        None yet, but {}, where an agent is at work on a conversation that the person wrote in, or
        somebody asked again meanwhile.
        """
        async with self.database.reading() as session:
            erasure = await session.get_one(Erasure, erasure_id)
        if erasure.receipt is not None:
            return erasure.receipt
        self.sidecar.add(erasure)
        tickets: list[str] = []
        for _ in range(ROUNDS):
            tickets = await self._find(erasure_id)
            if not await self._removed(erasure_id, tickets):
                break
        if not await self._emptied_elsewhere(erasure_id):
            return {}
        left = await asyncio.to_thread(self._scrub)
        async with self.database.reading() as session:
            if (await session.get_one(Erasure, erasure_id)).customer is None and self.database.ring:
                left = (*left, receipt.ASK_AGAIN)
        return await self._close(erasure_id, tickets, left)

    async def _find(self, erasure_id: str) -> list[str]:
        async with self.database.reading() as session:
            erasure = await session.get_one(Erasure, erasure_id)
            met = await tickets_of(
                session, self.key, erasure.tenant, erasure.person, until=erasure.requested_at
            )
            customer = erasure.customer or await customer_of(session, erasure.tenant, met)
        async with self.database.transaction() as session:
            erasure = await requests.held(session, erasure_id)
            requests.found(erasure, met)
            erasure.customer = customer
            session.add(erasure)
            self.sidecar.add(erasure)
            return list(erasure.tickets)

    async def _removed(self, erasure_id: str, tickets: Sequence[str]) -> bool:
        """Remove these tickets; whether there was any row of them."""
        epochs = {one: await self._end(one) for one in tickets}
        await self._drives_ended(tickets)
        await self._forget_vectors(erasure_id, tickets)
        for one, epoch in epochs.items():
            await self._forget_thread(erasure_id, one, epoch)
        if tickets:
            await self._forget_copies(erasure_id, frozenset(tickets))
        gone = [await self._remove(erasure_id, one) for one in tickets]
        return any(gone)

    async def _end(self, ticket_id: str) -> int | None:
        """Stop whatever has the ticket; its new epoch, None where its row has gone."""
        try:
            async with self.database.transaction() as session:
                happened = await lifecycle.erase(session, ticket_id)
                jobs = await rows.workflows_of(session, ticket_id)
        except TicketUnknown:
            return None
        await self.queue.client.cancel_workflows_async(jobs)
        return lifecycle.made(happened).epoch

    async def _drives_ended(self, tickets: Sequence[str]) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(DRIVE_SECONDS):
                while await self._driven(tickets):  # noqa: ASYNC110 - another process ends them
                    await asyncio.sleep(POLL_SECONDS)

    async def _driven(self, tickets: Sequence[str]) -> int:
        async with self.database.reading() as session:
            return await rows.drives_of(session, tickets)

    async def _forget_vectors(self, erasure_id: str, tickets: Sequence[str]) -> None:
        async with self.database.reading() as session:
            tenant = (await session.get_one(Erasure, erasure_id)).tenant
            memories = await rows.memories_of(session, tickets)
        if memories:
            await asyncio.to_thread(forget, self.index, tenant, memories)
            await self._count(erasure_id, {"vectors": len(memories)})

    async def _forget_thread(self, erasure_id: str, ticket_id: str, epoch: int | None) -> None:
        with suppress(Fenced):  # nobody can have a newer epoch than the one that erases
            known = LAST_EPOCH if epoch is None else epoch
            if await self.checkpoints.forget(ticket_id, known):
                await self._count(erasure_id, {"checkpoints": 1})

    async def _forget_copies(self, erasure_id: str, tickets: frozenset[str]) -> None:
        """Other tickets' people were shown what these were like."""
        threads = await self.checkpoints.forget_mentions(tickets)
        async with self.database.reading() as session:
            tenant = (await session.get_one(Erasure, erasure_id)).tenant
        stories = 0
        last: str | None = rows.FIRST
        while last is not None:
            async with self.database.transaction() as session:
                changed, last = await rows.forget_copies(session, tenant, tickets, after=last)
            stories += changed
            await asyncio.sleep(0)
        await self._count(
            erasure_id, {"copies_in_checkpoints": threads, "copies_in_stories": stories}
        )

    async def _emptied_elsewhere(self, erasure_id: str) -> bool:
        """Take out what the person wrote in others' conversations; whether it is out of all."""
        async with self.database.reading() as session:
            one = await session.get_one(Erasure, erasure_id)
            tenant = one.tenant
            known = await elsewhere.senders(session, self.key, tenant, one.person, one.customer)
            said = await elsewhere.words(session, tenant, known, self.head) if known else []
        tickets = frozenset(words.ticket_id for words in said if words.ticket_id)
        await self._drives_ended(list(tickets))
        if tickets:  # what others were shown of these goes whole, as what is remembered of them
            await self._forget_copies(erasure_id, tickets)
        return all([await self._emptied(erasure_id, tenant, known, words) for words in said])

    async def _emptied(
        self, erasure_id: str, tenant: str, known: Sequence[str], said: Words
    ) -> bool:
        """The same for one conversation. Where it stood goes last: a death finds it again."""
        if await self._driven([said.ticket_id]):
            return False  # it may end, and be written down, behind us
        change = partial(without_words, texts=said.texts, others=said.others)
        threads = await self.checkpoints.change(said.ticket_id, change)
        await self._forget_vectors(erasure_id, [said.ticket_id])
        async with self.database.transaction() as session:
            counts = await elsewhere.forget(session, tenant, known, said)
            if counts is not None:
                erasure = await requests.held(session, erasure_id)
                requests.count(erasure, {**counts, "copies_in_checkpoints": threads})
                session.add(erasure)
        return counts is not None

    async def _remove(self, erasure_id: str, ticket_id: str) -> bool:
        async with self.database.reading() as session:
            jobs = await rows.workflows_of(session, ticket_id)
        if jobs:
            await self.queue.client.delete_workflows_async(jobs)
        async with self.database.transaction() as session:
            counts = await rows.remove(session, ticket_id)
            erasure = await requests.held(session, erasure_id)
            requests.count(erasure, {**counts, "jobs": len(jobs)})
            session.add(erasure)
        return any(counts.values())

    async def _count(self, erasure_id: str, counts: dict[str, int]) -> None:
        async with self.database.transaction() as session:
            erasure = await requests.held(session, erasure_id)
            requests.count(erasure, counts)
            session.add(erasure)

    def _scrub(self) -> tuple[str, ...]:
        return scrub_ledger(self.database.url)

    async def _close(
        self, erasure_id: str, gone: Sequence[str], left: tuple[str, ...]
    ) -> dict[str, Any]:
        async with self.database.transaction() as session:
            erasure = await requests.held(session, erasure_id)
            if erasure.receipt is not None:
                return erasure.receipt  # another worker was faster
            if not set(erasure.tickets) <= set(gone):
                return {}
            erasure.done_at, erasure.status = now(), ErasureStatus.DONE
            erasure.receipt = receipt.made(self.key, erasure, left)
            session.add(erasure)
            return erasure.receipt


LAST_EPOCH = 2**31 - 1
"""No drive has a higher one: it closes the thread of a ticket whose row has gone."""
