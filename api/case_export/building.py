"""Puts a case together from a ticket's rows. Pure; nothing of it names a person."""

from __future__ import annotations

from collections.abc import Sequence

from api.case_export.labels import intent_of, verdict_of
from api.case_export.masking import anonymous, names_of, without_names
from api.case_export.schemas import CaseLabelOut, CaseOut, CaseTurnOut
from graph.text.personal_data import masked, personal_data
from memory.tables import Correction, Handoff, Message, Ticket

KEPT_HEADERS = frozenset(
    {"auto-submitted", "precedence", "x-autoreply", "x-auto-response-suppress"}
)
"""Headers that say that mail is automatic. The others are left out."""


def case_of(
    ticket: Ticket,
    messages: Sequence[Message],
    handoffs: Sequence[Handoff],
    corrections: Sequence[Correction],
) -> CaseOut:
    """The last turn that a person judged, or the present one, as a case."""
    decided = [one for one in handoffs if one.decision is not None]
    turn = decided[-1].turn if decided else ticket.turn
    own = [one for one in decided if one.turn == turn]
    names = _names(ticket, messages, handoffs)
    verdict = verdict_of(ticket, own, [one for one in corrections if one.turn == turn])
    return CaseOut(
        id=f"{ticket.id}/{turn}",
        subject=_line(ticket.subject, names),
        body=anonymous(_asked(messages, turn), names),
        headers={
            n: _line(v, names) for n, v in ticket.headers.items() if n.lower() in KEPT_HEADERS
        },
        history=[
            CaseTurnOut(
                role="customer" if one.role == "customer" else "agent",
                text=anonymous(one.text, names) or "[...]",
            )
            for one in messages
            if one.turn < turn and one.kind != "notice"
        ],
        label=CaseLabelOut(
            outcome=verdict.outcome,
            intent=intent_of(corrections),
            articles=list(verdict.articles),
            tools=list(verdict.tools),
            reply=anonymous(_reply(messages, turn), names) if verdict.outcome == "answer" else "",
            reason=verdict.why,
        ),
    )


def _asked(messages: Sequence[Message], turn: int) -> str:
    return "\n\n".join(m.text for m in messages if m.turn == turn and m.role == "customer")


def _reply(messages: Sequence[Message], turn: int) -> str:
    sent = [m.text for m in messages if m.turn == turn and m.kind == "reply"]
    return sent[-1] if sent else ""


def _line(text: str, names: frozenset[str]) -> str:
    return without_names(masked(text, personal_data(text)), names)


def _names(
    ticket: Ticket, messages: Sequence[Message], handoffs: Sequence[Handoff]
) -> frozenset[str]:
    ours = {one.author for one in messages} | {one.decided_by for one in handoffs}
    people = [(ticket.customer_name, ticket.customer_email), *((one, one) for one in ours)]
    return names_of(*people)
