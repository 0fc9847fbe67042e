"""How a message leaves by the channel that its ticket came by.

The graph's `deliver` is an effect like any other: here it ends with the message stored, under the
effect's key, in the outgoing rows of the channel (`ChannelPost`). The channel's own process sends
it from there (`ChannelSender`): a mail server may be away for hours, and no run waits for it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from typing_extensions import override

from memory.channels.door import OutgoingLedger
from tools.adapters.delivery import Post
from tools.contract import Json
from tools.faults import Rejected


class MovedOn(Rejected):
    """Somebody has written since: what was to be said is no longer an answer to it."""


@dataclass(frozen=True)
class Step:
    """How a conversation is to stand on the other side."""

    status: Literal["open", "waiting", "settled"]
    group: str | None = None
    """The team or group that it is given to, by its number there."""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Enclosure:
    """A file that leaves with a message."""

    name: str
    media_type: str
    """By its content."""
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Outgoing:
    """One message to a customer, as an adapter sends it."""

    key: str
    foreign_id: str
    """Follows from the key: the same each time it is sent."""
    ticket_id: str
    kind: str
    """reply | clarification | notice | code, and beside the conversation: note | step"""
    text: str
    place: Mapping[str, Any]
    """Where the conversation goes on, as the channel wrote it down when a message came."""
    citations: tuple[Mapping[str, str], ...] = ()
    to: str | None = None
    """Another address than the conversation's: a one-time code goes to the one on file."""
    since: datetime | None = None
    """When it was last begun to be sent."""
    after: str = ""
    """The other side's newest message that it answers; empty where it leaves whatever else was said."""
    step: Step | None = None
    """Of a message of kind `step`: how the conversation is to stand."""
    files: tuple[Enclosure, ...] = ()
    """What leaves with it; nothing while it is only asked after."""
    enclosed: int = 0
    """How many files leave with it."""
    by_person: bool = False
    """Whether a person wrote it or approved of it."""

    @property
    def said(self) -> str:
        """The text with the pages that the customer can open; our own articles' names help nobody.

        A page stands behind its title where the text lists that one, else below the text.
        """
        pages = [one for one in self.citations if one["source"].startswith(("https://", "http://"))]
        lines, more = self.text.split("\n"), list[str]()
        for page in pages:
            listed = (n for n, line in enumerate(lines) if _lists(line, page["title"]))
            if (at := next(listed, None)) is None:
                more.append(f"{page['title']}: {page['source']}")
            else:
                lines[at] += f": {page['source']}"
        return "\n".join([*lines, *([""] if more else []), *more])


def _lists(line: str, title: str) -> bool:
    """Whether a line is that of a source, such as "[1] Reset a password"."""
    mark, _, named = line.partition(" ")
    return named == title and mark.startswith("[") and mark.endswith("]")


@dataclass(frozen=True)
class Left:
    """The other side has the message."""

    receipt: Json = field(default_factory=dict)


class ChannelSender(Protocol):
    """The way out of one channel of one tenant. An adapter for each other side."""

    async def send(self, message: Outgoing) -> Left:
        """Send it: words to the customer, a private note, or how the conversation stands.

        A side that knows no notes or states does nothing for those. Raises `MovedOn` where the
        conversation has gone on behind `after`, and the message has certainly not left.
        Raises `ToolFault`: `certain` where it has not left, `retryable` where it may later. What
        is not certain is in doubt, and `sent` is asked before it is sent again.
        """
        ...

    async def sent(self, message: Outgoing) -> Left | None:
        """Whether the other side has it; None where it certainly has not.

        Raises `UnknownEffect` where it cannot be told, `retryable` ones where it may later.
        """
        ...


class ChannelPost(Post):
    """`Post` for a desk with channels: by the ticket's channel, by `otherwise` where it has none."""

    def __init__(self, rows: OutgoingLedger, domain: Callable[[], str], otherwise: Post) -> None:
        """`domain` says what stands behind the @ of the ids that we give our messages."""
        self._rows = rows
        self._domain = domain
        self._otherwise = otherwise
        self.honours_key = otherwise.honours_key
        self.calls_per_minute = otherwise.calls_per_minute
        self.kept = otherwise.kept

    @override
    async def send(self, message: Json, key: str) -> Json:
        """It is stored, and will leave."""
        channel = await self._rows.want(message, key, lambda: foreign_id(key, self._domain()))
        if channel is None:
            return await self._otherwise.send(message, key)
        return {"channel": channel}

    @override
    async def sent(self, key: str) -> Json | None:
        channel = await self._rows.wanted(key)
        if channel is not None:
            return {"channel": channel}
        # Nobody else knows of it: whoever was about to store it has died before.
        return None if await self._rows.expects(key) else await self._otherwise.sent(key)


def foreign_id(key: str, domain: str) -> str:
    """The id of our message on the other side, as a Message-ID; it tells nothing of the key."""
    return f"<dh.{hashlib.sha256(key.encode()).hexdigest()[:40]}@{domain}>"
