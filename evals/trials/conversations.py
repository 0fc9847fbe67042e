"""Tickets and questions through a desk of this process, judged by what they expect."""

import json
from collections.abc import Collection, Sequence
from pathlib import Path

from pydantic import ValidationError
from sqlmodel import update

from api.http.tickets.schemas import MessageIn, TicketIn
from evals.harness.desk_runtime import Driven, OpenDesk
from evals.harness.readers.visible import Visible
from evals.harness.rows import Label, Sender, TicketRow
from evals.trials.outcome import Call, CameTurn, Sent
from evals.trials.questions import judged_question
from evals.trials.trial import Trial, Verdict
from evals.trials.vocabulary import Known, understood
from graph.nodes.worth import proposals
from graph.state import StepResult
from graph.urgency import NAMES
from memory.handoffs import changing
from memory.handoffs.listing import RECENT
from memory.tables import Handoff, now


async def judged_ticket(desk: OpenDesk, trial: Trial) -> Verdict:
    """A ticket and what the customer writes next, against its expectation."""
    known = Known(desk.doc_ids, tuple(tool.name for tool in desk.desk.tools))
    wanted = understood(trial.expect, known, follows=bool(trial.follow))
    turns = await _turns(desk, trial)
    if isinstance(turns, str):
        return Verdict(right=False, came=turns, unknown=wanted.unknown)
    right = wanted.holds(trial.text, turns, trial.follow)
    return Verdict(right, "; then ".join(one.told() for one in turns), wanted.unknown)


async def judged_answer(
    desk: OpenDesk, trial: Trial, articles: Sequence[tuple[Path, str, Visible]]
) -> Verdict:
    """A question about the folder's articles: each as (file, doc_id, what is seen of it)."""
    turns = await _turns(desk, trial)
    if isinstance(turns, str):
        return Verdict(right=False, came=turns)
    return judged_question(trial, turns[-1], articles)


async def _turns(desk: OpenDesk, trial: Trial) -> tuple[CameTurn, ...] | str:
    """What came, turn by turn; why it was refused if the API would not take it."""
    try:
        new = TicketIn.model_validate_json(json.dumps(trial.body))
        follow = [MessageIn(text=text).text for text in trial.follow]
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        return f"refused by the API: {first['loc']}: {first['msg']}"
    row = TicketRow(
        id=trial.id,
        subject=new.subject or "",
        body=new.text,
        customer=Sender(email=new.customer.email, name=new.customer.name),
        headers=dict(new.headers),
        label=Label(),
    )
    came = tuple([await _came(desk, one) for one in await desk.converse(row, follow)])
    await _pass_time(desk)
    return came


async def _pass_time(desk: OpenDesk) -> None:
    """What people were needed for counts as long ago: the writers of the trials are one and the same."""
    async with desk.wiring.database.transaction() as session:
        await session.exec(update(Handoff).values(created_at=now() - 2 * RECENT))


async def _came(desk: OpenDesk, driven: Driven) -> CameTurn:
    ticket, state = driven.ticket, driven.state
    async with desk.wiring.database.reading() as session:
        handoff = await changing.newest(session, ticket.id, ticket.turn)
    triaged, planned = state.get("triaged"), state.get("planned")
    proposed = {one["fingerprint"] for one in proposals(state)}
    assessed = state.get("assessed")
    return CameTurn(
        outcome=str(ticket.outcome or ""),
        reason=ticket.reason or "",
        detail="" if handoff is None else handoff.explanation,
        priority=_priority(handoff, triaged["priority"] if triaged else "normal"),
        sent=tuple(
            Sent(
                one.kind,
                one.text,
                tuple(str(each["source"]) for each in one.citations),
                tuple(str(each.get("title", "")) for each in one.citations),
            )
            for one in driven.sent
        ),
        calls=tuple(
            Call(one["tool"], _status(one, proposed), one["arguments"])
            for one in (state.get("gathered") or {}).values()
            if one["kind"] != "search"
        ),
        asks=() if planned is None else tuple(one["text"] for one in planned["asks"]),
        read="" if triaged is None else triaged["screening"]["text"],
        verify=assessed is not None and assessed.get("verify", False),
    )


def _status(one: StepResult, proposed: Collection[str]) -> str:
    """A proposal that is put before a person in words alone is none: what it wants is in doubt."""
    doubted = one["status"] == "proposed" and one["fingerprint"] not in proposed
    return "doubted" if doubted else one["status"]


def _priority(handoff: Handoff | None, otherwise: str) -> str:
    return otherwise if handoff is None else NAMES[handoff.priority]
