"""What a helpdesk is to us: conversations that can be read, written to and brought in step.

What differs between helpdesks stands in one file for each, behind `Helpdesk` and `HookRules`;
everything else (order, doubles, doubt, takeover) stands once, above them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

from tools.adapters.channels import Enclosure
from tools.contract import Json

Author = Literal["customer", "person", "own", "program"]
"""Who wrote: the customer, a colleague, we, or a program in the customer's name."""
Status = Literal["open", "waiting", "settled"]
"""As `tools.adapters.channels.Step` has it."""
CLOCKS = timedelta(minutes=5)
"""How far the clocks, and the order in which messages become visible, may be off."""


@dataclass(frozen=True)
class FileThere:
    """A file that stays where it is."""

    name: str
    media_type: str
    size: int
    """Bytes; 0 where the other side does not say."""
    link: str = ""
    """Where people can open it; empty where the other side does not say."""


@dataclass(frozen=True)
class Entry:
    """One message of a conversation there."""

    id: str
    """A number that grows within the conversation, as text."""
    author: Author
    text: str
    at: datetime
    public: bool = True
    """Whether the customer sees it."""
    name: str = ""
    address: str | None = None
    vouched_by: str | None = None
    """Who made sure that the author holds the address; None where the helpdesk does not say so."""
    marker: str = ""
    """Of ours: what we sent along with it."""
    files: tuple[FileThere, ...] = ()
    html: bool = False
    """Whether the text is HTML."""

    @property
    def said(self) -> bool:
        """Whether it moves the conversation on: somebody else's words that the customer sees."""
        return self.public and self.author in {"customer", "person"}


@dataclass(frozen=True)
class Conversation:
    """A conversation as it stands there."""

    ref: str
    """Its number there."""
    subject: str
    status: Status
    group: str
    """The inbox or group that it stands in, by its number."""
    entries: Sequence[Entry]
    """The oldest first; all since the moment that was asked for, if `whole`."""
    whole: bool = True
    reply: Mapping[str, Any] = field(default_factory=dict)
    """What the adapter needs for an answer."""

    @property
    def newest(self) -> str:
        """Id of the newest message of somebody else; empty where there is none."""
        return next((one.id for one in reversed(self.entries) if one.said), "")


@dataclass(frozen=True)
class Changes:
    """Conversations that changed since a cursor."""

    refs: tuple[str, ...]
    """The one that changed longest ago first."""
    cursor: Json
    """Where the next look begins, once these were read."""
    more: bool = False
    """Whether there are more to be had at once."""


class Helpdesk(Protocol):
    """One account there. Every call raises `ToolFault`."""

    async def who(self) -> str:
        """The name of the user that we are there; it shows that the token works."""
        ...

    async def begin(self) -> Json:
        """The cursor of now: only what changes from here on is told."""
        ...

    @property
    def clock(self) -> datetime:
        """What the other side's clock shows, as far as it has said."""
        ...

    async def changes(self, cursor: Json) -> Changes:
        """What changed since then. Some may come again; none is left out."""
        ...

    async def read(self, ref: str, since: datetime) -> Conversation | None:
        """The conversation with its messages since then; None where there is none."""
        ...

    async def write(
        self,
        conversation: Conversation,
        text: str,
        *,
        public: bool,
        marker: str,
        files: Sequence[Enclosure] = (),
    ) -> str:
        """Add a message with its files, and a marker by which `read` knows it again; its id.

        Raises `MovedOn` where the other side itself sees that the conversation has moved on.
        """
        ...

    async def assign(self, ref: str, group: str) -> None:
        """Give the conversation to a team or group there, by its number."""
        ...

    async def tag(self, ref: str, tags: Sequence[str]) -> None:
        """Add tags; those that are there stay."""
        ...

    async def set_status(self, ref: str, status: Status) -> None:
        """Say how it stands."""
        ...


class HookRules(Protocol):
    """How the other side's webhooks are told from anybody else's. Pure."""

    def genuine(self, headers: Mapping[str, str], body: bytes, secret: str, now: float) -> bool:
        """Whether it was signed with the secret, lately; `now` in seconds since 1970."""
        ...

    def ref(self, event: Json) -> str | None:
        """The conversation that an event is about; None where the event is of no interest."""
        ...


def number(found: Any) -> str | None:
    """A number of the other side's as text; None for anything that is not a number."""
    if isinstance(found, bool):
        return None
    text = str(found) if isinstance(found, int | str) else ""
    return text if text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS else None


MOST_DIGITS = 20
