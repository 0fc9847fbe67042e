"""A conversation with each helpdesk, over HTTP and real processes: signed webhooks in, replies there."""

from pathlib import Path

from evals.channels.sides import SIDES
from evals.channels.storm import Plan, storm
from memory.channels.outgoing import HELPDESKS


async def test_conversations_of_each_helpdesk_are_answered_there_once(tmp_path: Path) -> None:
    """One of two is taken over while its answer is written, a message comes twice; nothing dies."""
    found = await storm(tmp_path, [SIDES[name]() for name in HELPDESKS], Plan(4, 0))
    assert set(found) == set(HELPDESKS)
    for one in found.values():
        assert one.verdict.words == []
        assert (one.messages, one.takeovers) == (4, 1)
        assert one.faults["a webhook answered 200"] > 0
