"""Handoffs as the bodies that people read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from api.http.handoffs.story import followed, told
from api.http.handoffs.story_schemas import MemoryOut, PastTicketOut
from api.http.handoffs.view_schemas import (
    CorrectionOut,
    CountsOut,
    EventOut,
    HandoffOut,
    HandoffSummary,
    LetterOut,
    MergedOut,
    NoteOut,
)
from api.http.tickets import views
from api.http.tickets.schemas import MessageOut
from graph.reasons import reason_sentence
from graph.urgency import name_of
from memory import handoffs
from memory.channels import standing
from memory.files import message_files
from memory.handoffs import Counts, Listed, is_overdue
from memory.handoffs import story as handoff_story
from memory.handoffs.model import story_of
from memory.handoffs.story import Whole
from memory.tables import (
    Correction,
    Handoff,
    HandoffEvent,
    HandoffNote,
    HandoffStatus,
    Letter,
    Memory,
    Message,
    Ticket,
    now,
)

_SAME = (
    *("id", "ticket_id", "turn", "reason", "explanation", "intent", "team", "skills"),
    *("snoozed_until", "due_at", "resolve_by", "responded_at", "escalated_at", "escalated_to"),
    *("merged_into", "decided_by", "decided_at", "closed_at", "version", "created_at"),
)


def listed(one: Listed) -> HandoffSummary:
    """A handoff in the queue."""
    return HandoffSummary(**_fields(one))


async def summary(session: AsyncSession, handoff: Handoff) -> HandoffSummary:
    """The same of a handoff in hand."""
    return listed(await handoff_story.listed_one(session, handoff))


def counts(found: Counts) -> CountsOut:
    """How many wait, by what."""
    return CountsOut(
        status=dict(found.status),
        team=dict(found.team),
        priority={name_of(one): n for one, n in found.priority.items()},
        intent=dict(found.intent),
        reason=dict(found.reason),
        overdue=found.overdue,
        mine=found.mine,
        unassigned=found.unassigned,
        unread=found.unread,
    )


async def whole(session: AsyncSession, handoff: Handoff) -> HandoffOut:
    """A handoff with all that a person needs to take over without asking again."""
    found = await handoff_story.whole(session, handoff)
    shown = [found.ticket.id, *(one.ticket.id for one in found.merged)]
    attached = await message_files.of_tickets(session, shown)
    told_of = [found.ticket.id, *(one.id for one in found.history)]
    came = await standing.of_turns(session, told_of)
    return HandoffOut(
        **_fields(found.listed),
        **told(story_of(handoff), handoff.decision),
        reason_text=reason_sentence(handoff.reason),
        agent_answer=await handoffs.answer_of(session, handoff),
        story=handoff.story,
        decision=handoff.decision,
        ticket=views.ticket_summary(found.ticket, found.listed.title, came),
        customer={"email": found.ticket.customer_email, "name": found.ticket.customer_name},
        vouched_by=found.ticket.vouched_by,
        messages=_messages(
            found.messages,
            attached[found.ticket.id],
            await standing.of_messages(session, found.ticket.id),
        ),
        thread=await views.thread_of(session, found.ticket),
        **_around(found, attached, came),
    )


def _messages(
    messages: Sequence[Message], attached: views.Files, left: views.Left | None = None
) -> list[MessageOut]:
    return [views.message_out(one, attached, left) for one in messages]


def _around(found: Whole, attached: Mapping[str, views.Files], came: views.Came) -> dict[str, Any]:
    return {
        "history": [_past(one, found.titles[one.id], came) for one in found.history],
        "memories": [_memory(one) for one in found.memories],
        "merged": [
            MergedOut(
                handoff_id=one.handoff.id,
                ticket_id=one.ticket.id,
                subject=one.ticket.subject,
                messages=_messages(one.messages, attached[one.ticket.id]),
            )
            for one in found.merged
        ],
        "letters": [_letter(one) for one in found.letters],
        "notes": [note(one) for one in found.notes],
        "events": [event(one) for one in found.events],
        "corrections": [correction(one) for one in found.corrections],
        "guidance": [followed(one) for one in found.guidance],
    }


def note(one: HandoffNote) -> NoteOut:
    """What staff wrote to each other."""
    return NoteOut.model_validate(one, from_attributes=True)


def event(one: HandoffEvent) -> EventOut:
    """Who did what, when."""
    return EventOut.model_validate(one, from_attributes=True)


def correction(one: Correction) -> CorrectionOut:
    """What a person said was wrong."""
    return CorrectionOut.model_validate(one, from_attributes=True)


def _letter(one: Letter) -> LetterOut:
    return LetterOut.model_validate(one, from_attributes=True)


def _past(one: Ticket, title: str, came: views.Came) -> PastTicketOut:
    told = views.ticket_summary(one, title, came)
    return PastTicketOut.model_validate(told, from_attributes=True)


def _memory(one: Memory) -> MemoryOut:
    fields = _picked(one, MemoryOut.model_fields)
    fields["sources"] = [source for source in one.sources.split(",") if source]
    return MemoryOut(**fields)


def _picked(row: object, names: Mapping[str, Any] | Sequence[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _fields(one: Listed) -> dict[str, Any]:
    handoff, moment = one.handoff, now()
    until = handoff.lease_expires_at
    claimed = handoff.status == HandoffStatus.CLAIMED
    held = claimed and until is not None and until > moment
    free = handoff.status == HandoffStatus.OPEN or (claimed and not held)
    return {
        **_picked(handoff, _SAME),
        "subject": one.subject,
        "title": one.title,
        "customer_name": one.customer_name,
        "unread": one.unread,
        "updated_at": handoff.updated_at,
        "overdue": is_overdue(handoff, moment),
        "status": HandoffStatus.OPEN if free else handoff.status,
        "priority": name_of(handoff.priority),
        "claimed_by": None if free else handoff.claimed_by,
        "lease_expires_at": until if held else None,
        "claimed_until": until if held else None,
    }
