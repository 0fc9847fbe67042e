"""An older version beside a newer one: it never goes on with a state that it may not understand."""

from __future__ import annotations

import hashlib
import json
from typing import Any, NotRequired, get_origin, get_type_hints, is_typeddict

import pytest

from graph import run
from graph import state as states
from graph.build import NODES
from graph.shape import SHAPE
from memory.tables import DecisionKind, Outcome, TicketStatus
from tests.bench import Bench, Broken

SHAPES = {1: "5e25984f71db7acf"}
"""What each number stands for. If this fails, either make the new key one that need not be there
(`NotRequired`), or raise `SHAPE`, read the shape before in the nodes, and add the digest here."""


def shape() -> str:
    """A digest of the nodes, and of every key that the state has, with its type."""
    parts = {name: one for name, one in vars(states).items() if is_typeddict(one)}
    keys = {name: _keys(one) for name, one in parts.items()}
    told = json.dumps([sorted(NODES), keys], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _keys(part: Any) -> dict[str, str]:
    """Told by the annotations: in strings, `NotRequired` is not seen by the class itself."""
    told = get_type_hints(part, vars(states), include_extras=True)
    plain = get_type_hints(part, vars(states))
    return {name: str(plain[name]) for name in told if get_origin(told[name]) is not NotRequired}


class WithMore(states.Decided):
    """A part with one more key that need not be there."""

    more: NotRequired[str]


class WithOther(states.Decided):
    """A part with one more key that is always there."""

    more: str


def test_only_keys_that_must_be_there_count() -> None:
    """The others change nothing of the number."""
    assert _keys(WithMore) == _keys(states.Decided)
    assert _keys(WithOther) != _keys(states.Decided)


def test_the_shape_has_a_number_of_its_own() -> None:
    """So that the version before knows that it cannot read what it has not seen."""
    assert SHAPES[SHAPE] == shape()
    assert max(SHAPES) == SHAPE


async def test_a_turn_of_a_newer_version_begins_anew(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nothing of it has left or been done."""
    ticket = await bench.accept("How do I reset it?")
    writer = Broken(bench.runtime.minds.writer, seconds=30, times=1)
    bench.think(writer=writer)
    with monkeypatch.context() as newer:
        newer.setattr(run, "SHAPE", SHAPE + 1)
        await bench.die(ticket, writer)
    ticket = await bench.run(ticket)
    assert (ticket.outcome, bench.sent) == (Outcome.DELIVERED, ["reply"])
    steps = [row.name for row in await bench.rows(ticket) if row.kind == "step"]
    assert steps.count("triage") == 2


async def test_a_turn_of_a_newer_version_that_has_done_something_is_left(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is settled or sent, and the newer version goes on with it."""
    ticket = await bench.accept("Reset it, please. #person")
    with monkeypatch.context() as newer:
        newer.setattr(run, "SHAPE", SHAPE + 1)
        ticket = await bench.run(ticket)
        assert ticket.status == TicketStatus.WAITING
    sent = list(bench.sent)
    await bench.decide(ticket, DecisionKind.REPLY, text="It is reset.")
    assert (await bench.run(ticket)).status == TicketStatus.RUNNING
    assert bench.sent == sent
    monkeypatch.setattr(run, "SHAPE", SHAPE + 1)
    ticket = await bench.run(ticket)
    assert (ticket.outcome, bench.sent) == (Outcome.ANSWERED_BY_PERSON, [*sent, "reply"])
