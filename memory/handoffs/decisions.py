"""The decision: the first one wins, and the run that carries it out is enqueued with it."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from memory import enclosures, sending
from memory.faults import MemoryFault
from memory.handoffs.changing import ENDED, Doing, change, free_for, get, hold_all, undecided
from memory.handoffs.faults import (
    ActionsUndecided,
    NothingSuggested,
    NotReturnable,
    RefusalUntold,
    ReturnsExhausted,
)
from memory.handoffs.holding import add_note
from memory.handoffs.merging import merged_into
from memory.handoffs.model import Action, Story, story_of
from memory.journal import journal
from memory.journal.codes import Act, RunCause
from memory.journal.events import PersonDecided
from memory.storage.queue import Queue
from memory.tables import DecisionKind, Handoff, HandoffStatus, now
from memory.tickets import lifecycle, tickets

MOST_DIFFERENCE_LINES = 400
"""Lines of a kept difference."""
MOST_COMPARED_WORDS = 4_000
"""Words of a text beyond which no likeness is computed: it would take too long."""


@dataclass(frozen=True)
class Decision:
    """What a person decided."""

    kind: DecisionKind
    text: str = ""
    """The reply, for kind `reply`."""
    guidance: str = ""
    """What the agent should mind, for kind `return`."""
    redraft: bool = False
    """Whether a new draft is all that is wanted, for kind `return`: it comes back, whatever it is worth."""
    actions: tuple[str, ...] = ()
    """Fingerprints of the proposed actions the person approves."""
    refused: tuple[str, ...] = ()
    """Fingerprints of the proposed actions the person refuses."""
    tell_results: bool = False
    """Whether a reply of one's own says first what the approved actions came to."""
    files: tuple[str, ...] = ()
    """Ids of uploads that leave with the answer."""
    uploader: str = ""
    """Whose uploads they are, as `memory.files.incoming` has it."""


RETURNS_ALLOWED = 2
"""Times one turn may be given back to the agent, where its handoff does not say."""


@dataclass(frozen=True)
class Closed:
    """What became of each of several handoffs."""

    closed: tuple[str, ...]
    refused: dict[str, str]
    """Why not, by id."""


async def decide(
    session: AsyncSession,
    queue: Queue,
    *,
    tenant: str,
    handoff_id: str,
    who: str,
    decision: Decision,
    version: int | None = None,
) -> Handoff:
    """Store the decision and enqueue the run that carries it out: the first decision wins.

    An answer needs a verdict on each proposed action; closing refuses those that have none.

    Raises `AlreadyDecided`, `ClaimedByOther`, `NotYetOpen`, `Stale`, `NothingSuggested`,
    `ActionsUndecided`, `RefusalUntold`, `ReturnsExhausted`, `NotReturnable`, `SendingStopped`, `FileUnknown`,
    `FileRefused`.
    """
    handoff, moment = await get(session, tenant, handoff_id), now()
    if decision.kind == DecisionKind.CLOSE:
        decision = _refusing(handoff, decision)
    kept = _kept(handoff, decision)
    if handoff.status not in ENDED:
        _check(handoff, decision)
        await _check_alone(session, handoff, decision)
        if decision.files:
            kept["files"] = await enclosures.enclose(
                session, tenant, decision.uploader, decision.files, handoff.ticket_id
            )
    if decision.kind in {DecisionKind.APPROVE, DecisionKind.REPLY}:
        await sending.check(session, tenant)
    values: dict[str, Any] = {
        "status": HandoffStatus.DECIDED,
        "decision": kept,
        "decided_by": who,
        "decided_at": moment,
        "lease_expires_at": None,
        "snoozed_until": None,
        "asked_at": None,
    }
    if decision.kind in {DecisionKind.APPROVE, DecisionKind.REPLY}:
        values["responded_at"] = handoff.responded_at or moment
    decided = await change(
        session,
        handoff,
        [free_for(who, moment), undecided()],
        values,
        Doing(who, Act.DECIDED, moment, version, _numbers(decision)),
    )
    await _carry_out(session, queue, decided, all_seen=version is not None)
    return decided


async def close_many(
    session: AsyncSession,
    queue: Queue,
    *,
    tenant: str,
    ids: Sequence[str],
    who: str,
    note: str = "",
) -> Closed:
    """Close each without a reply; one that cannot be closed does not hold the others up."""
    closed: list[str] = []
    refused: dict[str, str] = {}
    await hold_all(session, ids)
    for one in dict.fromkeys(ids):
        decision = Decision(DecisionKind.CLOSE)
        try:
            handoff = await decide(
                session, queue, tenant=tenant, handoff_id=one, who=who, decision=decision
            )
        except MemoryFault as fault:
            refused[one] = str(fault)
            continue
        if note.strip():
            await add_note(session, handoff, who, note, kind="close")
        closed.append(one)
    return Closed(tuple(closed), refused)


async def _carry_out(
    session: AsyncSession, queue: Queue, handoff: Handoff, *, all_seen: bool
) -> None:
    ticket = await lifecycle.hold(session, handoff.ticket_id)
    decision = handoff.decision or {}
    kind, refused = decision.get("kind", ""), len(decision.get("refused") or ())
    handled, cause = ticket.handled, RunCause.GUIDANCE
    if kind != DecisionKind.RETURN:
        # A stated version covers every message, since each one changes it; without one, only
        # what was there when the handoff was written is answered, and the rest gets a turn.
        told = await tickets.messages(session, ticket.id)
        seen = [one.seq for one in told if all_seen or one.created_at <= handoff.created_at]
        handled, cause = max([ticket.handled, *seen]), RunCause.DECISION
    await journal.append(session, ticket, PersonDecided(cause=kind, refused=refused))
    lifecycle.made(await lifecycle.carry_out(session, queue, ticket.id, cause, handled=handled))


def _check(handoff: Handoff, decision: Decision) -> None:
    story = story_of(handoff)
    if decision.kind == DecisionKind.APPROVE and story.suggestion is None:
        raise NothingSuggested("no reply was suggested: send your own with kind 'reply'")
    proposed = {action.fingerprint for action in story.actions}
    if unknown := {*decision.actions, *decision.refused} - proposed:
        msg = f"these actions were not proposed, or with other arguments: {sorted(unknown)}"
        raise NothingSuggested(msg)
    _check_verdicts(story, decision)
    allowed = RETURNS_ALLOWED if story.returns_allowed is None else story.returns_allowed
    if decision.kind == DecisionKind.RETURN and story.returns >= allowed:
        msg = f"the agent had it back {allowed} times already: answer or close it yourself"
        raise ReturnsExhausted(msg)


def _check_verdicts(story: Story, decision: Decision) -> None:
    """No answer passes over an action: the customer would never hear of it."""
    if decision.kind not in {DecisionKind.APPROVE, DecisionKind.REPLY}:
        return
    said = {*decision.actions, *decision.refused}
    if left := [one for one in story.actions if one.fingerprint not in said]:
        raise ActionsUndecided(
            f"decide on each proposed action first, approve or refuse: {_tools(left)}"
        )
    refused = [one for one in story.actions if one.fingerprint in decision.refused]
    if decision.kind == DecisionKind.APPROVE and refused:
        msg = f"the suggested reply says nothing of what you refused ({_tools(refused)}): edit it, or write your own"
        raise RefusalUntold(msg)


def _tools(actions: Sequence[Action]) -> str:
    """The names of their tools, each once."""
    return ", ".join(sorted({one.tool for one in actions}))


def _refusing(handoff: Handoff, decision: Decision) -> Decision:
    """Whoever closes a ticket refuses what was proposed in it."""
    proposed = (one.fingerprint for one in story_of(handoff).actions)
    return replace(decision, refused=tuple(dict.fromkeys((*decision.refused, *proposed))))


async def _check_alone(session: AsyncSession, handoff: Handoff, decision: Decision) -> None:
    # The customers of the duplicates were promised one answer, and the agent reads one ticket.
    if decision.kind != DecisionKind.RETURN:
        return
    if merged := await merged_into(session, handoff.ticket_id, handoff.turn):
        msg = (
            f"{len(merged)} merged into this ticket, which the agent would not see:"
            " answer them together yourself"
        )
        raise NotReturnable(msg)


def _kept(handoff: Handoff, decision: Decision) -> dict[str, Any]:
    """The decision as it is stored, with the difference where the suggestion was edited."""
    kept = asdict(decision)
    del kept["files"], kept["uploader"]
    suggestion = story_of(handoff).suggested
    if decision.kind == DecisionKind.REPLY and suggestion:
        kept["difference"] = difference(suggestion, decision.text)
    return kept


def difference(before: str, after: str) -> dict[str, Any]:
    """What a person changed: {"likeness": 0..1 or None, "lines": unified diff, "cut": bool}."""
    lines = list(difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=1))
    old, new = before.split(), after.split()
    likeness = None
    if max(len(old), len(new)) <= MOST_COMPARED_WORDS:
        likeness = round(difflib.SequenceMatcher(None, old, new).ratio(), 3)
    return {
        "likeness": likeness,
        "lines": lines[2:MOST_DIFFERENCE_LINES],
        "cut": len(lines) > MOST_DIFFERENCE_LINES,
    }


def _numbers(decision: Decision) -> dict[str, Any]:
    found: dict[str, Any] = {"kind": str(decision.kind)}
    if decision.actions or decision.refused:
        found |= {"approved": len(decision.actions), "refused": len(decision.refused)}
    if decision.files:
        found["files"] = len(decision.files)
    return found
