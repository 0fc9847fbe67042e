"""What a customer hears of an action that a person refused."""

import pytest

from memory.fingerprints import fingerprint
from memory.handoffs import RefusalUntold
from memory.tables import Outcome
from tests.bench import Opened
from tests.graph.test_decisions import proposing, refund_tool


async def test_a_refusal_is_told_in_a_persons_words(open_bench: Opened) -> None:
    """The suggested reply answers as if nothing had been asked for, so it does not leave as it is."""
    async with open_bench(tools=[refund_tool()]) as bench:
        ticket = await proposing(bench)
        digest = fingerprint("refund", {"order_id": "A1"})
        with pytest.raises(RefusalUntold, match=r"what you refused \(refund\): edit it"):
            await bench.decide(ticket, "approve", refused=(digest,))
        ticket = await bench.settled_by(ticket, "reply", text="We cannot.", refused=(digest,))
        assert ticket.outcome == Outcome.ANSWERED_BY_PERSON
