"""The queue's page shows what is, also where the API could not be read when it was told of a change."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import pytest

from api.console.parts.change_feed import ChangeFeeds
from api.console.parts.remote import ApiRefused
from api.console.queue import work
from api.console.queue.work import Work
from tests.waiting import LONGEST_SECONDS


@dataclass
class Api:
    """Tells of one change, and cannot be read the first time."""

    reads: int = 0

    async def follow(self, _path: str, _last: str) -> AsyncIterator[SimpleNamespace]:
        """One event, and then nothing more."""
        yield SimpleNamespace(name="ready", id="1", data={})
        await asyncio.sleep(LONGEST_SECONDS)


@dataclass
class Page:
    """A browser's tab."""

    is_deleted: bool = False
    told: list[str] = field(default_factory=list)

    def __enter__(self) -> None:
        """What is drawn is drawn on it."""

    def __exit__(self, *_: object) -> None:
        """Nothing is kept."""

    def live(self, words: str) -> None:
        """What its head says."""
        self.told.append(words)


@pytest.mark.parametrize("error", [ApiRefused(503, {"title": "busy"}), RuntimeError()])
async def test_a_change_that_could_not_be_read_is_read_again(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """Nobody waits for the next change to see the last one."""
    monkeypatch.setattr(work, "AGAIN_SECONDS", 0.01)
    aside = SimpleNamespace(create=lambda restoring, name: restoring.close())
    monkeypatch.setattr(work, "background_tasks", aside)
    api, page = Api(), Page()
    visit = SimpleNamespace(
        feeds=ChangeFeeds(), remote=api, client=page, me={"person": {"tenant": "acme"}}
    )
    mine = cast("Any", object.__new__(Work))
    mine.state, mine.head = SimpleNamespace(visit=visit, selected="h1", items=[]), page
    refreshed = asyncio.Event()

    async def read(_feed: object) -> None:
        api.reads += 1
        if api.reads == 1:
            raise error

    async def nothing() -> None:
        return

    async def refresh() -> None:
        page.is_deleted = True
        refreshed.set()

    mine.read, mine.take_redrafts, mine._restore, mine.refresh = read, nothing, nothing, refresh
    mine.CALM_SECONDS = 0.0
    async with asyncio.timeout(LONGEST_SECONDS):
        await mine.follow()
    assert refreshed.is_set()
    assert page.told == ["The queue cannot be read at the moment", ""]


def test_an_earlier_version_takes_no_later_ones_place() -> None:
    """Two looks may be answered in the other order."""
    shown = {"id": "h1", "version": 4}
    assert work._is_older({"id": "h1", "version": 3}, shown)
    assert not work._is_older({"id": "h1", "version": 4}, shown)
    assert not work._is_older({"id": "h2", "version": 1}, shown)
    assert not work._is_older(shown, None)
