"""Several workers and people move one ticket at once, each by what it saw a while ago.

Whatever they try, what happened is what a plain model of the ticket's life allows in some order:
who won, who was held, the numbers, and the one queue entry of each run with its cause.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from itertools import permutations
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.journal.codes import RunCause
from memory.storage.database import Database
from memory.storage.errors import Fenced
from memory.storage.queue import Queue, workflow_id
from memory.tables import Outcome, Ticket
from memory.tickets import driving, lifecycle, tickets
from memory.tickets.lifecycle import Held, Moved
from memory.tickets.transitions import TRANSITIONS, Transition
from tests.postgres import copy_of

HOLD = "hold"
DONE = {"waiting", "settled"}


@dataclass(frozen=True)
class Model:
    """A ticket's life in plain Python."""

    status: str = "queued"
    run: int = 1
    epoch: int = 0
    turn: int = 1
    redrives: int = 0
    jobs: tuple[tuple[int, str], ...] = ((1, "accepted"),)

    def queued(self, cause: str, **changes: Any) -> Model:
        """It waits for a worker, with the entry of a new run."""
        run = self.run + 1
        return replace(self, status="queued", run=run, jobs=(*self.jobs, (run, cause)), **changes)


@dataclass(frozen=True)
class Act:
    """What somebody tries, knowing the ticket as it was."""

    kind: str
    seen: Model


def after(now: Model, act: Act) -> Model | None:
    """How the ticket stands after the act; None where it must be refused."""
    if act.kind == "erase":  # whoever drives it, and wherever it stands
        return replace(now, status="settled", run=now.run + 1, epoch=now.epoch + 1)
    if act.kind == "amend":  # whoever drives it: the customer wrote on
        anew = replace(now, epoch=now.epoch + 1).queued("amended")
        return anew if now.status == "running" else None
    if act.kind in {"next turn", "carry out", "merge"}:
        return _at_rest(now, act.kind)
    if act.kind in {"take over", "redrive", "give up"}:
        seen = act.seen.run, act.seen.epoch, act.seen.status
        same = seen == (now.run, now.epoch, now.status)
        return _from_the_run(now, act.kind) if same and now.status not in DONE else None
    return _of_a_drive(now, act)


def _at_rest(now: Model, kind: str) -> Model | None:
    if kind == "next turn" and now.status == "settled":
        return now.queued("message", turn=now.turn + 1, redrives=0)
    if kind == "carry out" and now.status == "waiting":
        return now.queued("decision", redrives=0)
    return replace(now, status="settled") if (kind, now.status) == ("merge", "waiting") else None


def _from_the_run(now: Model, kind: str) -> Model:
    fenced = replace(now, epoch=now.epoch + 1)
    if kind == "take over":
        return replace(fenced, status="waiting", run=now.run + 1)
    if kind == "redrive":
        return fenced.queued("redrive", redrives=now.redrives + 1)
    return replace(fenced, status="waiting", redrives=now.redrives + 1)


def _of_a_drive(now: Model, act: Act) -> Model | None:
    if act.kind == "begin":
        if act.seen.run != now.run or now.status in DONE:
            return None
        return replace(now, status="running", epoch=now.epoch + 1)
    if act.seen.epoch != now.epoch:
        return None
    if act.kind == HOLD:
        return now
    ends = {"rest": "waiting", "settle": "settled"}
    return replace(now, status=ends[act.kind]) if now.status == "running" else None


@dataclass
class Desk:
    """One ticket in a ledger of its own."""

    database: Database
    queue: Queue
    name: str

    async def attempt(self, act: Act) -> Model | None:
        """How the ticket stood after the act, without its jobs; None where it was refused."""
        # On SQLite a plain BEGIN, which takes no lock by itself: nothing may rest on more.
        database = self.database
        opened = database.reading() if database.is_sqlite else database.transaction()
        async with opened as session:
            try:
                happened = await self._tried(session, act)
            except Fenced:
                return None
            return None if isinstance(happened, Held) else standing(happened.ticket)

    async def _tried(self, session: AsyncSession, act: Act) -> Moved | Held:
        seen, name, queue = act.seen, self.name, self.queue
        known = Ticket(
            id=name, tenant="acme", subject="", run=seen.run, epoch=seen.epoch, status=seen.status
        )
        tried: dict[str, Callable[[], Awaitable[Moved | Held]]] = {
            "begin": lambda: lifecycle.begin(session, name, run=seen.run),
            "rest": lambda: lifecycle.rest(session, name, epoch=seen.epoch, interrupt_id="i"),
            "settle": lambda: lifecycle.settle(
                session, name, epoch=seen.epoch, outcome=Outcome.DELIVERED
            ),
            "next turn": lambda: lifecycle.next_turn(session, queue, name),
            "carry out": lambda: lifecycle.carry_out(
                session, queue, name, RunCause.DECISION, handled=1
            ),
            "amend": lambda: lifecycle.amend(session, queue, name),
            "merge": lambda: lifecycle.merge(session, name, handled=1),
            "take over": lambda: lifecycle.take_over(session, known, reason="taken_over"),
            "redrive": lambda: lifecycle.redrive(session, queue, known),
            "give up": lambda: lifecycle.give_up(session, known, reason="run_failed"),
            "erase": lambda: lifecycle.erase(session, name),
        }
        if act.kind != HOLD:
            return await tried[act.kind]()
        return Moved(Transition.BEGIN, await lifecycle.hold(session, name, epoch=seen.epoch))

    async def stands(self) -> Model:
        """The ticket as it is stored, with the queue entries of its runs."""
        async with self.database.reading() as session:
            ticket = await tickets.get(session, None, self.name)
        found = await self.queue.client.list_workflows_async(
            workflow_id_prefix=workflow_id(self.name, 0)[:-1], load_output=False
        )
        given = [one.input["args"] for one in found if one.input is not None]
        return replace(
            standing(ticket), jobs=tuple(sorted((run, cause) for _, run, cause in given))
        )


def standing(ticket: Ticket) -> Model:
    """What the model knows of a row."""
    return Model(ticket.status, ticket.run, ticket.epoch, ticket.turn, ticket.redrives, ())


def explained(before: Model, acts: Sequence[Act], saw: Sequence[Model | None]) -> set[Model]:
    """How the ticket may stand after acts that happened at once and were answered so."""
    return {
        end
        for order in permutations(range(len(acts)))
        if (end := _in_order(before, [(acts[one], saw[one]) for one in order])) is not None
    }


def _in_order(now: Model, answered: Sequence[tuple[Act, Model | None]]) -> Model | None:
    for act, saw in answered:
        wanted = after(now, act)
        if (None if wanted is None else replace(wanted, jobs=())) != saw:
            return None
        now = wanted or now
    return now


KINDS = [*(one.value for one in Transition if one is not Transition.ACCEPT), HOLD]
# Most know the present; some have slept through a change or three.
tries = st.tuples(st.sampled_from(KINDS), st.sampled_from([0, 0, 0, 0, 1, 2, 3]))
rounds = st.lists(st.lists(tries, min_size=1, max_size=4), min_size=1, max_size=15)


@settings(
    max_examples=int(os.environ.get("DESKHAND_TEST_EXAMPLES", "25")),
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(moves=rounds)
def test_every_order_of_transitions_is_one_that_the_model_allows(
    template: Path, moves: list[list[tuple[str, int]]]
) -> None:
    """Who wins and who is held, from stale views and at once."""
    asyncio.run(_played(template, moves))


async def _played(template: Path, moves: list[list[tuple[str, int]]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = copy_of(template, Path(folder))
        database, queue = Database(url), Queue(url)
        try:
            await _against_the_model(database, queue, moves)
        finally:
            queue.close()
            await database.close()


async def _against_the_model(
    database: Database, queue: Queue, moves: list[list[tuple[str, int]]]
) -> None:
    new = driving.ROWS.new(id="tkt_1", tenant="acme", subject="")
    lifecycle.made(await database.units.write(lambda do: driving.accept_in(do, queue, new)))
    desk, history = Desk(database, queue, "tkt_1"), [Model()]
    assert await desk.stands() == history[-1]
    for tried in moves:
        acts = [Act(kind, history[max(0, len(history) - 1 - ago)]) for kind, ago in tried]
        saw = await asyncio.gather(*(desk.attempt(act) for act in acts))
        allowed, stands = explained(history[-1], acts, saw), await desk.stands()
        assert stands in allowed, (history[-1], acts, saw)
        history.append(stands)


def test_the_table_of_transitions_is_the_model() -> None:
    """Where each may begin, where it leads, and which numbers grow."""
    for transition, rule in TRANSITIONS.items():
        if transition is Transition.ACCEPT:
            continue
        for status in ("queued", "running", "waiting", "settled"):
            now = Model(status=status)
            then = after(now, Act(transition.value, now))
            assert (then is not None) == (status in rule.sources), (transition, status)
            if then is not None:
                grown = (then.run - now.run, then.epoch - now.epoch)
                assert (then.status, *grown) == (rule.target, rule.new_run, rule.new_epoch)
