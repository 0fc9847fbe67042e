"""Answers go to the customer who is vouched for, whoever began the conversation in their name."""

from dataclasses import replace
from typing import Any

from api.channels.contract import Sender
from memory.tables import ChannelThread
from tests.channels import ANN, intake_of, wrote
from tests.memory.ledgers import Ledger


async def test_answers_to_a_vouched_customer_go_to_nobody_else(ledger: Ledger) -> None:
    """Also where somebody began the conversation in their name, and let answers go elsewhere."""
    intake, sure = intake_of(ledger), replace(ANN, vouched_by="DMARC mx.example")
    there, moves = {"to": ANN.address}, {"last": "m"}
    first = await intake.receive(wrote("m1", ref="m1", place={"to": "eve@example.net"}))
    more = {"refs": ["m1"], "moves": moves}
    await intake.receive(wrote("m2", "x", place={"to": "eve@example.com"}, **more))
    assert (await place_of(ledger, first.ticket_id))["to"] == "eve@example.net"
    await intake.receive(wrote("m3", "y", sender=sure, place=there, **more))
    assert (await place_of(ledger, first.ticket_id))["to"] == ANN.address
    desk = Sender("desk@example.org", vouched_by="DMARC mx.example")
    told = wrote("m4", "z", sender=desk, kind="person", place={"to": desk.address}, **more)
    await intake.receive(told)
    assert (await place_of(ledger, first.ticket_id))["to"] == ANN.address


async def place_of(ledger: Ledger, ticket_id: str | None) -> dict[str, Any]:
    """Where a ticket's answers go."""
    async with ledger.database.reading() as session:
        return (await session.get_one(ChannelThread, ticket_id)).place
