"""The process dies after a node's result is stored and before the checkpoint that takes it in."""

from typing import Any

import pytest

from evals.stack.journal_gaps import gaps
from memory.storage import step
from memory.storage.thread_saver import ThreadSaver
from memory.tables import Outcome, TicketStatus
from tests.bench import Bench


class Dead(BaseException):
    """The process is gone."""


def die_at(part: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let the first checkpoint that holds `part` fail; the list is empty until it has."""
    put, died = ThreadSaver.aput, list[str]()

    async def dying(self: Any, config: Any, checkpoint: Any, metadata: Any, versions: Any) -> Any:
        if not died and checkpoint["channel_values"].get(part):
            died.append(part)
            raise Dead
        return await put(self, config, checkpoint, metadata, versions)

    monkeypatch.setattr(ThreadSaver, "aput", dying)
    return died


@pytest.mark.parametrize(
    "part",
    ["triaged", "planned", "gathered", "assessed", "drafted", "checked", "delivered", "remembered"],
)
async def test_an_answer_is_delivered_once(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    """The thread shows no next node there, and yet it has not ended."""
    died = die_at(part, monkeypatch)
    ticket = await bench.accept("How do I reset it?")
    with pytest.raises(Dead):
        await bench.run(ticket)
    ticket = await bench.run(ticket)
    assert (died, ticket.outcome, bench.sent) == ([part], Outcome.DELIVERED, ["reply"])
    assert gaps(await bench.rows(ticket)) == []


async def test_steps_that_touch_nothing_outside_share_a_commit(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The begin; the effect, which takes what was searched and drafted along; what was said; the end."""
    units, commits = bench.wiring.database.units, list[object]()
    write = units.write

    async def counted(unit: Any) -> Any:
        commits.append(unit)
        return await write(unit)

    monkeypatch.setattr(step, "WAITS_SECONDS", 600.0)
    ticket = await bench.accept("How do I reset it?")
    monkeypatch.setattr(units, "write", counted)
    assert await bench.driver.run(ticket.id, ticket.run) == "finished"
    assert (len(commits), bench.sent) == (4, ["reply"])


async def test_a_handoff_is_opened_once(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """And told once."""
    die_at("handed_off", monkeypatch)
    ticket = await bench.accept("How? #person")
    with pytest.raises(Dead):
        await bench.run(ticket)
    ticket = await bench.run(ticket)
    assert (ticket.status, bench.sent) == (TicketStatus.WAITING, ["notice"])
    assert [one.status for one in await bench.handoffs(ticket)] == ["open"]
    assert gaps(await bench.rows(ticket)) == []


@pytest.mark.parametrize("part", ["decided", "acted", "delivered"])
async def test_a_decision_is_carried_out_once(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    """Also where the resumed interrupt had its answer and the process died at once."""
    ticket = await bench.answer("How? #person")
    await bench.decide(ticket, "approve")
    die_at(part, monkeypatch)
    with pytest.raises(Dead):
        await bench.run(ticket)
    ticket = await bench.run(ticket)
    assert (ticket.outcome, bench.sent) == (Outcome.ANSWERED_BY_PERSON, ["notice", "reply"])
    assert gaps(await bench.rows(ticket)) == []
