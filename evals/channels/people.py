"""The people of a tenant: they take over what is being written, and answer what waits for them."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import httpx2
from sqlmodel import col, select

from api.client.desk import DeskClient, DeskRefused, WholeHandoff
from evals.channels.contract import PeoplesDesk
from evals.channels.conversation import SLOW
from evals.channels.files import enclosed
from evals.channels.traces import ANSWERED, ASKED, Trace, answer_of_person, marks_in
from memory.storage.database import Database
from memory.tables import Message, Ticket, TicketStatus

LOOK_SECONDS = 0.3
THINKS_SECONDS = 4.0
"""How long a person thinks: longer than the agent's slow draft, which must not leave meanwhile."""
AT_ONCE = 50


@dataclass
class People:
    """Everybody who works for one tenant."""

    http: httpx2.AsyncClient
    database: Database
    tenant: str
    key: str
    desk: PeoplesDesk
    traces: Mapping[str, Trace]
    """By the mark of the first message."""
    answered: set[str] = field(default_factory=set)
    """Handoffs."""
    _seen: dict[str, float] = field(default_factory=dict)
    """Handoffs, by when they were first seen."""

    async def work(self) -> None:
        """Until cancelled; what fails, since a process has died, is tried again."""
        while True:
            try:
                await self._take_all()
                await self._answer_all()
            except (httpx2.TransportError, DeskRefused, httpx2.HTTPStatusError):
                pass  # a dead API, or somebody was quicker: the next look shows how it stands
            await asyncio.sleep(LOOK_SECONDS)

    async def _take_all(self) -> None:
        for ticket_id, mark in await self._slow():
            trace = self.traces.get(mark)
            if trace is not None and mark not in trace.taken:
                await self._take(ticket_id, mark, trace)

    async def _slow(self) -> list[tuple[str, str]]:
        """Tickets whose slow answer is being written, and the message that it answers."""
        query = (
            select(Ticket.id, Message.text)
            .join(Message, col(Message.ticket_id) == col(Ticket.id))
            .where(
                Ticket.tenant == self.tenant,
                col(Ticket.status).in_((TicketStatus.QUEUED.value, TicketStatus.RUNNING.value)),
                Ticket.turn == 1,
                Message.seq == 1,
            )
        )
        async with self.database.reading() as session:
            found = (await session.exec(query)).all()
        slow = [(ticket_id, text) for ticket_id, text in found if SLOW in text]
        return [(ticket_id, mark) for ticket_id, text in slow for mark in marks_in(text, ASKED)]

    async def _take(self, ticket_id: str, mark: str, trace: Trace) -> None:
        headers = {"Authorization": f"Bearer {self.key}"}
        path = f"/v1/tickets/{ticket_id}/takeover"
        answer = await self.http.post(path, json={}, headers=headers)
        if answer.is_success and answer.json()["agent_answer"] == "none":
            trace.taken[mark] = time.monotonic()

    async def _answer_all(self) -> None:
        moment = time.monotonic()
        for one in await self.desk.handoffs(AT_ONCE):
            if self._seen.setdefault(one.id, moment) + THINKS_SECONDS < moment:
                await self.answer(await self.desk.handoff(one.id))

    async def answer(self, handoff: WholeHandoff) -> None:
        """Reply to what has no answer yet, or close it where nothing is left."""
        marks, trace = unanswered(handoff), self._trace_of(handoff)
        # As the console does: what was read is answered here, and the agent answers none of it.
        read = handoff.version
        if handoff.agent_answer != "none":  # told so, a person looks at what the customer has
            marks = [mark for mark in marks if trace is None or not trace.is_answered(mark)]
        if marks:
            files = [] if trace is None else await self._uploads(trace, marks)
            text = answer_of_person(marks)
            await self.desk.decide(handoff.id, "reply", text=text, files=files, version=read)
        else:
            await self.desk.decide(handoff.id, "close", version=read)
        self.answered.add(handoff.id)

    def _trace_of(self, handoff: WholeHandoff) -> Trace | None:
        opened = marks_in(handoff.messages[0].text, ASKED)
        return self.traces.get(opened[0]) if opened else None

    async def _uploads(self, trace: Trace, marks: Sequence[str]) -> list[str]:
        if (file := enclosed(trace, marks)) is None:
            return []
        client = DeskClient(self.http, self.key)
        return [(await client.upload(file.name, file.content)).id]


def unanswered(handoff: WholeHandoff) -> list[str]:
    """The marks of the customer's messages that nobody has answered yet."""
    done = {
        mark
        for one in handoff.messages
        if one.role != "customer"
        for mark in marks_in(one.text, ANSWERED)
    }
    asked = [
        mark
        for one in handoff.messages
        if one.role == "customer"
        for mark in marks_in(one.text, ASKED)
    ]
    return [mark for mark in asked if mark not in done]
