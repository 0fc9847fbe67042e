"""What a ticket left behind inside and outside, and which rules that breaks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evals.faults.fault_injection import WRONG
from evals.faults.journeys import LIMITS, Journey
from memory.tables import JournalRow, Outcome, Ticket, TicketStatus
from memory.tool_names import DELIVER
from tools.contract import Json

MOST_ATTEMPTS = 3


@dataclass(frozen=True)
class Seen:
    """All that a ticket left behind, inside and outside."""

    journey: Journey
    value: str
    ticket: Ticket
    rows: Sequence[JournalRow]
    stats: Json
    seconds: float

    @property
    def attempts(self) -> int:
        """Attempts of the tool that meets the fault; asking what became of one is none."""
        tool = DELIVER if self.journey.operation == "replies" else self.journey.tool
        return sum(
            row.kind == "attempt" and row.name == tool and row.cause != "reconcile"
            for row in self.rows
        )

    @property
    def effects(self) -> list[Json]:
        """What the service performed of the operation under test, notices aside."""
        return [
            one["result"]
            for one in self.stats["performed"]
            if one["operation"] == self.journey.operation and one["result"].get("kind") != "notice"
        ]

    @property
    def replies(self) -> list[str]:
        """Replies that reached the customer."""
        results = [
            one["result"] for one in self.stats["performed"] if one["operation"] == "replies"
        ]
        return [result["text"] for result in results if result["kind"] == "reply"]

    def wrong(self, *, served: bool) -> Iterator[str]:
        """Every rule that was broken, in words."""
        yield from self._ending(served)
        yield from self._effects()
        yield from self._limits()
        yield from self._words()

    def _ending(self, served: bool) -> Iterator[str]:
        if self.ticket.status not in (TicketStatus.SETTLED, TicketStatus.WAITING):
            yield f"the ticket did not end: {self.ticket.status}"
        answered = self.ticket.outcome in (Outcome.DELIVERED, Outcome.ANSWERED_BY_PERSON)
        if served and not answered:
            yield "this fault should have been survived"
        if answered and not self.replies:
            yield "it counts as answered and no reply arrived"

    def _effects(self) -> Iterator[str]:
        if len(self.effects) > 1:
            yield f"an effect happened {len(self.effects)} times"
        if len(self.replies) > 1:
            yield f"{len(self.replies)} replies arrived"
        done = self.ticket.outcome == Outcome.ANSWERED_BY_PERSON
        if self.journey.effect and done and len(self.effects) != 1:
            yield "the action counts as done and was not"

    def _limits(self) -> Iterator[str]:
        calls = sum(row.kind == "call" and row.outcome == "ok" for row in self.rows)
        if calls > LIMITS.tool_calls:
            yield f"{calls} tool calls, at most {LIMITS.tool_calls} are allowed"
        if self.attempts > MOST_ATTEMPTS:
            yield f"{self.attempts} attempts, at most {MOST_ATTEMPTS} are allowed"
        if self.seconds > 2 * LIMITS.run_seconds:
            yield f"{self.seconds:.0f} s, two runs may take {2 * LIMITS.run_seconds:.0f} s"

    def _words(self) -> Iterator[str]:
        truth = self.journey.truth.format(it=self.value)
        for text in self.replies:
            if truth not in text:
                yield "a reply does not say what is true"
            if any(lie in text for lie in WRONG.values()):
                yield "a reply says what is wrong"
