"""Who has a handoff: claim, release, assign, transfer, put aside, bring back.

`lead` says that the caller may also take it from whoever has it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.handoffs import log as handoff_log
from memory.handoffs.changing import LEASE, Doing, change, free_for, get, undecided
from memory.handoffs.faults import ClaimedByOther
from memory.journal.codes import Act
from memory.storage.engines import changed
from memory.tables import Handoff, HandoffNote, HandoffStatus, now
from memory.tickets import tickets

_Wanted = list[ColumnElement[bool]]


async def claim(
    session: AsyncSession,
    tenant: str,
    handoff_id: str,
    who: str,
    *,
    lease: timedelta = LEASE,
    version: int | None = None,
) -> Handoff:
    """Take it, or renew one's own lease. Raises `ClaimedByOther`, `AlreadyDecided`, `Stale`.

    Renewing changes nothing but the lease, so the version stays: a page that renews in the
    background must not make its own decision stale.
    """
    moment, handoff = now(), await get(session, tenant, handoff_id)
    if _is_own(handoff, who, moment):
        handoff.lease_expires_at = moment + lease
        session.add(handoff)
        await session.flush()
        return handoff
    values: dict[str, Any] = {
        **_given_to(who, moment + lease),
        "asked_at": None,
        "snoozed_until": None,
    }
    return await change(
        session,
        handoff,
        [free_for(who, moment), undecided()],
        values,
        Doing(who, Act.CLAIMED, moment, version),
    )


def _is_own(handoff: Handoff, who: str, moment: datetime) -> bool:
    until = handoff.lease_expires_at
    mine = handoff.status == HandoffStatus.CLAIMED and handoff.claimed_by == who
    return mine and until is not None and until >= moment


async def release(
    session: AsyncSession, tenant: str, handoff_id: str, who: str, *, lead: bool = False
) -> Handoff:
    """Give one's own up; releasing what is open already changes nothing."""
    handoff, moment = await get(session, tenant, handoff_id), now()
    if handoff.status == HandoffStatus.OPEN:
        return handoff
    wanted: _Wanted = [undecided()]
    if not lead:
        wanted.append(col(Handoff.claimed_by) == who)
    return await change(session, handoff, wanted, _FREED, Doing(who, Act.RELEASED, moment))


async def assign(
    session: AsyncSession,
    tenant: str,
    handoff_id: str,
    who: str,
    *,
    to: str,
    version: int | None = None,
    lead: bool = False,
) -> Handoff:
    """Give it to a person, who has an hour to begin before it is everybody's again."""
    moment = now()
    values = {**_given_to(to, moment + handoff_log.BACK_FOR), "asked_at": None}
    return await change(
        session,
        await get(session, tenant, handoff_id),
        _held(who, moment, lead=lead),
        {**values, "snoozed_until": None},
        Doing(who, Act.ASSIGNED, moment, version, {"to": to}),
    )


async def transfer(
    session: AsyncSession,
    tenant: str,
    handoff_id: str,
    who: str,
    *,
    to: str | None = None,
    team: str | None = None,
    note: str = "",
    version: int | None = None,
    lead: bool = False,
) -> Handoff:
    """Hand it on to a person or a team, with a note."""
    moment = now()
    values = {**_FREED, "team": team} if to is None else None
    if values is None:
        values = {**_given_to(str(to), moment + handoff_log.BACK_FOR), "snoozed_until": None}
    handoff = await change(
        session,
        await get(session, tenant, handoff_id),
        _held(who, moment, lead=lead),
        {**values, "asked_at": None},
        Doing(
            who, Act.TRANSFERRED, moment, version, {"to": to} if team is None else {"team": team}
        ),
    )
    if note.strip():
        await add_note(session, handoff, who, note, kind="transfer")
    return handoff


async def snooze(
    session: AsyncSession,
    tenant: str,
    handoff_id: str,
    who: str,
    *,
    until: datetime,
    version: int | None = None,
) -> Handoff:
    """Put it aside until a moment, when it comes back to whoever put it aside."""
    moment = now()
    values = {
        "status": HandoffStatus.SNOOZED,
        "claimed_by": who,
        "lease_expires_at": None,
        "snoozed_until": until,
        "asked_at": None,
    }
    return await change(
        session,
        await get(session, tenant, handoff_id),
        _held(who, moment, lead=False),
        values,
        Doing(who, Act.SNOOZED, moment, version, {"until": until.isoformat(timespec="seconds")}),
    )


async def wake(
    session: AsyncSession,
    tenant: str,
    handoff_id: str,
    who: str,
    *,
    version: int | None = None,
    lead: bool = False,
) -> Handoff:
    """Bring back what was put aside or waits for the customer; it goes to whoever had it.

    Waking what is awake changes nothing.
    """
    handoff, moment = await get(session, tenant, handoff_id), now()
    if handoff.status not in handoff_log.LISTENING:
        if handoff.status in {HandoffStatus.OPEN, HandoffStatus.CLAIMED}:
            return handoff
        return await change(session, handoff, [undecided()], {}, Doing(who, Act.WOKEN, moment))
    return await change(
        session,
        handoff,
        [
            *_held(who, moment, lead=lead),
            col(Handoff.status).in_(handoff_log.LISTENING),
        ],
        handoff_log.returned(handoff, moment),
        Doing(who, Act.WOKEN, moment, version),
    )


async def lapse(session: AsyncSession, tenant: str, handoff_id: str) -> Handoff:
    """Open a handoff whose lease has ended. Raises `ClaimedByOther` if it was renewed."""
    moment = now()
    return await change(
        session,
        await get(session, tenant, handoff_id),
        [
            col(Handoff.status) == HandoffStatus.CLAIMED,
            col(Handoff.lease_expires_at) < moment,
        ],
        {"status": HandoffStatus.OPEN, "claimed_by": None, "lease_expires_at": None},
        Doing(handoff_log.CLOCK, Act.EXPIRED, moment),
    )


async def seen(session: AsyncSession, tenant: str, handoff_id: str, who: str, seq: int) -> Handoff:
    """The holder has read up to message `seq`. It changes no version: nothing to decide on.

    Raises `ClaimedByOther` if the caller does not have it: nobody else's look counts.
    """
    handoff = await get(session, tenant, handoff_id)
    if handoff.claimed_by != who:
        raise ClaimedByOther(handoff.claimed_by, handoff.lease_expires_at)
    less = (col(Handoff.id) == handoff_id, col(Handoff.seen_seq) < seq)
    await changed(session, Handoff, *less, seen_seq=seq)
    return handoff


async def add_note(
    session: AsyncSession, handoff: Handoff, who: str, text: str, kind: str = "note"
) -> HandoffNote:
    """Leave a note for colleagues; the customer never sees it, and no version changes."""
    note = HandoffNote(
        id=tickets.new_id("nte"),
        tenant=handoff.tenant,
        handoff_id=handoff.id,
        ticket_id=handoff.ticket_id,
        kind=kind,
        author=who,
        text=text,
    )
    session.add(note)
    await session.flush()
    await handoff_log.record(session, handoff, who, "noted", kind=kind, note=note.id)
    return note


_FREED: dict[str, Any] = {
    "status": HandoffStatus.OPEN,
    "claimed_by": None,
    "lease_expires_at": None,
    "snoozed_until": None,
    "asked_at": None,
}


def _given_to(who: str, until: datetime) -> dict[str, Any]:
    return {"status": HandoffStatus.CLAIMED, "claimed_by": who, "lease_expires_at": until}


def _held(who: str, moment: datetime, *, lead: bool) -> _Wanted:
    return [undecided()] if lead else [undecided(), free_for(who, moment)]
