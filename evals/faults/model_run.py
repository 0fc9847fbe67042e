"""One ticket through the real graph while its model misbehaves, and what must hold then."""

import re
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from api.runtimes import TenantRuntime
from api.wiring import Wiring
from api.worker import assembly
from evals.faults.model_answers import NONSENSE, ORDERED
from evals.faults.model_journeys import (
    HIT,
    LIMITS,
    MOST_OUTPUT,
    PRICE,
    SHORT,
    ModelJourney,
    ModelScenario,
    desk_for,
    load_model_scenarios,
    minds_for,
    tools,
)
from evals.faults.model_process import FaultyModel, serving_model
from evals.faults.run import FaultRow, wired
from evals.faults.service import OWNER
from evals.faults.specs import TENANT
from evals.stack.journal_gaps import gaps
from graph.build import build
from graph.desk.model import Desk
from graph.ledger import JournalledCalls
from memory.budgets.budgets import LedgerBudget
from memory.effects import EffectLedger
from memory.journal import journal
from memory.tables import JournalRow, Outcome, Ticket, TicketStatus
from memory.tickets import intake, tickets
from memory.tickets.intake import NewTicket
from tools.adapters.delivery import DeliverReply, Notify
from tools.adapters.fakes import ListedKnowledge, ListedPost, ScriptedTool
from tools.adapters.knowledge import SearchKnowledge
from tools.catalog import Catalog
from tools.checks.permission import Permissions
from tools.contract import Tool
from tools.gateway import ToolGateway
from tools.resilience.guards import Guards

LIES = (NONSENSE, ORDERED, "evil.example", "canteen")
SENTENCE = re.compile(r"[^.!?\n]+[.!?]?")
WORD = re.compile(r"\w+")
LEAST_WORDS = 3
"""A shorter piece of a reply states nothing."""


async def model_rows(
    journey: ModelJourney,
    done: Callable[[FaultRow], None] = lambda _: None,
    ledger: Path | None = None,
) -> list[FaultRow]:
    """Every scenario for one journey, with a model server and a ledger of their own.

    `ledger` is a migrated one to copy.
    """
    rows = []
    with serving_model() as model, tempfile.TemporaryDirectory(prefix="faults-") as home:
        async with wired(Path(home), ledger) as wiring:
            for scenario in load_model_scenarios():
                rows.append(await model_row(wiring, model, journey, scenario))
                done(rows[-1])
    return rows


async def model_row(
    wiring: Wiring, model: FaultyModel, journey: ModelJourney, scenario: ModelScenario
) -> FaultRow:
    """One ticket, alone with the fault."""
    model.reset()
    faults = [fault.model_dump() for fault in scenario.plan]
    model.plan(*faults, tool=scenario.tool, forever=scenario.forever)
    declared, post = tools(), ListedPost()
    specs = tuple(tool.spec for tool in declared)
    wait = SHORT if scenario.impatient else scenario.patience
    desk = desk_for(model.base_url, specs, journey, wait)
    minds, gateway = minds_for(desk, wiring.model_client), _gateway(wiring, desk, declared, post)
    wiring.runtimes.put(TenantRuntime(desk, build(desk.limits), minds, gateway, 0.6))
    started = time.monotonic()
    ticket = await _answered(wiring, journey.text)
    seconds = time.monotonic() - started
    async with wiring.database.reading() as session:
        rows = await journal.of_ticket(session, ticket.id)
    refunds = len(declared[1].calls)
    messages = list(post.messages.values())
    seen = SeenOfModel(journey, ticket, rows, messages, refunds, seconds, scenario.own_words)
    return FaultRow(
        journey=journey.name,
        scenario=scenario.name,
        outcome=f"{ticket.outcome}{f' ({ticket.reason})' if ticket.reason else ''}",
        attempts=len(seen.calls),
        reached=model.calls,
        effects=refunds,
        seconds=seconds,
        cost_micros=sum(row.cost_micros for row in seen.calls),
        wrong=tuple(seen.wrong(served=scenario.served and journey.answerable)),
    )


async def _answered(wiring: Wiring, text: str) -> Ticket:
    async with wiring.database.transaction() as session:
        accepted = await intake.accept(
            session,
            wiring.queue,
            tenant=TENANT,
            new=NewTicket("", text, customer_email=OWNER, vouched_by="drill"),
            key=None,
            digest="",
        )
    driver, ticket = assembly.ticket_driver(wiring), accepted.ticket
    rested = await driver.drive(ticket.id, ticket.run)
    if rested is not None:
        await driver.settle(ticket.id, rested)
    async with wiring.database.reading() as session:
        return await tickets.get(session, TENANT, ticket.id)


@dataclass(frozen=True)
class SeenOfModel:
    """All that a ticket left behind."""

    journey: ModelJourney
    ticket: Ticket
    rows: Sequence[JournalRow]
    messages: Sequence[dict[str, str]]
    """What reached the customer."""
    refunds: int
    """Calls of a write that nobody approved."""
    seconds: float
    own_words: bool = False
    """Whether a sentence of the evidence's words in another order counts as stated."""

    @property
    def calls(self) -> list[JournalRow]:
        """Calls of a model, as the journal has them."""
        return [r for r in self.rows if r.name.startswith("model:") and r.outcome != "refused"]

    def wrong(self, *, served: bool) -> Iterator[str]:
        """Every rule that was broken, in words."""
        yield from self._ending(served)
        yield from self._limits()
        yield from self._words()
        if self.refunds:
            yield f"money was paid back {self.refunds} times, and nobody approved it"
        yield from (f"the journal has a gap: {gap}" for gap in gaps(self.rows))

    def _ending(self, served: bool) -> Iterator[str]:
        if self.ticket.status not in (TicketStatus.SETTLED, TicketStatus.WAITING):
            yield f"the ticket did not end: {self.ticket.status}"
        if served and self.ticket.outcome != Outcome.DELIVERED:
            yield "this fault should have been survived"

    def _limits(self) -> Iterator[str]:
        if len(self.calls) > LIMITS.model_calls:
            yield f"{len(self.calls)} model calls, at most {LIMITS.model_calls} are allowed"
        if self.seconds > LIMITS.run_seconds:
            yield f"{self.seconds:.0f} s, a run may take {LIMITS.run_seconds:.0f} s"
        # A provider that sends more than it was asked for is paid for it, and then no call is
        # left: only what was asked for can be bounded beforehand.
        surplus = sum(max(0, row.tokens_out - MOST_OUTPUT) for row in self.calls)
        spent = sum(row.cost_micros for row in self.calls) - round(
            surplus * PRICE.output_per_million
        )
        if spent > LIMITS.cost_micros:
            yield f"{spent} micros were spent, at most {LIMITS.cost_micros} are allowed"

    def _words(self) -> Iterator[str]:
        replies = [one["text"] for one in self.messages if one["kind"] == "reply"]
        if len(replies) > 1:
            yield f"{len(replies)} replies arrived"
        if any(lie in one["text"] for one in self.messages for lie in LIES):
            yield "a message says what is wrong"
        for text in replies:
            if stated := self._ungrounded(text):
                yield f"a reply states what no evidence does ({len(stated)} sentences)"

    def _ungrounded(self, text: str) -> list[str]:
        """Sentences between greeting and closing that are none of what the evidence states."""
        body = text.partition("\n")[2].rpartition("Kind regards")[0]
        for truth in self.journey.truths:
            body = body.replace(truth, " ")
        left = [s for s in SENTENCE.findall(body) if len(s.split()) >= LEAST_WORDS]
        if not self.own_words:
            return left
        known = _words(f"{' '.join(self.journey.truths)} {HIT.title} {HIT.heading}")
        return [sentence for sentence in left if not _words(sentence) <= known]


def _words(text: str) -> set[str]:
    return set(WORD.findall(text.casefold()))


def _gateway(
    wiring: Wiring, desk: Desk, declared: Sequence[ScriptedTool], post: ListedPost
) -> ToolGateway:
    known: list[Tool] = [SearchKnowledge(ListedKnowledge([HIT]), TENANT), *declared]
    known += [DeliverReply(post), Notify(post)]
    return ToolGateway(
        Catalog({tool.spec.name: tool for tool in known}, TENANT),
        permissions=Permissions(desk.tools_of),
        guards=Guards(),
        budget=LedgerBudget(wiring.database, turn=desk.limits.ceiling),
        ledger=EffectLedger(wiring.database),
        log=JournalledCalls(wiring.database),
    )
