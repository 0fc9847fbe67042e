"""What a channel is: the way in here, the way out in `tools/adapters/channels.py`.

A channel promises four things, whatever the other side does:

- **In once.** `Incoming.id` is the other side's id; `Intake.receive` stores a message once for it,
  in one transaction with the ticket and the cursor, and only then the other side is told so.
- **Out once.** What leaves is a row (`memory/channels/outgoing.py`) that is `intended`, committed,
  before the other side is called, and asked about (`ChannelSender.sent`) before it is sent again.
- **In order.** Of the messages of one ticket only the oldest that has not ended may leave.
- **Not over a person.** A colleague's answer on the other side (`kind="person"`) is a takeover
  here, and what has not left by then is withdrawn.

A helpdesk promises one thing more: the agent's words leave only while they answer the newest
message (`memory/channels/drafts.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from memory.tables import Arrival

Kind = Literal["message", "automatic", "bounce", "person", "closed", "own", "ignored"]
"""What came: words of a customer, a program's answer, a report of what did not arrive, a colleague's
answer on the other side, a colleague who closed the conversation there, a copy of ours, or nothing
that can be answered."""


@dataclass(frozen=True)
class Sender:
    """Who wrote, as the channel knows it; never taken from the text."""

    address: str | None = None
    name: str | None = None
    vouched_by: str | None = None
    """Who has made sure that the sender is the holder of the address, as in "DMARC mx.example";
    None where nobody did. Only then is a record of that address shown."""


@dataclass(frozen=True)
class Attachment:
    """A file that came with a message, and what could be read of it."""

    name: str
    media_type: str
    """By its content, not by its name."""
    size: int
    """Bytes."""
    text: str = ""
    """What it says, within bounds; empty where nothing could be read."""
    trouble: str = ""
    """Why nothing, or not all, could be read."""
    content: bytes | None = field(default=None, repr=False)
    """Its bytes; None where they stay on the other side, or were uploaded before."""
    link: str = ""
    """Where it is on the other side."""
    upload: str = ""
    """The id of an upload that this message takes."""


@dataclass(frozen=True)
class Incoming:
    """One message of the other side."""

    id: str
    """The other side's id: the same each time the same message comes."""
    text: str
    kind: Kind = "message"
    subject: str = ""
    sender: Sender = Sender()
    ref: str = ""
    """By what later messages refer to this one; the id where nothing is said."""
    refs: Sequence[str] = ()
    """What this one refers to: messages or a conversation, the nearest first."""
    ticket_id: str | None = None
    """From a tag of our own; it counts where the ticket is this channel's."""
    place: Mapping[str, Any] = field(default_factory=dict)
    """What an answer will need to get there, where the message begins a conversation."""
    moves: Mapping[str, Any] = field(default_factory=dict)
    """What changes of that where it goes on with one."""
    apart: bool = False
    """Whether answers go to the sender alone: what another address writes in a conversation is then
    a ticket of its own."""
    held_by: str = ""
    """The colleague who has the conversation on the other side: the agent stays out of it."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Those that tell automatic mail."""
    attachments: Sequence[Attachment] = ()
    note: str = ""
    """Why it is no message, in words for people."""


@dataclass(frozen=True)
class Received:
    """What became of a message."""

    became: Arrival
    ticket_id: str | None
    repeated: bool = False
    """It came before; nothing was done."""


class Later(Exception):
    """Nothing more is taken in for now: the message stays on the other side."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"try again in {seconds:g} s")
        self.seconds = seconds


class Receiver(Protocol):
    """Takes messages in; `api.channels.intake.Intake`."""

    async def receive(
        self, incoming: Incoming, cursor: tuple[str, Mapping[str, Any]] | None = None
    ) -> Received:
        """Store it once. `cursor` (part, position) moves in the same transaction.

        Raises `Later` where the tenant's queue is full, and `StorageUnavailable`.
        """
        ...


@dataclass(frozen=True)
class RateLimits:
    """How much a channel may do, whoever wants it."""

    sends_per_minute: int = 60
    answers_per_hour: int = 20
    """Messages of one sender within an hour after which the agent no longer answers that sender:
    two programs that answer each other stop here, whatever they say."""
    attempts: int = 20
    """Times that a message is tried; with the pauses between them, about two days. What is refused
    with all of ours does not count: see `LONGEST_REFUSED`."""
    at_once: int = 4
    """Conversations that are sent to at the same time."""


class Runs(Protocol):
    """A part of a channel that goes on until it is cancelled."""

    async def run(self) -> None:
        """Work; troubles are told, not raised."""
        ...
