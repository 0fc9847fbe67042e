"""Tickets to which all happens that insight counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.erasure import rows as erasing
from memory.insight import sums
from memory.insight.figures import Sums
from memory.insight.sums import Window
from memory.journal import journal
from memory.journal.codes import Cause, MindDecision, Reason, RunCause, Said
from memory.journal.events import (
    AnswerJudged,
    AskWeighed,
    Corrected,
    CustomerWrote,
    Event,
    ModelAsked,
    RunBegan,
    ToolCalled,
    TurnSettled,
    Undelivered,
    Waiting,
)
from memory.storage.database import Database
from memory.tables import (
    Correction,
    CorrectionKind,
    Feedback,
    Handoff,
    JournalRow,
    Message,
    Outcome,
    OutgoingStatus,
    Ticket,
    TicketStatus,
)
from tests.memory.insight.by_rows import All, When, read

NUMBERS = count()
START = datetime(2026, 3, 3, 9, 40, tzinfo=UTC)
"""The first ticket is accepted here, in the middle of an hour and of a day."""
MINUTES = 4 * 24 * 60
"""Everything happens within them."""
STEP = 20
"""Minutes between which things happen, so that some do at the very end of the quiet time."""
MOMENT = START + timedelta(minutes=MINUTES)
QUIET = timedelta(hours=30)
ENDS = [
    Outcome.DELIVERED,
    Outcome.CLARIFYING,
    Outcome.ANSWERED_BY_PERSON,
    Outcome.CLOSED_BY_PERSON,
]

ACT = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(
            "turn turn person wrote begun judged wrong undone lost handoff decided erased count"
            " count".split()
        ),
        "ticket": st.integers(0, 3),
        "minutes": st.integers(0, MINUTES // STEP).map(STEP.__mul__),
        "end": st.sampled_from(ENDS),
        "yes": st.booleans(),
        "value": st.sampled_from([0.0, 0.05, 0.3, 0.55, 0.6, 0.7, 0.999, 1.0]),
        "held_to": st.sampled_from([0.4, 0.6]),
        "intent": st.sampled_from([None, "login", "billing"]),
        "reason": st.sampled_from([Reason.SUGGEST_ONLY, Reason.LOW_CONFIDENCE]),
        "decision": st.sampled_from(
            [
                {"kind": "approve"},
                {"kind": "reply", "difference": {"likeness": 0.7}},
                {"kind": "reply"},
                {"kind": "close"},
                {"kind": "merge"},
            ]
        ),
    }
)


class History:
    """What happens to some tickets of a tenant of their own."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.tenant = f"t{next(NUMBERS)}"
        self.erased: set[str] = set()

    async def begin(self, accepted: list[int]) -> None:
        """Tickets that were accepted so many minutes after the start."""
        async with self.database.transaction() as session:
            for number, minutes in enumerate(accepted):
                at = START + timedelta(minutes=minutes)
                session.add(
                    Ticket(
                        id=self.id_of(number),
                        tenant=self.tenant,
                        subject="",
                        channel="mail" if number % 2 else "api",
                        status=TicketStatus.WAITING,
                        created_at=at,
                    )
                )

    def id_of(self, number: int) -> str:
        """Of one of its tickets."""
        return f"tkt_{self.tenant}_{number}"

    async def act(self, act: dict[str, Any], *, tickets: int) -> None:
        """One thing happens to one ticket, or the workers count."""
        if act["kind"] == "count":
            await sums.catch_up(self.database.units)
            return
        ticket_id = self.id_of(act["ticket"] % tickets)
        if ticket_id in self.erased:
            return
        async with self.database.transaction() as session:
            ticket = await session.get_one(Ticket, ticket_id)
            await session.refresh(ticket)
            if act["kind"] == "erased":
                await erasing.remove(session, ticket_id)
                self.erased.add(ticket_id)
                return
            last = await self._last(session, ticket_id)
            await journal.append(
                session, ticket, *await getattr(self, act["kind"])(session, ticket, act)
            )
            at = ticket.created_at + timedelta(minutes=act["minutes"])
            await session.exec(
                update(JournalRow)
                .where(col(JournalRow.ticket_id) == ticket_id, col(JournalRow.seq) > last)
                .values(at=at)
            )

    async def _last(self, session: AsyncSession, ticket_id: str) -> int:
        query = select(JournalRow.seq).where(JournalRow.ticket_id == ticket_id)
        return max((await session.exec(query)).all(), default=0)

    async def turn(self, session: AsyncSession, ticket: Ticket, act: dict[str, Any]) -> list[Event]:
        """A run answers, asks or gives it away."""
        ticket.turn, ticket.intent = ticket.turn + 1, act["intent"]
        if act["end"] is not Outcome.CLOSED_BY_PERSON:
            session.add(
                Message(
                    ticket_id=ticket.id,
                    seq=ticket.turn,
                    turn=ticket.turn,
                    role="agent",
                    kind="reply",
                    text="",
                    created_at=ticket.created_at + timedelta(minutes=act["minutes"]),
                )
            )
        weighed = AskWeighed(
            outcome="supported", ask="a", confidence=act["value"], threshold=act["held_to"]
        )
        return [
            RunBegan(cause=RunCause.MESSAGE),
            AskWeighed(outcome="supported", ask="a", confidence=0.5, threshold=0.4),
            weighed,
            ToolCalled(tool="search_knowledge", tokens_in=3, cost_micros=5),
            ModelAsked(decision=MindDecision.WRITE, cost_micros=70, model="m"),
            TurnSettled(outcome=act["end"]),
        ]

    async def person(self, _: AsyncSession, ticket: Ticket, act: dict[str, Any]) -> list[Event]:
        """A person gets it."""
        return [Waiting(cause=Cause.HAND_OFF, outcome=act["reason"])]

    async def wrote(self, _: AsyncSession, ticket: Ticket, act: dict[str, Any]) -> list[Event]:
        """The customer writes on."""
        return [CustomerWrote(outcome=TicketStatus.SETTLED)]

    async def begun(self, _: AsyncSession, ticket: Ticket, act: dict[str, Any]) -> list[Event]:
        """A run begins."""
        return [RunBegan(cause=RunCause.MESSAGE)]

    async def lost(self, _: AsyncSession, ticket: Ticket, act: dict[str, Any]) -> list[Event]:
        """What was sent did not arrive."""
        return [Undelivered(outcome=OutgoingStatus.FAILED)]

    async def judged(
        self, session: AsyncSession, ticket: Ticket, act: dict[str, Any]
    ) -> list[Event]:
        """The customer says whether it helped, maybe after having said the opposite."""
        said = await session.get(Feedback, (ticket.id, ticket.turn)) or Feedback(
            ticket_id=ticket.id, turn=ticket.turn, tenant=ticket.tenant, solved=True
        )
        said.solved = act["yes"]
        session.add(said)
        return [AnswerJudged(outcome=Said.SOLVED if act["yes"] else Said.NOT_SOLVED)]

    async def wrong(self, session: AsyncSession, ticket: Ticket, _: dict[str, Any]) -> list[Event]:
        """A person marks the last answer as wrong."""
        session.add(
            Correction(
                id=f"cor_{next(NUMBERS)}",
                tenant=ticket.tenant,
                kind=CorrectionKind.ANSWER_WRONG,
                ticket_id=ticket.id,
                turn=ticket.turn,
                by="Ann",
            )
        )
        return [Corrected(outcome=CorrectionKind.ANSWER_WRONG)]

    async def undone(self, session: AsyncSession, ticket: Ticket, _: dict[str, Any]) -> list[Event]:
        """And takes it all back."""
        mine = col(Correction.ticket_id) == ticket.id
        await session.exec(update(Correction).where(mine).values(undone_at=MOMENT))
        return [Corrected(cause=Cause.UNDONE, outcome=CorrectionKind.ANSWER_WRONG)]

    async def handoff(
        self, session: AsyncSession, ticket: Ticket, act: dict[str, Any]
    ) -> list[Event]:
        """A person has a draft, or a ticket without one."""
        session.add(
            Handoff(
                id=f"hnd_{next(NUMBERS)}",
                ticket_id=ticket.id,
                tenant=ticket.tenant,
                turn=ticket.turn,
                reason=act["reason"],
                intent=act["intent"],
                explanation="",
            )
        )
        return [Waiting(cause=Cause.HAND_OFF, outcome=act["reason"])]

    async def decided(
        self, session: AsyncSession, ticket: Ticket, act: dict[str, Any]
    ) -> list[Event]:
        """And decides."""
        mine = await session.exec(select(Handoff).where(Handoff.ticket_id == ticket.id))
        for one in mine.all():
            one.decision = act["decision"]
            session.add(one)
        return [Waiting(cause=Cause.HAND_OFF, outcome=act["reason"])]

    async def read(
        self, window: Window, moment: datetime, *, all_of_them: bool = True
    ) -> tuple[Sums, All]:
        """The sums, and the same by reading every row."""
        unit = partial(sums.read_in, tenant=self.tenant, window=window, at=moment, quiet=QUIET)
        found, is_all = await self.database.units.read(unit)
        assert is_all is all_of_them
        when = When(window.since, window.until, moment, QUIET)
        async with self.database.reading() as session:
            rows = await read(session, self.tenant, when)
        rows.erased = bool(self.erased)
        return found, rows
