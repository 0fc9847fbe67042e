"""One-time codes: whoever can read the address on file may see the record that names it.

A challenge is wanted, then its code is sent, and an answer verifies it or uses up its tries (see
answers.py). Each change is one conditional UPDATE.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory import addresses
from memory.sealing.columns import placed
from memory.storage.database import Database
from memory.storage.engines import changed, hold_name, hold_tickets, insert
from memory.tables import now
from memory.tables.verification import ChallengeStatus, IdentityChallenge
from memory.verification.codes import code_of, keyed

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


class Verification:
    """The codes of one tenant, in the ledger's database."""

    def __init__(self, database: Database, hmac_key: bytes, tenant: str, rules: CodeRules) -> None:
        self._database = database
        self._key = hmac_key
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
            if any(is_open(one) for one in mine):
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
        return any(is_open(one) or _is_verified(one) for one in sent)

    async def letter(self, ticket_id: str, challenge_id: str) -> Letter | None:
        """Address and code of a challenge of this ticket; None where it is gone or has left."""
        async with self._database.reading() as session:
            made = await self._of(session, IdentityChallenge.ticket_id == ticket_id)
        found = next((one for one in made if one.id == challenge_id and one.address), None)
        if found is None or found.address is None:
            return None
        return Letter(found.address, code_of(self._key, found.id, found.nonce))

    async def left(self, challenge_id: str) -> None:
        """The code is on its way: from now on it is valid, and the address is forgotten."""
        async with self._database.transaction() as session:
            await changed(
                session,
                IdentityChallenge,
                col(IdentityChallenge.id) == challenge_id,
                col(IdentityChallenge.status) == ChallengeStatus.WANTED.value,
                status=ChallengeStatus.SENT.value,
                address=None,
                expires_at=now() + timedelta(seconds=self._rules.valid_seconds),
            )

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
        key = keyed(self._key, "challenge", ticket_id, holder, str(ordinal))[:32]
        moment, rules = now(), self._rules
        made = IdentityChallenge(
            id=key,
            tenant=self._tenant,
            ticket_id=ticket_id,
            turn=turn,
            address=address,
            holder=holder,
            nonce=nonce,
            digest=keyed(self._key, "answer", key, code_of(self._key, key, nonce)),
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
        return keyed(self._key, "holder", self._tenant, addresses.canonical(address))


def is_open(one: IdentityChallenge) -> bool:
    """Whether its code is still to be answered with."""
    if one.status == ChallengeStatus.WANTED:
        return True  # its time begins when the code leaves
    return one.status == ChallengeStatus.SENT and one.expires_at > now()


def _is_verified(one: IdentityChallenge) -> bool:
    return one.verified_until is not None and one.verified_until > now()


def _today(made: Sequence[IdentityChallenge]) -> int:
    return sum(one.created_at > now() - DAY for one in made)
