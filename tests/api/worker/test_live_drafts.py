"""What models write costs next to nothing unless somebody looks on, and then little."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from typing_extensions import override

from api.worker import live_drafts as showing
from api.worker.live_drafts import LiveDrafts
from memory import live_drafts
from memory.live_drafts import Shown
from memory.storage.errors import StorageUnavailable
from memory.storage.units import Result, Unit, Units
from tests.waiting import until
from tools.contract import CallContext

CALLER: CallContext = {
    "tenant": "acme",
    "ticket_id": "t1",
    "turn": 1,
    "epoch": 3,
    "intent": None,
    "customer": None,
    "approved": [],
}


@dataclass
class Watched(Units):
    """A ledger that somebody may look on by, and that may be away."""

    tickets: frozenset[str] = frozenset()
    away: bool = False
    looks: int = 0
    writes: int = 0

    @override
    async def write(self, unit: Unit[Result]) -> Result:
        self._refuse()
        self.writes += 1
        return unit(None)  # type: ignore[arg-type]

    @override
    async def read(self, unit: Unit[Result]) -> Result:
        raise NotImplementedError

    @override
    async def look(self, unit: Unit[Result]) -> Result:
        self._refuse()
        self.looks += 1
        return self.tickets  # type: ignore[return-value]

    @override
    async def close(self) -> None:
        """Nothing is open."""

    def _refuse(self) -> None:
        if self.away:
            raise StorageUnavailable("away")


@dataclass
class Screen:
    """What was shown, in order."""

    states: list[Shown] = field(default_factory=list)


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> Screen:
    """Shows at once what a worker tells."""
    found = Screen()
    monkeypatch.setattr(showing, "SHOW_SECONDS", 0.01)
    monkeypatch.setattr(showing, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(live_drafts, "show_in", lambda _do, one: found.states.append(one))
    return found


@pytest.fixture
async def ledger() -> AsyncIterator[Watched]:
    """One that nobody looks on by yet."""
    found = Watched()
    yield found
    found.away = False


def unwanted() -> str:
    """A text that nobody may ask for."""
    raise AssertionError


async def test_where_nobody_looks_on_nothing_is_written_or_even_read(
    screen: Screen, ledger: Watched
) -> None:
    """One look at a small table now and then is all that thousands of calls cost."""
    live = LiveDrafts(ledger)
    with live.shown(CALLER, unwanted):
        await until(lambda: ledger.looks >= 3)
    await asyncio.sleep(0.05)
    looks = ledger.looks
    await asyncio.sleep(0.05)
    assert (ledger.writes, screen.states, ledger.looks) == (0, [], looks)


async def test_one_who_looks_on_sees_changes_alone_and_then_the_end(
    screen: Screen, ledger: Watched
) -> None:
    """What stays as it was is not told again, and nothing of the text is left at the end."""
    ledger.tickets = frozenset({"t1"})
    said, live = "Half", LiveDrafts(ledger)
    with live.shown(CALLER, lambda: said):
        await until(lambda: len(screen.states) == 1)
        await asyncio.sleep(0.05)
        said = "Half a sen\0ten\ud800ce"
        await until(lambda: len(screen.states) == 2)
    await until(lambda: len(screen.states) == 3)
    await asyncio.sleep(0.05)
    assert [one.text for one in screen.states] == ["Half", "Half a senten?ce", ""]
    assert [one.seconds is None for one in screen.states] == [False, False, True]
    assert all((one.ticket_id, one.epoch) == ("t1", 3) for one in screen.states)


async def test_the_next_call_begins_with_nothing(screen: Screen, ledger: Watched) -> None:
    """A repair, or the fallback's answer, takes the place of what could not be used."""
    ledger.tickets = frozenset({"t1"})
    live = LiveDrafts(ledger)
    with live.shown(CALLER, lambda: "wrong"):
        await until(lambda: len(screen.states) == 1)
    with live.shown(CALLER, lambda: ""):
        await until(lambda: len(screen.states) == 2)
    await until(lambda: len(screen.states) == 3)
    assert [one.text for one in screen.states] == ["wrong", "", ""]


async def test_a_ledger_that_is_away_stops_no_call(screen: Screen, ledger: Watched) -> None:
    """It is looked at again once it is back."""
    ledger.tickets, ledger.away = frozenset({"t1"}), True
    live = LiveDrafts(ledger)
    with live.shown(CALLER, lambda: "on"):
        await asyncio.sleep(0.05)
        ledger.away = False
        await until(lambda: len(screen.states) == 1)
