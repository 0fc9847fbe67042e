"""The one way in: a message of another side becomes a ticket, or a message on one, exactly once.

All of it is one transaction: the row that knows the message again, the ticket or message with its
queue entry, where answers go, and how far the channel has read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from typing_extensions import override

from api.channels.colleagues import Colleagues
from api.channels.contract import Incoming, Later, RateLimits, Received, Receiver, Sender
from api.channels.files import keep_files, with_files
from memory import addresses, handoffs
from memory.channels import arrivals, drafts, outgoing, standing, states
from memory.channels.arrivals import Arrived
from memory.files.incoming import Room
from memory.storage.database import Database
from memory.storage.queue import Queue
from memory.tables import Arrival, ChannelMessage, Message, Ticket, now
from memory.tickets import intake, lifecycle, messages, tickets
from memory.tickets.intake import NewTicket
from memory.tickets.messages import BOUNCE, LOOP, OTHER
from memory.tickets.tickets import TicketUnknown
from memory.verification import answers

HOUR = timedelta(hours=1)
SAME_TEXTS = 3
"""Times that one sender may send the same text within an hour before a person looks at it."""
WAIT_SECONDS = 10.0
"""How long nothing is taken in where the tenant's queue is full."""
MOST_SUBJECT_CHARS = 500
_PASSED = {"own": Arrival.OWN, "ignored": Arrival.IGNORED}


@dataclass(frozen=True)
class _Taking:
    """One message while it is taken in."""

    session: AsyncSession
    key: bytes
    """The secret behind one-time codes."""
    incoming: Incoming
    row: ChannelMessage

    async def settle(
        self, became: Arrival, ticket: Ticket | None, seq: int | None = None, note: str = ""
    ) -> Received:
        """Write down what became of it."""
        ticket_id = None if ticket is None else ticket.id
        await arrivals.settle(
            self.session, self.row, became, ticket_id=ticket_id, seq=seq, note=note
        )
        return Received(became, ticket_id)


@dataclass(frozen=True)
class Intake(Receiver):
    """What one channel of one tenant takes in."""

    database: Database
    queue: Queue
    hmac_key: Callable[[], bytes]
    tenant: str
    channel: str
    limits: RateLimits = field(default_factory=RateLimits)
    max_text_chars: int = 100_000
    queue_depth: int = 2_000
    room: Room = field(default_factory=Room)
    """For files."""
    drops_drafts: bool = False
    """Whether what the agent has not begun to send is withdrawn if the customer writes on."""

    @override
    async def receive(
        self, incoming: Incoming, cursor: tuple[str, Mapping[str, Any]] | None = None
    ) -> Received:
        key = self.hmac_key()
        async with self.database.transaction() as session:
            row = await arrivals.note(session, self._arrived(incoming))
            if row is None:
                received = await self._before(session, incoming)
            else:
                await self._check_room(session)
                received = await self._taken(_Taking(session, key, incoming, row))
            if cursor is not None:
                part, position = cursor
                await states.move_cursor(session, self.tenant, self.channel, part, dict(position))
        return received

    def _arrived(self, incoming: Incoming) -> Arrived:
        address = incoming.sender.address
        return Arrived(
            self.tenant,
            self.channel,
            incoming.id,
            ref=incoming.ref,
            sender=None if address is None else addresses.canonical(address),
            digest=_digest(" ".join(incoming.text.split())),
        )

    async def _before(self, session: AsyncSession, incoming: Incoming) -> Received:
        known = await arrivals.known(session, self._arrived(incoming))
        assert known is not None
        return Received(Arrival(known.became), known.ticket_id, repeated=True)

    async def _check_room(self, session: AsyncSession) -> None:
        if (await tickets.load(session, self.tenant)).depth >= self.queue_depth:
            raise Later(WAIT_SECONDS)

    async def _taken(self, one: _Taking) -> Received:
        incoming, (ticket, beside) = one.incoming, await self._ticket_of(one)
        if (passed := _PASSED.get(incoming.kind)) is not None:
            return await one.settle(passed, ticket, note=incoming.note)
        settled = await (self._new(one, beside) if ticket is None else self._onto(one, ticket))
        await keep_files(one.session, one.row, one.incoming.attachments, self.room)
        return settled

    async def _onto(self, one: _Taking, ticket: Ticket) -> Received:
        """What comes on a ticket that is there."""
        match one.incoming.kind:
            case "person":
                return await self._of_colleague(one, ticket)
            case "automatic":
                note = one.incoming.note or one.incoming.text
                return await one.settle(Arrival.AUTOMATIC, ticket, note=note)
            case "bounce":
                return await self._bounced(one, ticket)
            case "closed":
                return await self._closed(one, ticket)
        return await self._added(one, ticket)

    async def _ticket_of(self, one: _Taking) -> tuple[Ticket | None, str | None]:
        """By what it refers to, else by our own tag; or what a new ticket of it stands beside."""
        session, incoming = one.session, one.incoming
        # A thread is named by its oldest message, which may come after the ones that answer it.
        refs, beside = [*incoming.refs, one.row.ref], None
        found = await arrivals.ticket_of(session, self.tenant, self.channel, refs)
        if found is None and incoming.ticket_id is not None:
            found = await arrivals.tagged(session, self.tenant, self.channel, incoming.ticket_id)
        if found is None:
            return None, None
        try:
            if incoming.apart:
                known = await tickets.get(session, self.tenant, found)
                address = incoming.sender.address
                found, beside = await arrivals.of_sender(session, known, address)
            if found is None:
                return None, beside
            return await lifecycle.hold(session, found, tenant=self.tenant), None
        except TicketUnknown:
            return None, None  # it was removed meanwhile

    async def _new(self, one: _Taking, beside: str | None) -> Received:
        incoming, sender = one.incoming, one.incoming.sender
        if incoming.kind in {"person", "closed"}:
            # A colleague wrote to a customer by themselves: there is nothing to answer.
            return await one.settle(Arrival.IGNORED, None, note="a colleague's own message")
        new = NewTicket(
            subject=incoming.subject[:MOST_SUBJECT_CHARS],
            text=self._text(incoming),
            kind=LOOP if await self._loops(one) else "message",
            customer_email=sender.address,
            customer_name=sender.name,
            headers=dict(incoming.headers),
            vouched_by=sender.vouched_by,
            channel=self.channel,
            beside=beside,
        )
        accepted = await intake.accept(
            one.session, self.queue, tenant=self.tenant, new=new, key=None, digest=""
        )
        ticket = accepted.ticket
        oldest = incoming.refs[-1] if incoming.refs else one.row.ref
        name = ticket.id if beside else oldest  # the oldest message is the first ticket's
        await arrivals.begin_thread(one.session, ticket, name, dict(incoming.place))
        if incoming.held_by:
            await self._colleagues(one).holds(ticket, incoming.held_by)
        return await one.settle(Arrival.TICKET, ticket, 1)

    async def _added(self, one: _Taking, ticket: Ticket) -> Received:
        other = _another(ticket, one.incoming.sender)
        kind = LOOP if await self._loops(one) else OTHER if other else None
        _vouch(ticket, one.incoming)
        one.session.add(ticket)
        if self.drops_drafts:
            await drafts.withdraw_drafts(one.session, ticket.id)
        message = await self._write(one, ticket, self._text(one.incoming), kind, other)
        await self._move(one, ticket)
        if ticket.vouched_by and (place := one.incoming.place).get("to"):
            # Somebody else may have let the answers go elsewhere, in the customer's name.
            await arrivals.move_thread(one.session, ticket.id, {"to": place["to"]})
        if one.incoming.held_by:
            await self._colleagues(one).holds(ticket, one.incoming.held_by)
        return await one.settle(Arrival.MESSAGE, ticket, message.seq)

    @staticmethod
    async def _move(one: _Taking, ticket: Ticket) -> None:
        if one.incoming.moves:
            await arrivals.move_thread(one.session, ticket.id, dict(one.incoming.moves))

    async def _bounced(self, one: _Taking, ticket: Ticket) -> Received:
        """Our message did not arrive: a person must see that, once."""
        session, incoming = one.session, one.incoming
        ours = await outgoing.by_foreign_id(session, self.tenant, self.channel, incoming.refs)
        if not incoming.refs:  # it names the ticket by our tag and nothing else
            ours = await standing.newest_sent(session, ticket.id)
        seq = None
        if ours is not None and await outgoing.bounced(session, ours, incoming.note):
            seq = (await self._write(one, ticket, incoming.note, BOUNCE)).seq
        return await one.settle(Arrival.BOUNCE, ticket, seq, incoming.note)

    async def _write(
        self, one: _Taking, ticket: Ticket, text: str, kind: str | None, author: str | None = None
    ) -> Message:
        """The customer's next message, with every one-time code weighed and taken out."""
        got = await answers.received(one.session, one.key, ticket, text)
        added = await intake.add_message(
            one.session,
            self.queue,
            tenant=self.tenant,
            ticket_id=ticket.id,
            text=got.text,
            kind=kind or got.kind,
            author=author,
            key=f"{self.channel}:{one.row.id}",
            digest="",
        )
        await handoffs.customer_wrote(one.session, added)
        return added.message

    async def _of_colleague(self, one: _Taking, ticket: Ticket) -> Received:
        """Somebody answered on the other side: the agent lets go, and what is theirs is shown."""
        session, sender = one.session, one.incoming.sender
        who = sender.name or sender.address or "a colleague"
        await outgoing.withdraw(session, ticket.id)
        await self._move(one, ticket)
        await self._colleagues(one).answered(ticket, who)
        message = await messages.append(
            session,
            await lifecycle.hold(session, ticket.id, tenant=self.tenant),
            role="person",
            kind="reply",
            text=self._text(one.incoming),
            author=who,
            key=f"{self.channel}:{one.row.id}",
        )
        return await one.settle(Arrival.PERSON, ticket, message.seq)

    async def _closed(self, one: _Taking, ticket: Ticket) -> Received:
        """A colleague closed the conversation there."""
        await self._move(one, ticket)
        await self._colleagues(one).closed(ticket)
        return await one.settle(Arrival.IGNORED, ticket, note="a colleague closed it")

    def _colleagues(self, one: _Taking) -> Colleagues:
        return Colleagues(one.session, self.queue, self.tenant, self.channel)

    async def _loops(self, one: _Taking) -> bool:
        """Whether this sender writes as a program would: too often, or the same again and again."""
        if one.row.sender is None:
            return False
        sent = await arrivals.since(one.session, one.row, now() - HOUR)
        return sent.count > self.limits.answers_per_hour or sent.same >= SAME_TEXTS

    def _text(self, incoming: Incoming) -> str:
        return with_files(incoming.text, incoming.attachments, self.max_text_chars)


def _vouch(ticket: Ticket, incoming: Incoming) -> None:
    """A ticket is only as sure of its sender as its newest message is."""
    same = addresses.same(ticket.customer_email, incoming.sender.address)
    ticket.vouched_by = incoming.sender.vouched_by if same else None


def _another(ticket: Ticket, sender: Sender) -> str | None:
    """Who wrote, where that is certainly not the ticket's customer."""
    known = bool(ticket.customer_email and sender.address)
    if not known or addresses.same(ticket.customer_email, sender.address):
        return None
    return f"{sender.name} <{sender.address}>" if sender.name else sender.address


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:32]
