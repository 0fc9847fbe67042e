"""A channel to test against: another side in memory, and the way in to a ledger."""

from dataclasses import dataclass, field
from typing import Any

from typing_extensions import override

from api.channels.contract import Incoming, RateLimits, Sender
from api.channels.intake import Intake
from memory.tables import Message, Ticket
from memory.tickets import tickets
from tests.memory.ledgers import TENANT, Ledger
from tools.adapters.channels import ChannelSender, Left, Outgoing
from tools.faults import ToolFault

CHANNEL = "memo"
ANN = Sender("ann@example.com", "Ann Lee")


@dataclass
class OtherSide(ChannelSender):
    """`ChannelSender` of a side that keeps what it gets, and fails when it is told to."""

    got: list[Outgoing] = field(default_factory=list)
    before: list[ToolFault] = field(default_factory=list)
    """Raised one after the other before anything is taken."""
    after: list[ToolFault] = field(default_factory=list)
    """Raised one after the other once a message was taken."""
    blind: list[ToolFault] = field(default_factory=list)
    """Raised one after the other when it is asked what it has."""
    asked: int = 0

    @override
    async def send(self, message: Outgoing) -> Left:
        if self.before:
            raise self.before.pop(0)
        self.got.append(message)
        if self.after:
            raise self.after.pop(0)
        return Left()

    @override
    async def sent(self, message: Outgoing) -> Left | None:
        self.asked += 1
        if self.blind:
            raise self.blind.pop(0)
        has = any(one.foreign_id == message.foreign_id for one in self.got)
        return Left() if has else None

    @property
    def texts(self) -> list[str]:
        """What it got, in order."""
        return [one.text for one in self.got]


def intake_of(ledger: Ledger, **limits: Any) -> Intake:
    """The way in of the channel."""
    return Intake(
        ledger.database,
        ledger.queue,
        lambda: b"0123456789abcdef",
        TENANT,
        CHANNEL,
        RateLimits(**limits),
    )


def wrote(identity: str, text: str = "Where is my order?", **parts: Any) -> Incoming:
    """A message of a customer."""
    return Incoming(**{"id": identity, "text": text, "sender": ANN, **parts})


async def ticket_of(ledger: Ledger, ticket_id: str | None) -> Ticket:
    """The ticket as it stands."""
    async with ledger.database.reading() as session:
        return await tickets.get(session, TENANT, ticket_id or "")


async def said(ledger: Ledger, ticket_id: str | None) -> list[Message]:
    """Its conversation."""
    async with ledger.database.reading() as session:
        return await tickets.messages(session, ticket_id or "")
