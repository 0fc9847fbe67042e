"""One-time codes: whoever can read the address on file may see the record that names it.

A code is 8 digits that follow from chance and a pepper (see pepper.py); only its keyed digest is
stored. Each change is one conditional UPDATE: of any number of answers at once one can verify,
and no more wrong ones are weighed than the challenge allows. Functions that take a session
never commit.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory import addresses
from memory.journal import journal
from memory.journal.codes import CodeResult
from memory.journal.events import CodeAnswered
from memory.sealing.columns import placed
from memory.storage.database import Database
from memory.storage.engines import hold_name, hold_tickets, insert
from memory.storage.queue import Queue
from memory.tables import Message, Ticket, now
from memory.tables.verification import ChallengeStatus, IdentityChallenge
from memory.tickets import intake, tickets
from memory.tickets.intake import AddedMessage

DIGITS = 8
MARK = "[code]"
"""Stands in a stored message where the customer wrote a code."""
CODE = "code"
"""Kind of a customer's message that brought a code or tried to; no words of theirs can set it."""
CANDIDATE = re.compile(r"(?<![\w-])\d{4}[ -]?\d{4}(?![\w-])")
"""What may be a code in a customer's text."""
MOST_CANDIDATES = 10
"""Numbers of one message that are weighed: by then every challenge has used up its tries."""
HANDFUL = 5
"""So many words beside a wrong number leave it an answer to our question; with more of them, or a
question, it may be an order's, an invoice's or a phone's."""
DAY = timedelta(days=1)


@dataclass(frozen=True)
class CodeRules:
    """What a tenant allows; see `graph.verification.VerificationPolicy`."""

    valid_seconds: int
    tries: int
    per_day: int
    verified_seconds: int


@dataclass(frozen=True)
class Letter:
    """A code on its way. Never written down anywhere."""

    address: str
    code: str


@dataclass(frozen=True)
class Standing:
    """How far the newest challenge of a ticket has come."""

    status: ChallengeStatus
    tries: int
    left: int
    minutes: int
    """How long a code is valid."""


@dataclass(frozen=True)
class Received:
    """A customer's message as it is stored."""

    text: str
    kind: str = "message"
    """message | code"""


class Verification:
    """The codes of one tenant, in the ledger's database."""

    def __init__(self, database: Database, hmac_key: bytes, tenant: str, rules: CodeRules) -> None:
        self._database = database
        self._pepper = hmac_key
        self._tenant = tenant
        self._rules = rules

    async def verified(self, ticket_id: str, address: str) -> bool:
        """Whether the ticket has shown, not too long ago, that it can read that address."""
        query = select(IdentityChallenge.id).where(
            IdentityChallenge.ticket_id == ticket_id,
            IdentityChallenge.tenant == self._tenant,
            IdentityChallenge.holder == self._holder(address),
            IdentityChallenge.status == ChallengeStatus.VERIFIED.value,
            col(IdentityChallenge.verified_until) > now(),
        )
        async with self._database.reading() as session:
            return (await session.exec(query)).first() is not None

    async def want(self, ticket_id: str, turn: int, address: str) -> bool:
        """Have a challenge for the address: the open one, or a new one where the rules allow it.

        False where a person must take over: wrong codes used it up, or too many were sent today.
        """
        async with self._database.transaction() as session:
            await hold_tickets(session, [ticket_id])
            await hold_name(session, "codes", self._holder(address))
            made = await self._of(session, IdentityChallenge.ticket_id == ticket_id)
            mine = [one for one in made if one.holder == self._holder(address)]
            if any(_is_open(one) for one in mine):
                return True
            if any(one.status == ChallengeStatus.EXHAUSTED for one in mine):
                return False
            of_holder = await self._of(session, IdentityChallenge.holder == self._holder(address))
            if max(_today(made), _today(of_holder)) >= self._rules.per_day:
                return False
            await self._make(session, ticket_id, turn, address, len(made))
            return True

    async def unsent(self, ticket_id: str) -> list[str]:
        """Ids of the challenges whose code has to leave."""
        async with self._database.reading() as session:
            made = await self._of(session, IdentityChallenge.ticket_id == ticket_id)
        return [one.id for one in made if one.status == ChallengeStatus.WANTED]

    async def is_out(self, ticket_id: str) -> bool:
        """Whether the customer has a code to answer with, or has just answered with it."""
        async with self._database.reading() as session:
            made = await self._of(session, IdentityChallenge.ticket_id == ticket_id)
        sent = (one for one in made if one.status != ChallengeStatus.WANTED)
        return any(_is_open(one) or _is_verified(one) for one in sent)

    async def letter(self, ticket_id: str, challenge_id: str) -> Letter | None:
        """Address and code of a challenge of this ticket; None where it is gone or has left."""
        async with self._database.reading() as session:
            made = await self._of(session, IdentityChallenge.ticket_id == ticket_id)
        found = next((one for one in made if one.id == challenge_id and one.address), None)
        if found is None or found.address is None:
            return None
        return Letter(found.address, code_of(self._pepper, found.id, found.nonce))

    async def left(self, challenge_id: str) -> None:
        """The code is on its way: from now on it is valid, and the address is forgotten."""
        statement = (
            update(IdentityChallenge)
            .where(
                col(IdentityChallenge.id) == challenge_id,
                col(IdentityChallenge.status) == ChallengeStatus.WANTED.value,
            )
            .values(
                status=ChallengeStatus.SENT.value,
                address=None,
                expires_at=now() + timedelta(seconds=self._rules.valid_seconds),
            )
        )
        async with self._database.transaction() as session:
            await session.execute(statement)

    async def standing(self, ticket_id: str) -> Standing | None:
        """Of the newest challenge; None where there is none."""
        async with self._database.reading() as session:
            made = await self._of(session, IdentityChallenge.ticket_id == ticket_id)
        if not made:
            return None
        one = made[-1]
        return Standing(
            ChallengeStatus(one.status),
            one.tries,
            max(one.tries_allowed - one.tries, 0),
            one.valid_seconds // 60,
        )

    async def _of(self, session: AsyncSession, where: object) -> Sequence[IdentityChallenge]:
        query = select(IdentityChallenge).where(
            IdentityChallenge.tenant == self._tenant,
            where,  # type: ignore[arg-type]
        )
        ordered = query.order_by(col(IdentityChallenge.created_at), col(IdentityChallenge.id))
        return (await session.exec(ordered)).all()

    async def _make(
        self, session: AsyncSession, ticket_id: str, turn: int, address: str, ordinal: int
    ) -> None:
        holder, nonce = self._holder(address), secrets.token_hex(16)
        key = keyed(self._pepper, "challenge", ticket_id, holder, str(ordinal))[:32]
        moment, rules = now(), self._rules
        made = IdentityChallenge(
            id=key,
            tenant=self._tenant,
            ticket_id=ticket_id,
            turn=turn,
            address=address,
            holder=holder,
            nonce=nonce,
            digest=keyed(self._pepper, "answer", key, code_of(self._pepper, key, nonce)),
            tries_allowed=rules.tries,
            valid_seconds=rules.valid_seconds,
            verified_seconds=rules.verified_seconds,
            created_at=moment,
            expires_at=moment + timedelta(seconds=rules.valid_seconds),
        )
        statement = insert(session, IdentityChallenge).values(
            placed(IdentityChallenge, made.model_dump())
        )
        await session.execute(statement.on_conflict_do_nothing())

    def _holder(self, address: str) -> str:
        return keyed(self._pepper, "holder", self._tenant, addresses.canonical(address))


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

    A repeated request weighs nothing again.
    """
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
    own = {one: _with_code(hmac_key, made, _plain(one)) for one in found}
    tried = False
    for number in found[:MOST_CANDIDATES]:
        waiting = _waiting(own[number] or made, late=bool(own[number]))
        tried = tried or bool(waiting)
        if waiting and await _weigh(session, hmac_key, ticket, waiting, _plain(number)):
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
    right = (
        update(IdentityChallenge)
        .where(*usable, col(IdentityChallenge.digest) == offered)
        .values(status=ChallengeStatus.VERIFIED.value, verified_until=until)
        .returning(col(IdentityChallenge.id))
    )
    if (await session.execute(right)).first():
        return True
    wrong = update(IdentityChallenge).where(*usable)
    await session.execute(wrong.values(tries=col(IdentityChallenge.tries) + 1))
    spent = update(IdentityChallenge).where(
        col(IdentityChallenge.id) == challenge.id,
        col(IdentityChallenge.status) == ChallengeStatus.SENT.value,
        col(IdentityChallenge.tries) >= col(IdentityChallenge.tries_allowed),
    )
    await session.execute(spent.values(status=ChallengeStatus.EXHAUSTED.value))
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
    return [one for one in sent if late or _is_open(one)]


def _is_bare(text: str) -> bool:
    return "?" not in text and len(CANDIDATE.sub(" ", text).split()) <= HANDFUL


async def _said_before(session: AsyncSession, ticket: Ticket) -> str:
    """What was said before: a number that stood there already is no code."""
    query = select(Message.text).where(Message.ticket_id == ticket.id)
    return "\n".join([ticket.subject, *(await session.exec(query)).all()])


async def _is_known(session: AsyncSession, ticket_id: str, key: str) -> bool:
    query = select(func.count()).where(Message.ticket_id == ticket_id, Message.key == key)
    return (await session.exec(query)).one() > 0


def code_of(hmac_key: bytes, challenge_id: str, nonce: str) -> str:
    """The code of a challenge: the same however often it is asked for, unknown without the pepper.

    A retry after a crash must send the same code under the same key.
    """
    number = int(keyed(hmac_key, "code", challenge_id, nonce), 16)
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def keyed(hmac_key: bytes, *parts: str) -> str:
    """A keyed digest of the parts, in hexadecimal."""
    return hmac.new(hmac_key, "\n".join(parts).encode(), hashlib.sha256).hexdigest()


def _plain(code: str) -> str:
    return code.replace(" ", "").replace("-", "")


def _is_open(one: IdentityChallenge) -> bool:
    if one.status == ChallengeStatus.WANTED:
        return True  # its time begins when the code leaves
    return one.status == ChallengeStatus.SENT and one.expires_at > now()


def _is_verified(one: IdentityChallenge) -> bool:
    return one.verified_until is not None and one.verified_until > now()


def _today(made: Sequence[IdentityChallenge]) -> int:
    return sum(one.created_at > now() - DAY for one in made)
