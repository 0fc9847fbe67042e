"""What a node may use besides the state. It is handed over anew on each drive, never stored."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, Self

from graph.desk.model import Desk
from graph.minds.contract import Minds
from graph.state import TicketState
from memory.autonomy import BY_ITSELF, Autonomy
from memory.journal.codes import Limit, Reason
from memory.journal.events import Event, StepRan
from memory.tables import Handoff, Memory, Ticket
from memory.tickets.messages import Said
from memory.verification.challenges import Verification
from tools.contract import CallContext, Gateway


class NodeFault(Exception):
    """A node cannot do its work, and trying again would not help: a person takes over."""

    def __init__(self, reason: Reason, detail: str, limit: Limit | None = None) -> None:
        super().__init__(detail)
        self.reason = reason
        self.limit = limit


class Ledger(Protocol):
    """The node's door to memory, bound to one ticket, turn and epoch.

    Each method is one transaction and raises `Fenced` when a newer drive owns the ticket.
    """

    async def record(self, events: Sequence[Event]) -> None:
        """Append rows to the journal."""
        ...

    async def open_handoff(self, handoff: Handoff) -> Handoff:
        """Store the handoff once; the stored one comes back."""
        ...

    async def owe(self, handoff: Handoff, text: str) -> None:
        """Have the customer told, once and as soon as it can be, that a person has the ticket."""
        ...

    async def sent(self, said: Said) -> None:
        """Add what was sent to the conversation, once a key."""
        ...

    async def earlier_handoffs(self, email: str | None) -> int:
        """How often this customer's other tickets needed a person in the last days."""
        ...

    async def effect(self, key: str) -> str | None:
        """What is known of an effect (see `EffectStatus`); None where it was never begun."""
        ...

    async def remember(self, memory: Memory, email: str | None) -> None:
        """Store a memory once, under a digest of the customer's address, and make it findable."""
        ...

    async def similar(self, text: str, limit: int) -> list[dict[str, Any]]:
        """Settled tickets like this one: [{"ticket_id", "question", "answer", "score"}]."""
        ...


@dataclass(frozen=True)
class Sender:
    """Who wrote the ticket. Personal data: it stays out of state and journal."""

    email: str | None = None
    name: str | None = None
    vouched: bool = False
    """Whether a key that may do so said that the address is the sender's."""

    @classmethod
    def of(cls, ticket: Ticket) -> Self:
        """The sender of a stored ticket."""
        vouched = ticket.vouched_by is not None
        return cls(ticket.customer_email, ticket.customer_name, vouched)


@dataclass
class Drive:
    """What is known of the present drive; the only part of the context that changes."""

    cause: str
    """Why it was started: a `RunCause`, or what a worker does beside the runs."""
    resumed: bool
    """Whether it goes on from a checkpoint, so that its first step is a resume."""
    started: bool = False
    """Whether a step of this drive has been journalled."""
    mark: Callable[[str], None] = lambda _node: None
    """Told of each step before it begins, in case the process does not survive it."""


@dataclass(frozen=True)
class TicketContext:
    """The parts of one drive of one ticket."""

    ticket_id: str
    tenant: str
    turn: int
    epoch: int
    desk: Desk
    minds: Minds
    gateway: Gateway
    ledger: Ledger
    sender: Sender
    drive: Drive
    answer_threshold: float
    identity: Verification | None = None
    """One-time codes, where the desk has them."""
    autonomy: Autonomy = BY_ITSELF
    """How far the agent may go by itself with this ticket, as it was when the drive began."""
    autonomy_now: Callable[[], Awaitable[Autonomy]] | None = None
    """Looks that up again; None where nothing can have changed."""
    threshold_source: str = ""
    """Where `answer_threshold` comes from, in words; empty where nobody said."""

    async def as_it_is_now(self) -> Self:
        """The same with the level in force at this moment: nothing leaves by itself under an older one."""
        if self.autonomy_now is None:
            return self
        return replace(self, autonomy=await self.autonomy_now())

    def caller(self, intent: str | None = None, approved: Sequence[str] = ()) -> CallContext:
        """On whose behalf tools are called. Nothing of it is taken from the customer's text."""
        return {
            "tenant": self.tenant,
            "ticket_id": self.ticket_id,
            "turn": self.turn,
            "epoch": self.epoch,
            "intent": intent,
            "customer": self.sender.email if self.sender.vouched else None,
            "approved": list(approved),
        }


@dataclass(frozen=True)
class NodeResult:
    """What a node gives back: its named part of the state, and what the journal should say."""

    update: TicketState
    ran: StepRan
    events: Sequence[Event] = ()
    """Further rows: the decisions taken inside the node, with the numbers behind them."""
