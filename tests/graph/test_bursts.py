"""A few messages in a row are one turn: the run waits, and reads all that came meanwhile."""

from __future__ import annotations

from memory.storage.queue import workflow_id
from memory.tables import Outcome, Ticket
from tests.bench import Bench


async def standing(bench: Bench, ticket: Ticket) -> str:
    """How the engine's job of the ticket's run stands."""
    name = workflow_id(ticket.id, ticket.run)
    (job,) = await bench.wiring.queue.client.list_workflows_async(workflow_ids=[name])
    return str(job.status)


async def test_messages_of_a_burst_are_answered_together(bench: Bench) -> None:
    """One turn, one answer; the next burst is the next turn."""
    bench.wiring.queue = bench.wiring.queue.after(5)
    ticket = await bench.accept("How do I reset it?")
    assert await standing(bench, ticket) == "DELAYED"
    assert not await bench.write(ticket, "I mean the password.")
    assert not await bench.write(ticket, "Of my account.")
    ticket = await bench.run(ticket)
    assert (ticket.turn, ticket.outcome, bench.sent) == (1, Outcome.DELIVERED, ["reply"])
    assert await bench.write(ticket, "And how do I sign in?")
    ticket = await bench.ticket(ticket)
    assert await standing(bench, ticket) == "DELAYED"
    assert not await bench.write(ticket, "On the telephone.")
    ticket = await bench.run(ticket)
    assert (ticket.turn, bench.sent) == (2, ["reply", "reply"])


async def test_without_a_wait_a_run_may_begin_at_once(bench: Bench) -> None:
    """As it does where a system of the tenant's hands tickets in."""
    ticket = await bench.accept("How do I reset it?")
    assert await standing(bench, ticket) == "ENQUEUED"
    assert bench.wiring.queue.after(0).client is bench.wiring.queue.client
