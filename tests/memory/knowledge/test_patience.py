"""Searches wait for a vector server that is away, for a while and no longer."""

import asyncio

import pytest

from memory.admission import Admission, limited, taking_turns
from memory.knowledge import patience as patience_module
from memory.knowledge.contract import Hit
from memory.knowledge.index import IndexUnavailable, OtherModel
from memory.knowledge.patience import Patience, PatientSearch

FOUND = [Hit("c", "d", "t", "", "words", None, 1.0)]
AWAY = IndexUnavailable("the vector index at vectors:8000 cannot be used")


class Server:
    """A vector server that can be away, or hang."""

    def __init__(self) -> None:
        self.away: Exception | None = AWAY
        self.hangs = False
        self.asked = 0
        self.looks = 0

    async def search(self, _tenant: str, _query: str, _limit: int) -> list[Hit]:
        """The base's own search."""
        self.asked += 1
        if self.hangs:
            await asyncio.Event().wait()
        if self.away is not None:
            raise self.away
        return FOUND

    async def trouble(self) -> str | None:
        """A look at it."""
        self.looks += 1
        return "away" if self.away is not None or self.hangs else None


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience_module, "LOOK_EVERY_SECONDS", 0.01)
    monkeypatch.setattr(patience_module, "SEARCH_SECONDS", 0.1)


async def _all_wait(*searches: asyncio.Task[list[Hit]]) -> None:
    await asyncio.sleep(0.2)
    assert not any(one.done() for one in searches)


@pytest.mark.parametrize("hangs", [False, True], ids=["refuses", "half open"])
async def test_a_short_outage_is_outlasted_and_looked_at_once_for_all(hangs: bool) -> None:
    """Who comes in it does not ask a server that is known to be away."""
    server = Server()
    server.hangs = hangs
    patient = PatientSearch(server, Patience(server.trouble, 30))
    first = asyncio.create_task(patient.search("acme", "q", 3))
    await _all_wait(first)
    asked = server.asked
    more = [asyncio.create_task(patient.search("acme", "q", 3)) for _ in range(50)]
    await _all_wait(first, *more)
    assert server.asked == asked
    server.away, server.hangs = None, False
    assert await asyncio.gather(first, *more) == [FOUND] * 51


async def test_a_long_one_ends_in_its_reason_and_is_not_waited_for_again() -> None:
    """Until the server answers: the next outage is one of its own."""
    server = Server()
    patient = PatientSearch(server, Patience(server.trouble, 0.3))
    loop = asyncio.get_running_loop()
    began = loop.time()
    with pytest.raises(IndexUnavailable, match=r"waited for in vain, for 0\.3 s"):
        await patient.search("acme", "q", 3)
    assert loop.time() - began >= 0.3
    began = loop.time()
    for _ in range(10):
        with pytest.raises(IndexUnavailable):
            await patient.search("acme", "q", 3)
    assert loop.time() - began < 0.3
    server.away = None
    assert await patient.search("acme", "q", 3) == FOUND
    server.away = AWAY
    again = asyncio.create_task(patient.search("acme", "q", 3))
    await _all_wait(again)
    server.away = None
    assert await again == FOUND


async def test_a_server_that_only_looks_well_is_not_waited_for_without_an_end() -> None:
    """It answers a look and no search."""
    server = Server()

    async def well() -> str | None:
        return None

    patient = PatientSearch(server, Patience(well, 0.2))
    async with asyncio.timeout(5):
        with pytest.raises(IndexUnavailable):
            await patient.search("acme", "q", 3)


async def test_what_fails_for_one_though_the_server_looks_well_holds_up_nobody_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A tenant's collection may be gone; once that was waited for, its next search is not."""
    monkeypatch.setattr(patience_module, "LOOK_EVERY_SECONDS", 0.3)
    gone, there = Server(), Server()
    there.away = None
    patience = Patience(there.trouble, 0.5)
    one, other = PatientSearch(gone, patience), PatientSearch(there, patience)
    loop = asyncio.get_running_loop()
    waiting = asyncio.create_task(one.search("acme", "q", 3))
    await asyncio.sleep(0.1)
    began = loop.time()
    assert await other.search("bolt", "q", 3) == FOUND
    assert loop.time() - began < 0.15
    with pytest.raises(IndexUnavailable):
        await waiting
    began = loop.time()
    with pytest.raises(IndexUnavailable):
        await one.search("acme", "q", 3)
    assert loop.time() - began < 0.25


async def test_no_limit_counts_the_wait_and_another_ticket_has_the_place() -> None:
    """Neither the tool's, nor the node's, nor the run's; the worker takes other tickets meanwhile."""
    server, admission = Server(), Admission(1)
    patient = PatientSearch(server, Patience(server.trouble, 30))
    with taking_turns(admission):
        async with limited(0.15):
            waiting = asyncio.ensure_future(patient.search("acme", "q", 3))
            await asyncio.sleep(0)
            done, _ = await asyncio.wait({waiting}, timeout=0.1)
            assert not done
            assert admission.away == 1
            asyncio.get_running_loop().call_later(0.3, setattr, server, "away", None)
            assert await waiting == FOUND
    assert admission.away == 0


async def test_what_no_waiting_mends_is_told_at_once() -> None:
    """Vectors of another model."""
    server = Server()
    server.away = OtherModel("made by another model")
    with pytest.raises(OtherModel):
        await PatientSearch(server, Patience(server.trouble, 30)).search("acme", "q", 3)
    assert server.looks == 0
