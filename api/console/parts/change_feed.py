"""Tells open pages that something changed: one stream for each tenant, however many pages are open."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import structlog

from api.console.parts.remote import ApiRefused, Remote, SessionOver

log = structlog.get_logger()

EVERYTHING = "*"
"""Said where it is not known what changed."""
STREAM = "/v1/handoffs/events"
AGAIN_SECONDS = 1.0
"""Rest before a stream that broke is opened again."""


@dataclass(eq=False)
class Listener:
    """One page that is told."""

    remote: Remote
    change_feed: ChangeFeed
    touched: set[str] = field(default_factory=set)
    bell: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, handoff: str) -> None:
        """Something about this handoff changed."""
        self.touched.add(handoff)
        self.bell.set()

    async def next(self) -> set[str]:
        """Wait for changes; the ids of the handoffs concerned."""
        await self.bell.wait()
        return self.waiting()

    def again(self, touched: set[str]) -> None:
        """What could not be read is told once more: else the page would go on showing what was before."""
        self.touched |= touched
        self.bell.set()

    def waiting(self) -> set[str]:
        """What changed meanwhile."""
        self.bell.clear()
        touched, self.touched = self.touched, set()
        return touched


class ChangeFeed:
    """The changes of one tenant."""

    def __init__(self) -> None:
        self.changes = 0
        """Changes that were told: what was asked before one is not an answer after it."""
        self._asked: dict[tuple[int, str], asyncio.Task[Any]] = {}
        self.listeners: list[Listener] = []
        self.task: asyncio.Task[None] | None = None
        self.last = ""
        """Id of the last event, so that a new stream goes on where the old one ended."""

    def tell(self, handoff: str) -> None:
        """Tell every page."""
        self.changes += 1
        self._asked.clear()
        for one in self.listeners:
            one.tell(handoff)

    async def once(self, remote: Remote, path: str, **query: Any) -> Any:
        """A list that looks the same for all colleagues, read once a change for all pages.

        Raises `ApiRefused`, `SessionOver`.
        """
        await remote.still_here()
        wanted = (self.changes, f"{path} {sorted(query.items())}")
        task = self._asked.get(wanted)
        if task is None:
            asking = remote.get(path, background=True, **query)
            task = self._asked[wanted] = asyncio.create_task(asking)
        try:
            return await asyncio.shield(task)
        except Exception:  # noqa: BLE001 - it failed for the colleague whose page asked, and may have left
            return await remote.get(path, background=True, **query)

    async def follow(self) -> None:
        """Follow the API's stream with the session of any of the pages, as long as there is one."""
        while self.listeners:
            listener = self.listeners[0]
            try:
                await self._follow(listener)
            except SessionOver:
                if listener in self.listeners:  # its page may have left at that moment
                    self.listeners.remove(listener)
                listener.tell(EVERYTHING)  # it reads, learns that it is over, and leaves
            except Exception as error:  # noqa: BLE001 - whatever broke it, pages must not go stale
                if not isinstance(error, ApiRefused):
                    log.warning("console_stream_broke", kind=type(error).__name__)
                self.tell(EVERYTHING)  # what was missed meanwhile is read from the queue itself
            await asyncio.sleep(AGAIN_SECONDS)

    def begin(self) -> None:
        """Follow the stream, unless it is followed already."""
        if self.task is None or self.task.done():
            self.task = asyncio.create_task(self.follow())

    async def end(self) -> None:
        """Stop following. A page that opens meanwhile begins anew, with a task of its own."""
        task, self.task = self.task, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _follow(self, listener: Listener) -> None:
        stream = listener.remote.follow(STREAM, self.last)
        async with contextlib.aclosing(stream):
            async for event in stream:
                if event.name == "ready" and not self.last:
                    self.tell(EVERYTHING)  # pages were read before the stream began
                self.last = event.id or self.last
                if event.name == "handoff":
                    self.tell(str(event.data["handoff_id"]))
                if listener not in self.listeners:
                    return  # its page has closed: go on with the session of another


class ChangeFeeds:
    """The feeds of one process, by tenant."""

    def __init__(self) -> None:
        self._feeds: dict[str, ChangeFeed] = {}

    @asynccontextmanager
    async def listen(self, remote: Remote, tenant: str) -> AsyncIterator[Listener]:
        """Listen to a tenant's changes; the last page to leave ends the stream."""
        change_feed = self._feeds.setdefault(tenant, ChangeFeed())
        listener = Listener(remote, change_feed)
        change_feed.listeners.append(listener)
        if change_feed.last:
            listener.tell(EVERYTHING)  # its page was read before it listened
        change_feed.begin()
        try:
            yield listener
        finally:
            if listener in change_feed.listeners:
                change_feed.listeners.remove(listener)
            if not change_feed.listeners:
                if self._feeds.get(tenant) is change_feed:
                    del self._feeds[tenant]  # before any wait: a page that opens now begins another
                await change_feed.end()
