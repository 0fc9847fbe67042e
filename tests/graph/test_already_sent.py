"""The run's time ends between the reply's way out and its checkpoint."""

import asyncio
from typing import Any

import pytest
from typing_extensions import override

from evals.stack.journal_gaps import gaps
from graph.ledger import TicketLedger
from memory.journal.codes import Reason
from memory.tables import EffectStatus, Outcome, TicketStatus
from memory.tickets.messages import Said
from tests.bench import Opened
from tests.graph.run_time import noted
from tools.adapters.fakes import ListedPost
from tools.faults import TimedOut


def hang_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the run's time end at the first record of a sent reply, which goes on for longer."""
    time = noted(monkeypatch)
    sent, hung = TicketLedger.sent, list[str]()

    async def slow(self: TicketLedger, said: Said) -> None:
        if said.kind == "reply" and not hung:
            hung.append(said.key)
            time.end()
            await asyncio.sleep(30)
        await sent(self, said)

    monkeypatch.setattr(TicketLedger, "sent", slow)


class Silent(ListedPost):
    """Lets a reply go and never confirms it."""

    honours_key = False

    @override
    async def send(self, message: dict[str, Any], key: str) -> dict[str, Any]:
        answer = await super().send(message, key)
        if message["kind"] == "reply":
            raise TimedOut("no answer")
        return answer

    @override
    async def sent(self, key: str) -> dict[str, Any] | None:
        """Cannot tell."""
        raise TimedOut("no answer")


async def test_a_reply_that_has_left_ends_the_turn(
    open_bench: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No handoff: the customer has the reply, it is in the conversation, and once."""
    hang_once(monkeypatch)
    async with open_bench() as bench:
        ticket = await bench.answer("How do I reset it?")
        assert (ticket.status, ticket.outcome) == (TicketStatus.SETTLED, Outcome.DELIVERED)
        assert (bench.sent, await bench.handoffs(ticket)) == (["reply"], [])
        assert await bench.said(ticket) == ["reply by agent"]
        assert gaps(await bench.rows(ticket)) == []


async def test_a_persons_reply_that_has_left_ends_the_turn_too(
    open_bench: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the person's name."""
    async with open_bench() as bench:
        ticket = await bench.answer("How? #person")
        hang_once(monkeypatch)
        ticket = await bench.settled_by(ticket, "reply", text="Press it twice.")
        assert ticket.outcome == Outcome.ANSWERED_BY_PERSON
        assert bench.sent == ["notice", "reply"]
        assert await bench.said(ticket) == ["notice by agent", "reply by person"]
        assert len(await bench.handoffs(ticket)) == 1


async def test_a_reply_in_doubt_goes_to_a_person_who_is_told(open_bench: Opened) -> None:
    """Whoever answers must know that the customer may have this text already."""
    async with open_bench(post=Silent()) as bench:
        ticket = await bench.answer("How do I reset it?")
        handoff = await bench.handoff(ticket)
        assert ticket.reason == Reason.DELIVERY_FAILED
        assert handoff.story["reply_sent"] == EffectStatus.UNKNOWN
        assert "may already have this reply" in handoff.explanation
        assert bench.sent.count("reply") == 1


async def test_a_person_who_takes_a_sent_reply_over_is_told_so(
    open_bench: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where recording it fails for good, approving the same text sends nothing again."""
    sent = TicketLedger.sent

    async def broken(self: TicketLedger, said: Said) -> None:
        if said.kind == "reply" and said.role == "agent":
            raise ValueError("no room")
        await sent(self, said)

    monkeypatch.setattr(TicketLedger, "sent", broken)
    async with open_bench() as bench:
        ticket = await bench.answer("How do I reset it?")
        handoff = await bench.handoff(ticket)
        assert handoff.story["reply_sent"] == EffectStatus.DONE
        assert "The customer already has this reply." in handoff.explanation
        ticket = await bench.settled_by(ticket, "approve")
        assert ticket.outcome == Outcome.ANSWERED_BY_PERSON
        assert bench.sent.count("reply") == 1
