"""A finished ticket runs again on its recording: the same desk gives the same path, nothing leaves."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from api.cli.replay import ending
from api.rerun.recording import NotReplayable, Recording, read_state, recording
from api.rerun.run import Replay, parting, replay
from graph.desk.model import Desk, Thresholds
from graph.minds.contract import Minds
from graph.minds.local.planning.arguments import step_of
from graph.minds.scripted import scripted_minds
from memory.journal import codec
from memory.journal.events import CheckRan
from memory.tables import Ticket
from tests.bench import PASSAGE, Bench, opened
from tests.graph.minded import ORDER, REFUND, Knows, Plans
from tools.adapters.fakes import ScriptedTool

QUESTION = "How do I reset my password?"
MAIL = "ann@example.com"


def nobody() -> Minds | None:
    """No local minds: whatever is not recorded fails."""
    return None


def order(arguments: dict[str, Any]) -> dict[str, Any]:
    """An order of the sender's."""
    return {"order_id": arguments["order_id"], "status": "on its way", "email": MAIL}


@pytest.fixture
async def bench(tmp_path: Path, template: Path) -> AsyncIterator[Bench]:
    """One tool that reads, one that writes."""
    tools = [ScriptedTool(ORDER, order), ScriptedTool(REFUND, lambda _: {"done": True})]
    async with opened(tmp_path / "home", template, tools=tools) as found:
        yield found


def step(tool: str, kind: Any) -> Any:
    """A step of the plan."""
    ask: Any = {"id": "a1"}
    return step_of(ask, kind, tool, {"order_id": "A1"}, "planned")


async def recorded(bench: Bench, ticket: Ticket) -> Recording:
    """What is known of the ticket afterwards."""
    state = await read_state(bench.wiring.checkpoints, ticket.id)
    return recording(state, codec.records(await bench.rows(ticket)))


async def again(
    bench: Bench,
    ticket: Ticket,
    *,
    desk: Desk | None = None,
    threshold: float | None = None,
    live: Callable[[], Minds | None] = nobody,
) -> Replay:
    """The ticket's replay."""
    kept = await recorded(bench, ticket)
    return await replay(ticket, kept, desk or bench.runtime.desk, live, threshold)


@pytest.mark.parametrize("text", [QUESTION, f"{QUESTION} #person", f"{QUESTION} #unsure"])
async def test_the_same_desk_gives_the_same_path(bench: Bench, text: str) -> None:
    """Answered, handed off, asked back: step by step, with nothing decided anew."""
    ticket = await bench.answer(text)
    found = await again(bench, ticket)
    assert found.same, [(pair.then, pair.now) for pair in found.pairs]
    assert parting(found) == ["The path is the same as it was."]
    assert found.decided_anew == {}


async def test_another_threshold_parts_the_paths(bench: Bench) -> None:
    """Where, with which numbers, and what would come of it."""
    ticket = await bench.answer(f"{QUESTION} #person")
    found = await again(bench, ticket, threshold=0.05, live=scripted_minds)
    assert found.first is not None
    assert found.first.then is not None
    assert found.first.now is not None
    assert (found.first.then.words, found.first.now.words) == ("assess: replan", "assess: draft")
    assert parting(found) == [
        (
            "Then: The ask a1 is not supported by its evidence: 0.20 is under 0.60, from reset."
            " Decided to look again with another plan."
        ),
        (
            "Now: The ask a1 is supported by its evidence: 0.20 is above 0.05, from reset. Decided to"
            " write a reply."
        ),
    ]
    assert "It would be answered from reset. Nothing was sent." in ending(found)


async def test_a_search_that_was_never_made_is_not_made_up(bench: Bench) -> None:
    """The path ends in a guess, and says so."""
    ticket = await bench.answer(QUESTION)
    bench.knowledge.queries.clear()
    found = await again(bench, ticket, threshold=0.99, live=scripted_minds)
    assert found.unknown == ()  # the scripted plan is the same search, whose answer is known
    assert found.rest.reason == "low_confidence"
    assert bench.knowledge.queries == []


async def test_no_effect_is_performed_and_nothing_is_written(bench: Bench) -> None:
    """Neither a message nor a call, a row, a handoff or a checkpoint."""
    bench.think(classifier=Knows(), planner=Plans([[step("lookup_order", "tool")]]))
    ticket = await bench.answer("Where is A1?", customer_email=MAIL)
    assert (await bench.ticket(ticket)).outcome == "delivered"
    before = (await bench.rows(ticket), len(bench.post.messages), len(await bench.effects(ticket)))
    written = await bench.wiring.checkpoints.newest(ticket.id)
    found = await again(bench, ticket)
    assert found.same
    assert found.sources == ["lookup_order"]
    after = (await bench.rows(ticket), len(bench.post.messages), len(await bench.effects(ticket)))
    assert [row.seq for row in after[0]] == [row.seq for row in before[0]]
    assert after[1:] == before[1:]
    assert len(bench.tools["lookup_order"].calls) == 1
    assert written is not None
    assert await bench.wiring.checkpoints.newest(ticket.id) == written


async def test_another_desk_may_forbid_a_tool(bench: Bench) -> None:
    """The recorded answer of a tool is not for an intent that may no longer use it."""
    bench.think(classifier=Knows(), planner=Plans([[step("lookup_order", "tool")]]))
    ticket = await bench.answer("Where is A1?", customer_email=MAIL)
    desk = bench.runtime.desk
    [intent] = desk.intents
    bare = desk.model_copy(update={"intents": (intent.model_copy(update={"tools": ()}),)})
    found = await again(bench, ticket, desk=bare)
    assert found.rest.reason == "tool_failed"
    assert found.first is not None
    assert found.first.now is not None
    assert found.first.now.words == "gather (lookup_order: refused)"


async def test_another_desk_may_give_an_intent_to_people(bench: Bench) -> None:
    """The paths part at triage."""
    bench.think(classifier=Knows())
    ticket = await bench.answer(QUESTION)
    desk = bench.runtime.desk
    [intent] = desk.intents
    strict = desk.model_copy(
        update={"intents": (intent.model_copy(update={"handling": "person"}),)}
    )
    found = await again(bench, ticket, desk=strict)
    assert found.rest.reason == "always_person"
    assert ending(found)[-1] == (
        "It would be with a person, since the desk's policy gives this intent to a person."
    )


async def test_a_proposed_action_is_proposed_again(bench: Bench) -> None:
    """And a person's decision is no part of the replay."""
    bench.think(classifier=Knows(), planner=Plans([[step("refund", "action")]]))
    ticket = await bench.answer("Refund A1", customer_email=MAIL)
    [action] = (await bench.handoff(ticket)).story["actions"]
    ticket = await bench.settled_by(
        ticket, "reply", text="Done, it is paid back.", actions=[action["fingerprint"]]
    )
    found = await again(bench, ticket)
    assert found.same
    assert found.rest.reason == "needs_approval"
    assert len(bench.tools["refund"].calls) == 1


async def test_a_stricter_grounding_stops_the_recorded_draft(bench: Bench) -> None:
    """The checks are run anew on what was measured then."""
    ticket = await bench.answer(QUESTION)
    kept = await recorded(bench, ticket)
    assert PASSAGE in (kept.state["drafted"] or {"text": ""})["text"]
    weak = [
        replace(one, event=replace(one.event, lowest_grounding=0.7))
        if isinstance(one.event, CheckRan)
        else one
        for one in kept.records
    ]
    desk = bench.runtime.desk.model_copy(update={"thresholds": Thresholds(grounding=0.8)})
    found = await replay(ticket, replace(kept, records=weak), desk, nobody)
    assert found.rest.reason == "check_failed"


async def test_what_cannot_be_replayed_is_refused_with_its_reason(bench: Bench) -> None:
    """Checkpoints that are gone, and a turn whose first part a person's return has reset."""
    with pytest.raises(NotReplayable, match="are gone"):
        await read_state(bench.wiring.checkpoints, "tkt_none")
    ticket = await bench.answer(f"{QUESTION} #person")
    with pytest.raises(NotReplayable, match="are gone"):
        await read_state(bench.wiring.checkpoints, "tkt_none")
    await bench.settled_by(ticket, "return", guidance="look under sign in")
    with pytest.raises(NotReplayable, match="gave this turn back"):
        await recorded(bench, ticket)


async def test_the_newest_turn_is_replayed(bench: Bench) -> None:
    """The conversation before it is what it was."""
    ticket = await bench.answer(QUESTION)
    await bench.write(ticket, "And by telephone?")
    ticket = await bench.run(ticket)
    kept = await recorded(bench, ticket)
    assert {one.turn for one in kept.records} == {2}
    assert (await again(bench, ticket)).same
