"""A thread that has come to its end takes less room, and nobody who goes on from it notices."""

from typing import Any

import pytest

from graph.checkpoint_shape import SHAPE
from memory.storage import compact_threads, thread_saver
from memory.storage.checkpoints import strict_serializer
from memory.storage.compact_threads import compact, expand
from memory.storage.thread_saver import ThreadSaver
from memory.tables import Outcome, Ticket
from tests.bench import Bench

STATE = "SELECT kind, state FROM threads WHERE thread_id = ?"


async def stored(bench: Bench, ticket: Ticket) -> bytes:
    """What the thread's row holds."""
    row = await bench.wiring.database.units.read(lambda do: do.row(STATE, (ticket.id,)))
    assert row is not None
    return bytes(row[1])


async def test_what_an_ended_thread_holds_reads_as_before(bench: Bench) -> None:
    """In less than half of the room."""
    ticket = await bench.answer("How do I reset it?")
    found = await bench.wiring.checkpoints.newest(ticket.id)
    assert found is not None
    whole = strict_serializer().dumps_typed([found.checkpoint, found.metadata])[1]
    kept = await stored(bench, ticket)
    assert found.checkpoint["channel_values"]["drafted"]["text"]
    assert dict(found.metadata)["shape"] == SHAPE
    assert len(kept) < len(whole) / 2


async def test_a_thread_that_waits_is_kept_as_it_is(bench: Bench) -> None:
    """Older workers go on with it."""
    ticket = await bench.answer("How? #person")
    kept = await stored(bench, ticket)
    checkpoint, metadata = strict_serializer().loads_typed(("msgpack", kept))
    assert metadata["shape"] == SHAPE
    assert checkpoint["channel_values"]["handed_off"]


async def test_the_next_turn_goes_on_from_it(bench: Bench) -> None:
    """As from any other."""
    ticket = await bench.answer("How do I reset it?")
    bench.find()
    await bench.write(ticket, "And how do I change it?")
    again = await bench.run(await bench.ticket(ticket))
    assert (again.outcome, again.turn, bench.sent) == (Outcome.DELIVERED, 2, ["reply", "reply"])


async def test_an_older_worker_takes_the_next_turn(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It knows nothing of packed values, and needs none of them."""
    ticket = await bench.answer("How do I reset it?")
    bench.find()
    await bench.write(ticket, "And how do I change it?")
    monkeypatch.setattr(thread_saver, "expand", lambda found: found)
    monkeypatch.setattr(ThreadSaver, "end", lambda _self: None)
    again = await bench.run(await bench.ticket(ticket))
    assert (again.outcome, again.turn, bench.sent) == (Outcome.DELIVERED, 2, ["reply", "reply"])


async def test_an_older_worker_leaves_a_decision_on_it_to_newer_ones(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes what it finds for a state of a newer version."""
    ticket = await bench.answer("How do I reset it?")
    with monkeypatch.context() as older:
        older.setattr(thread_saver, "expand", lambda found: found)
        found = await bench.wiring.checkpoints.newest(ticket.id)
    assert found is not None
    assert dict(found.metadata)["shape"] == compact_threads.SHAPE > SHAPE


def test_any_checkpoint_comes_back() -> None:
    """Also an empty one, and one with values of every shape."""
    blank = {"v": 4, "id": "1", "ts": "", "versions_seen": {}, "updated_channels": None}
    for values in ({}, {"turn": 3, "text": "Grüße", "list": [{"a": 1, "b": None}], "bytes": b"x"}):
        versions = dict.fromkeys(values, 7)
        whole: Any = (blank | {"channel_values": values, "channel_versions": versions}, {"step": 4})
        assert expand(list(compact(*whole))) == whole
