"""Open pages hear of changes whatever becomes of the stream or of the page beside them."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from api.console.parts import change_feed
from api.console.parts.change_feed import ChangeFeeds
from api.console.parts.remote import Remote
from tests.waiting import LONGEST_SECONDS


@dataclass
class Event:
    """One event of a stream."""

    name: str
    id: str
    data: dict[str, Any] = field(default_factory=dict)


@dataclass
class Streaming:
    """An API whose stream ticks, breaks once where it is told to, and takes a moment to close."""

    breaks: bool = False

    async def follow(self, _path: str, _last: str) -> AsyncIterator[Event]:
        """Tick."""
        yield Event("ready", "1")
        try:
            for number in range(2, 10_000):
                await asyncio.sleep(0.01)
                if self.breaks:
                    self.breaks = False
                    raise RuntimeError
                yield Event("handoff", str(number), {"handoff_id": f"h{number}"})
        finally:
            await asyncio.sleep(0.05)


async def ticked(listener: change_feed.Listener) -> None:
    """Wait until a handoff's change is heard."""
    async with asyncio.timeout(LONGEST_SECONDS):
        while not any(one.startswith("h") for one in await listener.next()):
            pass


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(change_feed, "AGAIN_SECONDS", 0.01)


async def test_a_page_that_opens_while_the_last_one_leaves_hears_of_changes() -> None:
    """A reload is a page that leaves and one that opens, at once."""
    left, leave, feeds = asyncio.Event(), asyncio.Event(), ChangeFeeds()

    async def first() -> None:
        async with feeds.listen(cast("Remote", Streaming()), "acme") as listener:
            await ticked(listener)
            left.set()
            await leave.wait()

    leaving = asyncio.create_task(first())
    await left.wait()
    leave.set()
    await asyncio.sleep(0.01)
    async with feeds.listen(cast("Remote", Streaming()), "acme") as listener:
        listener.waiting()
        await ticked(listener)
        await leaving
        listener.waiting()
        await ticked(listener)
    assert "acme" not in feeds._feeds


async def test_a_stream_that_breaks_is_opened_again() -> None:
    """Whatever the stream raises, the page is told to read anew, and hears of later changes."""
    streaming, feeds = Streaming(), ChangeFeeds()
    async with feeds.listen(cast("Remote", streaming), "acme") as listener:
        await ticked(listener)
        streaming.breaks = True
        async with asyncio.timeout(LONGEST_SECONDS):
            while change_feed.EVERYTHING not in await listener.next():
                pass
        await ticked(listener)


@dataclass
class Asking:
    """A page's way to the API, which is closed with its page, or answers."""

    closed: bool

    async def still_here(self) -> None:
        """The session lives."""

    async def get(self, path: str, *, background: bool) -> str:
        """An answer, unless the page has left while it was on its way."""
        await asyncio.sleep(0)
        if self.closed:
            raise RuntimeError
        return f"{path} {background}"


async def test_a_page_that_leaves_takes_nothing_from_its_colleagues() -> None:
    """It had asked for all of them; each other page asks for itself."""
    feed = change_feed.ChangeFeed()
    asked = [feed.once(cast("Remote", Asking(closed)), "/queue") for closed in (True, False, False)]
    found = await asyncio.gather(*asked, return_exceptions=True)
    assert isinstance(found[0], RuntimeError)
    assert found[1:] == ["/queue True"] * 2
