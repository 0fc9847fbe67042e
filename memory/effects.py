"""The effect ledger: each change of the outside world is written down before it is made.

`intended` is committed before the call, so whoever finds it later knows that it may have
happened. Functions take the caller's session and never commit; `EffectLedger` gives each of
them a transaction of its own, which is what the order of the records rests on.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy import Text, cast
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from typing_extensions import override

from memory import sending
from memory.storage.columns import Columns
from memory.storage.database import Database
from memory.storage.engines import changed
from memory.storage.errors import Fenced
from memory.storage.step import present_step
from memory.storage.units import Statements
from memory.storage.units_session import within
from memory.tables import Effect, EffectStatus, Erasure, Ticket, now

Json = dict[str, Any]
ROWS = Columns(Effect)
MADE = (
    "UPDATE effects SET status = ?, result = ?, error = NULL, settled_at = ?"
    " WHERE key = ? AND status != ?"
)

KNOWN = (
    "SELECT EXISTS (SELECT 1 FROM effects WHERE key = ?)"
    " OR EXISTS (SELECT 1 FROM channel_threads WHERE ticket_id = ?)"
    " OR EXISTS (SELECT 1 FROM sending WHERE tenant = ? AND stopped_at IS NOT NULL)"
)


@dataclass(frozen=True)
class Intent:
    """An effect that is about to be made."""

    key: str
    ticket_id: str
    tenant: str
    turn: int
    tool: str
    fingerprint: str
    epoch: int
    """The drive that wants it; see `Ticket.epoch`."""
    kept: bool = False
    """Whether it is made by writing it down here, unless the ticket came by a channel."""


@dataclass(frozen=True)
class Begun:
    """What the ledger knows of an effect when someone wants to make it."""

    status: EffectStatus
    """INTENDED: go ahead, it is yours. DONE: take `result`. UNKNOWN: reconcile first."""
    result: Json | None = None
    attempt: int = field(default=1, compare=False)
    """Which beginning of the effect this is, where it is yours."""

    @property
    def proceed(self) -> bool:
        """Whether this caller, and only this one, may make the call."""
        return self.status is EffectStatus.INTENDED


async def begin(session: AsyncSession, intent: Intent) -> Begun:
    """Write down that the effect is wanted, or find what became of it before.

    An effect that is still `intended` was left by someone who died or is being made by
    someone else: to this caller it is unknown. Raises `Fenced`, and `SendingStopped` for a
    message that has not begun to leave.
    """
    await _fence(session, intent)
    await _check_sending(session, intent)
    if await within(session, lambda do: _stored_in(do, intent)):
        return Begun(EffectStatus.INTENDED)
    known = await session.get_one(Effect, intent.key, with_for_update=True)
    if known.status == EffectStatus.DONE:
        return Begun(EffectStatus.DONE, known.result)
    if known.status == EffectStatus.FAILED:
        attempt = await _reopen(session, intent.key)
        return Begun(EffectStatus.INTENDED, attempt=attempt or known.attempts)
    await unknown(session, intent.key, known.error or "left without a record of its end")
    return Begun(EffectStatus.UNKNOWN)


async def again(session: AsyncSession, intent: Intent) -> Begun:
    """Take up an unknown effect anew, since its service does it once for its key.

    Of several that try, one gets INTENDED; the others see UNKNOWN, or DONE. While sending is
    stopped a message stays in doubt. Raises `Fenced`.
    """
    await _fence(session, intent)
    if await _may_leave(session, intent) and (
        attempt := await _reopen(session, intent.key, EffectStatus.UNKNOWN)
    ):
        return Begun(EffectStatus.INTENDED, attempt=attempt)
    known = await session.get_one(Effect, intent.key)
    if known.status == EffectStatus.DONE:
        return Begun(EffectStatus.DONE, known.result)
    return Begun(EffectStatus.UNKNOWN)


async def done(session: AsyncSession, key: str, result: Json) -> None:
    """It happened. A fact, whoever reports it: not even a newer drive may unsay it."""
    await within(session, lambda do: _done_in(do, key, result))


async def failed(session: AsyncSession, key: str, error: str, attempt: int) -> None:
    """That attempt certainly did not happen. `error` holds no personal data.

    It says nothing of an attempt after it: a zombie's word must not hide what its successor,
    who has taken the effect up anew, is sending.
    """
    await _settle(session, key, EffectStatus.FAILED, attempt, error=error)


async def unknown(session: AsyncSession, key: str, error: str) -> None:
    """Nobody can tell whether it happened. `error` holds no personal data."""
    await _settle(session, key, EffectStatus.UNKNOWN, error=error)


async def of_ticket(session: AsyncSession, ticket_id: str) -> list[Effect]:
    """Every effect of a ticket, oldest first."""
    query = select(Effect).where(Effect.ticket_id == ticket_id)
    return list(await session.exec(query.order_by(col(Effect.created_at), col(Effect.key))))


class Effects(Protocol):
    """The ledger of effects; each record is committed when the method returns, or with the drive's step."""

    async def begin(self, intent: Intent) -> Begun:
        """Write the intention down, or say what became of it. Raises `Fenced`, `SendingStopped`."""
        ...

    async def again(self, intent: Intent) -> Begun:
        """Take up an unknown effect anew. Raises `Fenced`."""
        ...

    async def done(self, key: str, result: Json) -> None:
        """It happened."""
        ...

    async def failed(self, key: str, error: str, attempt: int) -> None:
        """That attempt certainly did not happen."""
        ...

    async def unknown(self, key: str, error: str) -> None:
        """Nobody can tell."""
        ...


class EffectLedger(Effects):
    """The ledger with each record committed at once."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @override
    async def begin(self, intent: Intent) -> Begun:
        """Within a drive, what waits for a commit is committed with it."""
        step = present_step(intent.ticket_id)
        if step is not None and intent.kept and await self._is_kept(intent):
            step.kept = intent, {}
            return Begun(EffectStatus.INTENDED)
        if step is not None and await step.commit(lambda do: _begun_in(do, intent)):
            return Begun(EffectStatus.INTENDED)
        async with self._database.transaction() as session:
            return await begin(session, intent)

    async def _is_kept(self, intent: Intent) -> bool:
        """Whether nothing is sent, and nothing is known of it."""
        asked = (intent.key, intent.ticket_id, intent.tenant)
        found = await self._database.units.look(lambda do: do.row(KNOWN, asked))
        return found is not None and not found[0]

    @override
    async def again(self, intent: Intent) -> Begun:
        async with self._database.transaction() as session:
            return await again(session, intent)

    @override
    async def done(self, key: str, result: Json) -> None:
        """Within a drive it waits for the step's commit, and is in doubt until then."""
        step = present_step()
        if step is None:
            async with self._database.transaction() as session:
                await done(session, key, result)
        elif step.kept is not None and step.kept[0].key == key:
            step.kept = step.kept[0], result
        else:
            step.leave(lambda do: _done_in(do, key, result), fact=True)

    @override
    async def failed(self, key: str, error: str, attempt: int) -> None:
        async with self._database.transaction() as session:
            await failed(session, key, error, attempt)

    @override
    async def unknown(self, key: str, error: str) -> None:
        async with self._database.transaction() as session:
            await unknown(session, key, error)


def keep_in(do: Statements, intent: Intent, result: Json) -> None:
    """Begin and make an effect that is made by what the caller's unit writes. Raises `SendingStopped`."""
    if not _begun_in(do, intent):
        raise sending.SendingStopped
    _done_in(do, intent.key, result)


def _begun_in(do: Statements, intent: Intent) -> bool:
    """Whether the effect is new and begun now. The caller's commit has looked at the fence."""
    if intent.tool in sending.TO_CUSTOMERS and not sending.may_send_in(do, intent.tenant):
        return False  # `begin` says why
    return _stored_in(do, intent)


def _stored_in(do: Statements, intent: Intent) -> bool:
    """Whether its row is new."""
    row = {
        "key": intent.key,
        "ticket_id": intent.ticket_id,
        "tenant": intent.tenant,
        "turn": intent.turn,
        "tool": intent.tool,
        "fingerprint": intent.fingerprint,
        "status": EffectStatus.INTENDED.value,
        "attempts": 1,
        "created_at": now(),
    }
    return bool(do.run(ROWS.insert + " ON CONFLICT DO NOTHING", ROWS.values(do, row)))


def _done_in(do: Statements, key: str, result: Json) -> None:
    done = EffectStatus.DONE.value
    stored = ROWS.stored(do, "result", result, {"key": key})
    do.run(MADE, (done, stored, do.moment(now()), key, done))


async def _fence(session: AsyncSession, intent: Intent) -> None:
    # The lock (none is needed on SQLite, which has one writer) keeps a newer drive from
    # starting between this look and our commit.
    query = select(Ticket.epoch).where(Ticket.id == intent.ticket_id).with_for_update(read=True)
    epoch = (await session.exec(query)).one_or_none()
    if epoch is None and await _was_erased(session, intent):
        raise Fenced(f"the customer of ticket {intent.ticket_id} was erased")
    if epoch is not None and epoch > intent.epoch:
        msg = f"drive {intent.epoch} of ticket {intent.ticket_id} was replaced by drive {epoch}"
        raise Fenced(msg)


async def _check_sending(session: AsyncSession, intent: Intent) -> None:
    if await _may_leave(session, intent):
        return
    known = await session.get(Effect, intent.key)
    if known is None or known.status == EffectStatus.FAILED:
        await sending.check(session, intent.tenant)


async def _may_leave(session: AsyncSession, intent: Intent) -> bool:
    of_customers = intent.tool in sending.TO_CUSTOMERS
    return not of_customers or await sending.may_send(session, intent.tenant)


async def _was_erased(session: AsyncSession, intent: Intent) -> bool:
    names_it = cast(Erasure.tickets, Text).like(f"%{intent.ticket_id}%")
    query = select(Erasure.id).where(Erasure.tenant == intent.tenant, names_it).limit(1)
    return (await session.exec(query)).first() is not None


async def _reopen(
    session: AsyncSession, key: str, status: EffectStatus = EffectStatus.FAILED
) -> int | None:
    """Which attempt has begun; None if it was not in that status."""
    so = (col(Effect.key) == key, col(Effect.status) == status.value)
    anew = {"status": EffectStatus.INTENDED.value, "settled_at": None}
    found = await changed(session, Effect, *so, attempts=col(Effect.attempts) + 1, **anew)
    return found[0].attempts if found else None


async def _settle(
    session: AsyncSession,
    key: str,
    status: EffectStatus,
    attempt: int | None = None,
    **values: str | None,
) -> None:
    wanted = [col(Effect.key) == key, col(Effect.status) != EffectStatus.DONE.value]
    wanted += [] if attempt is None else [col(Effect.attempts) == attempt]
    await changed(session, Effect, *wanted, status=status.value, settled_at=now(), **values)
