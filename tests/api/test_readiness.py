"""What the checks say of each state, by name, with what to do."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from api import readiness
from api.readiness import Check, Facts, Readiness, checks, worst
from memory.handoffs.outbox import Standing
from memory.storage.database import Database
from memory.storage.errors import DAMAGES, StorageUnavailable
from memory.storage.readiness import Depths
from memory.tables import ChannelState, WorkerBeat, now
from memory.workers.drives import UnderWay

AT = now()
HEALTHY = Facts(
    AT,
    Depths(queued=0, running=0, waiting=0, oldest_queued_seconds=0.0),
    UnderWay(0, None),
    [WorkerBeat(worker="w1", pid=7, host="box", slots=4, beat_at=AT)],
    50_000_000_000,
)


def silent(name: str = "w2", **more: Any) -> WorkerBeat:
    """A worker that was heard ten seconds ago."""
    beat = AT - timedelta(seconds=10)
    return WorkerBeat(worker=name, pid=8, host="box", slots=4, beat_at=beat, **more)


def waiting(seconds: float) -> Depths:
    """Three tickets in the queue, the oldest for so long."""
    return Depths(queued=3, running=0, waiting=0, oldest_queued_seconds=seconds)


def named(facts: Facts) -> dict[str, Check]:
    """The checks by name."""
    return {one.name: one for one in checks(facts)}


def test_all_is_well() -> None:
    """Then every check says so."""
    assert {one.state for one in checks(HEALTHY)} == {"ok"}
    assert worst(checks(HEALTHY)) == "ok"


@pytest.mark.parametrize(
    ("facts", "name", "state", "words"),
    [
        (replace(HEALTHY, workers=[]), "workers", "fail", "run `deskhand up`"),
        (replace(HEALTHY, workers=[silent()]), "workers", "fail", "silent for 10 s"),
        (
            replace(HEALTHY, workers=[silent(), WorkerBeat(worker="refused", pid=1, host="b", slots=0, trouble="the index is damaged", beat_at=AT)]),
            "workers", "fail", "cannot start: the index is damaged",
        ),
        (replace(HEALTHY, workers=[*HEALTHY.workers, silent()]), "workers", "warn", "1 of 2"),
        (
            replace(HEALTHY, workers=[WorkerBeat(worker="refused", pid=1, host="b", slots=0, trouble="the index is in use", beat_at=AT)]),
            "workers", "fail", "cannot start: the index is in use",
        ),
        (
            replace(HEALTHY, workers=[WorkerBeat(worker="w1", pid=1, host="b", slots=4, trouble="the vector index is gone", beat_at=AT)]),
            "index", "fail", "the vector index is gone",
        ),
        (
            replace(HEALTHY, workers=[WorkerBeat(worker="w1", pid=1, host="b", slots=4, trouble=DAMAGES[0], beat_at=AT)]),
            "ledger", "fail", "bring a backup back",
        ),
        (
            replace(HEALTHY, workers=[WorkerBeat(worker="w1", pid=1, host="box", slots=4, beat_at=AT + timedelta(hours=2))]),
            "clock", "fail", "The clock of box is 7200 s ahead",
        ),
        (
            replace(HEALTHY, workers=[WorkerBeat(worker="w1", pid=1, host="box", slots=4, beat_at=AT, clock_at=AT - timedelta(minutes=3))]),
            "clock", "fail", "The clock of box is 180 s behind",
        ),
        (replace(HEALTHY, damage=DAMAGES[1]), "ledger", "fail", "damaged pages"),
        (replace(HEALTHY, depths=waiting(11)), "queue", "fail", "does not move. Tickets that wait: 3"),
        (
            replace(HEALTHY, depths=waiting(61), under_way=UnderWay(4, AT - timedelta(seconds=61))),
            "queue", "fail", "the oldest for 61 s",
        ),
        (
            replace(HEALTHY, depths=waiting(61), under_way=UnderWay(4, AT - timedelta(seconds=2))),
            "queue", "ok", "3 queued, 4 driven",
        ),
        (replace(HEALTHY, letters=Standing(tried_again=2)), "notices", "warn", "2 could not be sent yet"),
        (replace(HEALTHY, letters=Standing(dead=3)), "notices", "warn", "3 never arrived"),
        (replace(HEALTHY, held_back=2), "tools", "warn", "2 failed so often"),
        (replace(HEALTHY, free_bytes=50_000_000), "disk", "fail", "as good as full: 50 MB"),
        (replace(HEALTHY, free_bytes=500_000_000), "disk", "warn", "nearly full"),
        (replace(HEALTHY, free_bytes=None), "disk", "warn", "Nobody can tell"),
    ],
)  # fmt: skip
def test_each_trouble_is_named(facts: Facts, name: str, state: str, words: str) -> None:
    """With the sentence that says what to do or where to look."""
    found = named(facts)[name]
    assert (found.state, words in found.words) == (state, True), found.words
    assert worst(checks(facts)) == state or state == "ok"


def channel(
    part: str = "in", tenant: str = "acme", seconds: float = 5, **more: str
) -> ChannelState:
    """One direction of a mailbox, looked at so long ago."""
    seen = AT - timedelta(seconds=seconds)
    since = AT - timedelta(minutes=12)
    return ChannelState(
        tenant=tenant, channel="mail", part=part, seen_at=seen, since=since, cursor={}, **more
    )


AWAY = "the IMAP server mx:993 does not answer: check host, port and firewall"


@pytest.mark.parametrize(
    ("rows", "state", "words"),
    [
        ([channel(), channel("out")], "ok", "All reachable."),
        (
            [channel(trouble=AWAY), channel("out")],
            "warn",
            f"Nothing was received by mail for 12 min: {AWAY}. Nothing is lost; it goes on by itself.",
        ),
        ([channel(seconds=90)], "warn", "run `deskhand up` or `deskhand channels`"),
        (
            [channel(trouble=AWAY), channel(tenant="other")],
            "warn",
            "1 of 2 ways in and out do not work. Nothing is lost.",
        ),
    ],
    ids=["well", "away", "nobody runs it", "several tenants"],
)
def test_a_mailbox_that_is_away_is_seen_and_told_to_its_own_tenant_only(
    rows: list[ChannelState], state: str, words: str
) -> None:
    """It is no reason to take the API out of service; a desk without channels has no such check."""
    check = named(replace(HEALTHY, channels=rows))["channels"]
    assert (check.state, words in check.words) == (state, True)
    assert "channels" not in named(HEALTHY)


def test_damage_that_only_the_channels_met_is_told() -> None:
    """The mails' tables are theirs alone: the API and the workers go on and meet nothing."""
    met = channel("ledger", trouble=DAMAGES[0])
    found = named(replace(HEALTHY, channels=[channel(), channel("out"), met]))
    assert (found["ledger"].state, "bring a backup back" in found["ledger"].words) == ("fail", True)
    assert found["channels"].state == "ok"


async def test_a_database_that_hangs_is_told_in_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also to those who ask while the look of another one hangs."""

    async def hangs(*_given: object) -> Facts:
        await asyncio.Event().wait()
        return HEALTHY

    monkeypatch.setattr(readiness, "look", hangs)
    monkeypatch.setattr(readiness, "LOOK_SECONDS", 0.05)
    watched = Readiness(Database(f"sqlite:///{tmp_path / 'none.db'}"), tmp_path, "0000")
    found = await asyncio.gather(watched.look(), watched.look(), return_exceptions=True)
    assert [type(one) for one in found] == [StorageUnavailable] * 2
    await watched.database.close()
