"""An older version beside a newer one: it never goes on with a state that it may not understand."""

import hashlib
import json
from typing import Any, NotRequired, get_args, get_origin, get_type_hints, is_typeddict

import pytest

from graph import run
from graph.build import NODES
from graph.checkpoint_shape import SHAPE
from graph.state import Decided, TicketState
from memory.tables import DecisionKind, Outcome, TicketStatus
from tests.bench import Bench
from tests.broken import Broken

SHAPES = {1: "9fe1a1d0d0f4332c"}
"""What each number stands for. If this fails, either make the new key one that need not be there
(`NotRequired`), or raise `SHAPE`, read the shape before in the nodes, and add the digest here."""


def shape() -> str:
    """A digest of the nodes, and of every key that the state has, with its type; not of their files."""
    parts: dict[str, dict[str, str]] = {}
    waiting: list[Any] = [TicketState]
    while waiting:
        part = waiting.pop()
        if part.__name__ not in parts:
            parts[part.__name__] = _keys(part)
            waiting += [one for hint in get_type_hints(part).values() for one in _inside(hint)]
    told = json.dumps([sorted(NODES), parts], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _keys(part: Any) -> dict[str, str]:
    """Told by the annotations: in strings, `NotRequired` is not seen by the class itself."""
    told, plain = get_type_hints(part, include_extras=True), get_type_hints(part)
    must = [name for name in told if get_origin(told[name]) is not NotRequired]
    return {name: _text(plain[name]) for name in must}


def _inside(hint: Any) -> list[Any]:
    """The parts of the state that a type names."""
    named = [] if not is_typeddict(hint) else [hint]
    return named + [one for inner in get_args(hint) for one in _inside(inner)]


def _text(hint: Any) -> str:
    text = str(hint)
    for one in _inside(hint):
        text = text.replace(f"{one.__module__}.{one.__name__}", one.__name__)
    return text


class WithMore(Decided):
    """A part with one more key that need not be there."""

    more: NotRequired[str]


class WithOther(Decided):
    """A part with one more key that is always there."""

    more: str


def test_only_keys_that_must_be_there_count() -> None:
    """The others change nothing of the number."""
    assert _keys(WithMore) == _keys(Decided)
    assert _keys(WithOther) != _keys(Decided)


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
