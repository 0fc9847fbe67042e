"""What a customer writes while a code is awaited: each number that may be one is weighed.

Of any number of answers at once one can verify, and no more wrong ones are weighed than the
challenge allows. Functions that take a session never commit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.journal import journal
from memory.journal.codes import CodeResult
from memory.journal.events import CodeAnswered
from memory.storage.engines import changed
from memory.storage.leaving import leaving
from memory.storage.queue import Queue
from memory.tables import Message, Ticket, now
from memory.tables.verification import ChallengeStatus, IdentityChallenge
from memory.tickets import intake, tickets
from memory.tickets.intake import AddedMessage
from memory.tickets.tickets import TicketUnknown
from memory.verification.challenges import is_open
from memory.verification.codes import CANDIDATE, CODE, MARK, keyed, plain

MOST_CANDIDATES = 10
"""Numbers of one message that are weighed: by then every challenge has used up its tries."""
HANDFUL = 5
"""So many words beside a wrong number leave it an answer to our question; with more of them, or a
question, it may be an order's, an invoice's or a phone's."""


@dataclass(frozen=True)
class Received:
    """A customer's message as it is stored."""

    text: str
    kind: str = "message"
    """message | code"""


async def add_message(
    session: AsyncSession,
    queue: Queue,
    hmac_key: bytes,
    *,
    tenant: str,
    ticket_id: str,
    text: str,
    key: str | None,
    digest: str,
) -> AddedMessage:
    """`intake.add_message`, with every code weighed and taken out of the text in one transaction.

    A repeated request weighs nothing again. Raises `TicketUnknown` where the ticket is about to be
    erased, since it would go unanswered.
    """
    if ticket_id in await leaving(session, tenant):
        raise TicketUnknown(f"ticket {ticket_id!r} is about to be erased: send a new one")
    ticket, got = await tickets.get(session, tenant, ticket_id), Received(text)
    if key is None or not await _is_known(session, ticket_id, key):
        got = await received(session, hmac_key, ticket, text)
    return await intake.add_message(
        session,
        queue,
        tenant=tenant,
        ticket_id=ticket_id,
        text=got.text,
        kind=got.kind,
        key=key,
        digest=digest,
    )


async def received(session: AsyncSession, hmac_key: bytes, ticket: Ticket, text: str) -> Received:
    """The text without a code of this ticket, after each number that may be one was weighed.

    While a code is awaited every new number costs a try, whatever stands around it, or a long
    letter would be free guesses. Only a code is taken out: other numbers are the customer's.
    """
    query = select(IdentityChallenge).where(IdentityChallenge.ticket_id == ticket.id)
    made = (await session.exec(query)).all()
    if not made:
        return Received(text)
    before = await _said_before(session, ticket)
    found = [one for one in dict.fromkeys(CANDIDATE.findall(text)) if one not in before]
    own = {one: _with_code(hmac_key, made, plain(one)) for one in found}
    tried = False
    for number in found[:MOST_CANDIDATES]:
        waiting = _waiting(own[number] or made, late=bool(own[number]))
        tried = tried or bool(waiting)
        if waiting and await _weigh(session, hmac_key, ticket, waiting, plain(number)):
            break
    is_code = any(own.values()) or (tried and _is_bare(text))
    text = CANDIDATE.sub(lambda match: MARK if own.get(match[0]) else match[0], text)
    return Received(text, CODE if is_code else "message")


async def answer(
    session: AsyncSession,
    hmac_key: bytes,
    challenge: IdentityChallenge,
    code: str,
    moment: datetime,
) -> bool:
    """Use the code up if it is the right one; count it if it is not.

    The condition and the change are one statement each, so that guesses at once cannot be more
    than the tries that are left, and the right code verifies once.
    """
    usable = (
        col(IdentityChallenge.id) == challenge.id,
        col(IdentityChallenge.status) == ChallengeStatus.SENT.value,
        col(IdentityChallenge.expires_at) > moment,
        col(IdentityChallenge.tries) < col(IdentityChallenge.tries_allowed),
    )
    offered = keyed(hmac_key, "answer", challenge.id, code)
    until = moment + timedelta(seconds=challenge.verified_seconds)
    right = (*usable, col(IdentityChallenge.digest) == offered)
    verified = {"status": ChallengeStatus.VERIFIED.value, "verified_until": until}
    if await changed(session, IdentityChallenge, *right, **verified):
        return True
    await changed(session, IdentityChallenge, *usable, tries=col(IdentityChallenge.tries) + 1)
    spent = (
        col(IdentityChallenge.id) == challenge.id,
        col(IdentityChallenge.status) == ChallengeStatus.SENT.value,
        col(IdentityChallenge.tries) >= col(IdentityChallenge.tries_allowed),
    )
    await changed(session, IdentityChallenge, *spent, status=ChallengeStatus.EXHAUSTED.value)
    return False


async def _weigh(
    session: AsyncSession,
    hmac_key: bytes,
    ticket: Ticket,
    waiting: Sequence[IdentityChallenge],
    code: str,
) -> bool:
    moment = now()
    right = [one for one in waiting if await answer(session, hmac_key, one, code, moment)]
    late = all(one.expires_at <= moment for one in waiting)
    late_or_wrong = CodeResult.EXPIRED if late else CodeResult.WRONG
    outcome = CodeResult.VERIFIED if right else late_or_wrong
    await journal.append(session, ticket, CodeAnswered(outcome=outcome))
    return bool(right)


def _with_code(
    hmac_key: bytes, made: Sequence[IdentityChallenge], code: str
) -> list[IdentityChallenge]:
    return [one for one in made if one.digest == keyed(hmac_key, "answer", one.id, code)]


def _waiting(made: Sequence[IdentityChallenge], *, late: bool) -> list[IdentityChallenge]:
    """Those that take an answer; `late` also those that would have taken it."""
    sent = [one for one in made if one.status == ChallengeStatus.SENT]
    return [one for one in sent if late or is_open(one)]


def _is_bare(text: str) -> bool:
    return "?" not in text and len(CANDIDATE.sub(" ", text).split()) <= HANDFUL


async def _said_before(session: AsyncSession, ticket: Ticket) -> str:
    """What was said before: a number that stood there already is no code."""
    query = select(Message.text).where(Message.ticket_id == ticket.id)
    return "\n".join([ticket.subject, *(await session.exec(query)).all()])


async def _is_known(session: AsyncSession, ticket_id: str, key: str) -> bool:
    query = select(func.count()).where(Message.ticket_id == ticket_id, Message.key == key)
    return (await session.exec(query)).one() > 0
