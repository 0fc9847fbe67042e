"""Tells the tenants' addresses what happened: in order for each ticket, again until it arrives."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from memory import webhooks
from memory.faults import MemoryFault
from memory.storage.database import Database
from memory.tables import WebhookDelivery, WebhookEndpoint, now
from tools.adapters.webhooks import SECONDS, Hook, HookFailed, HookGone

log = structlog.get_logger()

AT_ONCE = 8
"""Events of one address that are sent at the same time, each of another ticket."""
ATTEMPTS = 14
"""Times that an event is tried; with the pauses between them, nearly a day."""
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 5.0, 6 * 3600.0
NONE_SECONDS = 2.0
"""Where no address wants to be told, it is looked again so often: a new one hears so late at most."""
LEASE = timedelta(seconds=3 * SECONDS)
"""How long an event that was taken up is left alone; a process that dies loses no more."""


@dataclass
class WebhookWorker:
    """Sends what is due. Any number of workers may do it at once."""

    database: Database
    send: Callable[[Hook, int], Awaitable[None]]
    """One attempt, at a time in Unix seconds. Raises `HookFailed`."""
    key: Callable[[], bytes]
    """The installation's own key, from which each address's secret follows."""
    _busy: dict[str, asyncio.Task[int]] = field(default_factory=dict)
    """By address: one that hangs holds no other up."""
    _none_until: float = -math.inf

    async def tick(self) -> None:
        """Begin to send to each address that is not being sent to. Raises `StorageUnavailable`."""
        for endpoint_id, task in list(self._busy.items()):
            if task.done():
                del self._busy[endpoint_id]
                self._told(task)
        if time.monotonic() < self._none_until:
            return
        if not await self.database.units.look(webhooks.any_in):
            self._none_until = time.monotonic() + NONE_SECONDS
            return
        async with self.database.reading() as session:
            living = [one for one in await webhooks.endpoints(session) if one.ended_at is None]
        for one in living:
            if one.id not in self._busy:
                self._busy[one.id] = asyncio.create_task(self.round(one))

    async def close(self) -> None:
        """Stop; what was under way is tried again with the same id."""
        for task in self._busy.values():
            task.cancel()
        await asyncio.gather(*self._busy.values(), return_exceptions=True)
        self._busy.clear()

    async def round(self, endpoint: WebhookEndpoint) -> int:
        """Send to one address what is due now; how many events were tried."""
        async with self.database.reading() as session:
            due = await webhooks.due(session, endpoint.id, AT_ONCE)
        results = await asyncio.gather(
            *(self._one(endpoint, row) for row in due), return_exceptions=True
        )
        for result in results:  # one that fails must not cut another one off
            if isinstance(result, BaseException):
                raise result
        return len(due)

    async def _one(self, endpoint: WebhookEndpoint, row: WebhookDelivery) -> None:
        assert row.id is not None
        async with self.database.transaction() as session:
            if not await webhooks.take(session, row, LEASE):
                return
        secret = webhooks.secret_of(self.key(), endpoint.id)
        hook = Hook(row.event_id, endpoint.url, secret, {**row.body, "sequence": row.id})
        try:
            await self.send(hook, int(now().timestamp()))
        except HookFailed as failed:
            attempts = ATTEMPTS if isinstance(failed, HookGone) else row.attempts + 1
            await self._failed(row.id, attempts, str(failed))
        else:
            async with self.database.transaction() as session:
                await webhooks.done(session, row.id)

    async def _failed(self, delivery_id: int, attempts: int, words: str) -> None:
        async with self.database.transaction() as session:
            if attempts >= ATTEMPTS:
                await webhooks.dead(session, delivery_id, words)
                log.warning("webhook_dead", delivery=delivery_id)
            else:
                moment = now() + timedelta(seconds=pause_after(attempts))
                await webhooks.later(session, delivery_id, words, moment)

    def _told(self, task: asyncio.Task[int]) -> None:
        error = None if task.cancelled() else task.exception()
        if isinstance(error, MemoryFault):
            log.warning("webhooks_failed", error=str(error))  # the next round tries again
        elif error is not None:
            raise error


def pause_after(attempts: int) -> float:
    """Seconds until the next attempt, doubled each time."""
    doubled: float = FIRST_PAUSE_SECONDS * 2 ** (attempts - 1)
    return min(LONGEST_PAUSE_SECONDS, doubled)
