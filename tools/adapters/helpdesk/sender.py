"""The way out by a helpdesk: replies, private notes, and conversations brought in step.

A helpdesk keeps what it is sent, so doubt is decided by looking: each of our messages carries a
marker, and whoever finds one in doubt looks for it in the conversation. Where the other side drops
markers, our own user's same words since then count.
"""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from typing_extensions import override

from memory.channels.outgoing import NOTE, STEP
from memory.tables import now
from tools.adapters.channels import ChannelSender, Left, MovedOn, Outgoing
from tools.adapters.helpdesk.client import FILE_SECONDS
from tools.adapters.helpdesk.contract import CLOCKS, Conversation, Entry, Helpdesk
from tools.adapters.helpdesk.reading import moment
from tools.faults import (
    Forbidden,
    NotLetIn,
    Rejected,
    SchemaChanged,
    ServiceError,
    ToolFault,
    UnknownEffect,
)

IN_FLIGHT_SECONDS = 30.0
"""Longer than a call may take."""
LOOK_AGAIN_SECONDS = 2.0
T = TypeVar("T")


@dataclass(frozen=True)
class HelpdeskSender(ChannelSender):
    """Sends by one account of a helpdesk."""

    desk: Helpdesk
    in_flight_seconds: float = IN_FLIGHT_SECONDS
    """How long a request may be carried out after whoever sent it has given up or died."""
    file_seconds: float = FILE_SECONDS
    """How much longer for each file that leaves with it."""

    @override
    async def send(self, message: Outgoing) -> Left:
        return await self._let_in(self._send(message))

    async def _let_in(self, call: Awaitable[T]) -> T:
        """Tell a call that we may not make from a token that is good for nothing. Raises `NotLetIn`.

        Neither status says it alone: Chatwoot has 401 for a conversation that its user may not see.
        """
        try:
            return await call
        except (Forbidden, NotLetIn) as fault:
            try:
                await self.desk.who()
            except Forbidden as ours:
                raise NotLetIn("the token is refused (403): make a new one") from ours
            if isinstance(fault, Forbidden):
                raise
            raise ServiceError("it does not let our user do that (401)", certain=True) from fault

    async def _send(self, message: Outgoing) -> Left:
        if message.kind == STEP:
            return await self._step(message)
        conversation = await self._read(message)
        if message.after and _moved(conversation, message.after):
            raise MovedOn("somebody has written since")
        made = await self.desk.write(
            conversation,
            message.said,
            public=message.kind != NOTE,
            marker=_marker(message),
            files=message.files,
        )
        return Left({"id": made})

    @override
    async def sent(self, message: Outgoing) -> Left | None:
        """A step can be taken twice, so nobody asks after it."""
        if message.kind == STEP:
            return None
        return await self._let_in(self._found(message))

    async def _found(self, message: Outgoing) -> Left | None:
        conversation = await self._read(message)
        for one in conversation.entries:
            if one.marker == _marker(message) or _same(one, message):
                return Left({"id": one.id})
        if not conversation.whole:
            raise UnknownEffect("the conversation is too long to be looked through")
        begun = message.since or now()
        longest = self.in_flight_seconds + self.file_seconds * message.enclosed
        if (now() - begun).total_seconds() < longest:
            msg = "it may still be on its way"
            raise ServiceError(msg, retry_after=LOOK_AGAIN_SECONDS)
        return None

    async def _read(self, message: Outgoing) -> Conversation:
        """The conversation as it stands. Raises `ToolFault`, always certain: nothing was written."""
        try:
            found = await self.desk.read(_ref(message), _since(message))
        except ToolFault as fault:
            fault.certain = True
            # An answer in another form, as a proxy's page, says nothing of the message.
            fault.retryable = fault.retryable or isinstance(fault, SchemaChanged)
            raise
        if found is None:
            raise Rejected("the conversation is gone")
        return found

    async def _step(self, message: Outgoing) -> Left:
        """Bring the conversation in step; one that moves on meanwhile is open, not settled."""
        step, ref = message.step, _ref(message)
        if step is None:
            return Left()
        if step.tags:
            await self.desk.tag(ref, step.tags)
        if step.group is not None:
            await self.desk.assign(ref, step.group)
        if step.status == "open":
            await self.desk.set_status(ref, "open")
            return Left()
        if not _moved(await self._read(message), message.after):
            await self.desk.set_status(ref, step.status)
            if _moved(await self._read(message), message.after):
                await self.desk.set_status(ref, "open")
        return Left()


def _moved(conversation: Conversation, after: str) -> bool:
    """Whether somebody else has written since the message `after`."""
    newest = conversation.newest
    return bool(newest) and int(newest) > int(after or 0)


def _same(one: Entry, message: Outgoing) -> bool:
    """By the order there where it answers something: clocks differ, and words may come again soon."""
    if message.after:
        later = int(one.id) > int(message.after)
    else:
        later = message.since is not None and one.at >= message.since - CLOCKS
    return (
        one.author == "own"
        and not one.marker
        and one.public == (message.kind != NOTE)
        and later
        and _signs(message.said) in _signs(one.text)
    )


def _signs(text: str) -> str:
    """Letters and digits alone: whatever the other side made of the layout, and wrote below it."""
    return "".join(sign for sign in text if sign.isalnum())


def _since(message: Outgoing) -> datetime:
    """From where on the conversation is looked through: what we have not taken in, and our own."""
    taken = moment(message.place.get("at", ""))
    return min(message.since or now(), taken) - CLOCKS


def _ref(message: Outgoing) -> str:
    return str(message.place.get("ref", ""))


def _marker(message: Outgoing) -> str:
    return message.foreign_id.strip("<>")
