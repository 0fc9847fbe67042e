"""Checkpoints: the same contract on both engines, above all the fence."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from memory.storage.checkpoints import Checkpoints
from memory.storage.database import Database
from memory.storage.errors import Fenced
from memory.storage.opening import open_checkpoints
from memory.tables import Ticket

MORE_THAN_FIT = 100_000
"""Checkpoints that take far longer to write than a successor takes to begin."""


@pytest.fixture
async def checkpoints(database: Database, tmp_path: Path) -> Checkpoints:
    """Beside a ledger with tickets of one letter."""
    async with database.transaction() as session:
        session.add_all(Ticket(id=one, tenant="acme", subject="x") for one in "abtu")
    return open_checkpoints(database)


def blank(name: str, **values: Any) -> Any:
    """A checkpoint that holds these values."""
    versions = dict.fromkeys(values, f"{name}.0")
    rest: dict[str, Any] = {"channel_versions": versions, "versions_seen": {}}
    whole = {"v": 4, "id": name, "ts": "", "channel_values": values, "updated_channels": None}
    return whole | rest


def where(thread: str, **more: str) -> Any:
    """The place of a thread's checkpoints."""
    return {"configurable": {"thread_id": thread, "checkpoint_ns": "", **more}}


async def put(saver: Any, thread: str, name: str, **values: Any) -> None:
    """Store a checkpoint with these values."""
    made = blank(name, **values)
    await saver.aput(where(thread), made, {}, made["channel_versions"])


async def overtaken(checkpoints: Checkpoints, *, writes: bool) -> None:
    """Write with a saver whose successor has begun."""
    async with checkpoints.saver("t", 1) as zombie:
        await put(zombie, "t", "0")
        async with checkpoints.saver("t", 2) as living:
            await put(living, "t", "1")
        if writes:
            await zombie.aput_writes(where("t", checkpoint_id="0"), [("x", 1)], "task")
        else:
            await put(zombie, "t", "2")


@pytest.mark.parametrize("writes", [True, False])
async def test_a_zombie_cannot_write_a_checkpoint(
    checkpoints: Checkpoints, *, writes: bool
) -> None:
    """It is refused inside the transaction of the write."""
    with pytest.raises(Fenced):
        await overtaken(checkpoints, writes=writes)
    found = await checkpoints.newest("t")
    assert found is not None
    assert found.checkpoint["id"] == "1"
    assert not found.pending_writes


async def test_a_zombie_cannot_open_its_checkpoints(checkpoints: Checkpoints) -> None:
    """Nor come back later."""
    async with checkpoints.saver("t", 2):
        pass
    with pytest.raises(Fenced):
        async with checkpoints.saver("t", 1):
            pass


async def test_threads_do_not_fence_each_other(checkpoints: Checkpoints) -> None:
    """A drive of another ticket is nobody's successor."""
    async with checkpoints.saver("a", 1) as saver, checkpoints.saver("b", 7):
        await put(saver, "a", "1")


async def test_of_writers_at_once_none_writes_after_the_fence(checkpoints: Checkpoints) -> None:
    """Whatever a zombie stored stands before what its successor began with."""

    async def write_on(begun: asyncio.Event) -> None:
        async with checkpoints.saver("t", 1) as zombie:
            for number in range(MORE_THAN_FIT):
                await put(zombie, "t", f"{number:06}")
                await zombie.flush()
                begun.set()

    async def take_over(begun: asyncio.Event) -> str:
        await begun.wait()
        async with checkpoints.saver("t", 2):
            found = await checkpoints.newest("t")
        assert found is not None
        return found.checkpoint["id"]

    begun = asyncio.Event()
    fenced, seen = await asyncio.gather(write_on(begun), take_over(begun), return_exceptions=True)
    last = await checkpoints.newest("t")
    assert isinstance(fenced, Fenced)
    assert last is not None
    assert last.checkpoint["id"] == seen


async def test_what_was_stored_comes_back(checkpoints: Checkpoints) -> None:
    """Plain data of every shape, with the writes that wait for the next step."""
    values = {"text": "Grüße", "list": [{"a": 1}], "none": None, "number": 4}
    async with checkpoints.saver("t", 1) as saver:
        await put(saver, "t", "1", **values)
        await saver.aput_writes(where("t", checkpoint_id="1"), [("x", {"y": [1]})], "task")
        found = await saver.aget_tuple(where("t"))
    assert found is not None
    assert found.checkpoint["channel_values"] == values
    assert found.pending_writes == [("task", "x", {"y": [1]})]


async def test_pruning_keeps_the_newest_whole(checkpoints: Checkpoints) -> None:
    """Older checkpoints, their writes and their values go; the newest reads as before."""
    async with checkpoints.saver("t", 1) as saver, checkpoints.saver("u", 1) as other:
        await put(other, "u", "1", part={"of": "another"})
        for name in ("1", "2", "3"):
            await put(saver, "t", name, part={"of": name})
        await checkpoints.prune("t")
        kept = [one.checkpoint["id"] async for one in saver.alist(where("t"))]
    found, untouched = await checkpoints.newest("t"), await checkpoints.newest("u")
    assert kept == ["3"]
    assert found is not None
    assert untouched is not None
    assert found.checkpoint["channel_values"] == {"part": {"of": "3"}}
    assert untouched.checkpoint["channel_values"] == {"part": {"of": "another"}}


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        ({}, 1),
        ({"limit": 1}, 1),
        ({"limit": 0}, 0),
        ({"before": where("t", checkpoint_id="9")}, 1),
        ({"before": where("t", checkpoint_id="1")}, 0),
        ({"filter": {"step": 3}}, 1),
        ({"filter": {"step": 3, "source": "input"}}, 0),
    ],
)
async def test_the_checkpoint_is_listed_where_it_is_asked_for(
    checkpoints: Checkpoints, asked: Any, listed: int
) -> None:
    """LangGraph's contract: by what was noted with it, by time and by number."""
    async with checkpoints.saver("t", 1) as saver:
        made = blank("1", x=1)
        await saver.aput(where("t"), made, {"source": "loop", "step": 3}, made["channel_versions"])
        assert len([one async for one in saver.alist(where("t"), **asked)]) == listed


async def test_an_unknown_thread_has_nothing_to_forget(checkpoints: Checkpoints) -> None:
    """And nothing to read."""
    async with checkpoints.saver("t", 1):
        pass
    await checkpoints.prune("unknown")
    assert await checkpoints.newest("unknown") is None
