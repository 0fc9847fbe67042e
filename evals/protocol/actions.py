"""What may happen next in a state. Pure: a state in, named states out."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from evals.protocol.changes import (
    DONE,
    FAILED,
    UNKNOWN,
    fenced,
    goes,
    is_live,
    mark,
    opened,
    over,
    put,
    queued,
    turned,
)
from evals.protocol.model import (
    HELD,
    NOBODY,
    PERSON,
    QUEUED,
    Bounds,
    Job,
    Pc,
    Rules,
    Service,
    State,
    TicketState,
    Worker,
    move,
)
from memory.tickets.transitions import Transition

REPLIES = ("agent's", "person's")
"""How a ticket ended that was answered, by the reply's key."""
AT_WORK = frozenset({"queued", "running"})


@dataclass(frozen=True)
class Step:
    """One thing that happens."""

    name: str
    after: State
    fault: bool = False
    """Whether a history without it is still a fair one."""


@dataclass(frozen=True)
class World:
    """What does not change within a history."""

    bounds: Bounds
    service: Service
    rules: Rules

    def steps(self, now: State) -> Iterator[Step]:
        """Everything that may happen next."""
        for number in range(len(now.workers)):
            yield from self._of_worker(now, number)
        yield from self._of_sweeper(now)
        yield from self._of_person(now)
        yield from self._of_customer(now)

    def _of_worker(self, now: State, number: int) -> Iterator[Step]:
        me = now.workers[number]
        if me.pc == Pc.IDLE:
            yield from _claims(now, number)
        else:
            for name, after in DOES[me.pc](self, now, number):
                yield Step(f"{number} {name}", after)
        if me.locked:
            yield from _recoveries(now, number)
        else:
            yield Step(f"{number} holds its lock again", put(now, number, locked=True))
        yield from self._faults(now, number)

    def _faults(self, now: State, number: int) -> Iterator[Step]:
        me = now.workers[number]
        if me.pc != Pc.IDLE and now.crashes < self.bounds.crashes:
            # Whoever comes in its place has another name: what it held belongs to nobody living.
            died = put(now, number, **Worker()._asdict())
            jobs = tuple(
                job._replace(holder=NOBODY) if job.holder == number else job for job in now.jobs
            )
            died = died._replace(jobs=jobs, crashes=now.crashes + 1)
            yield Step(f"{number} dies", died, fault=True)
        if me.locked and me.pc != Pc.IDLE and now.lost_locks < self.bounds.lost_locks:
            lost = put(now, number, locked=False)._replace(lost_locks=now.lost_locks + 1)
            yield Step(f"{number} loses its lock", lost, fault=True)

    def _of_sweeper(self, now: State) -> Iterator[Step]:
        one = now.ticket
        if now.seen is None:
            if one.status in AT_WORK and not is_live(now, one.run):
                yield Step("sweeper looks", now._replace(seen=one))
            return
        again = now.redrives < self.bounds.redrives
        kind = Transition.REDRIVE if again else Transition.GIVE_UP
        seen = now.seen
        moved = self.move(one, kind, run=seen.run, epoch=seen.epoch, status=seen.status)
        after = now._replace(seen=None)
        if moved is not None:
            after = after._replace(ticket=moved, redrives=now.redrives + 1)
            after = queued(after) if again else after._replace(told="person")
        yield Step(f"sweeper: {kind}", after)

    def _of_person(self, now: State) -> Iterator[Step]:
        one = now.ticket
        if one.status in AT_WORK and now.takeovers < self.bounds.takeovers and not now.decided:
            moved = self.move(one, Transition.TAKE_OVER, run=one.run, epoch=one.epoch)
            if moved is not None:
                after = now._replace(ticket=moved, takeovers=now.takeovers + 1, told="person")
                yield Step("person takes over", after, fault=True)
        if one.status == "waiting" and now.replies < self.bounds.replies:
            moved = self.move(one, Transition.CARRY_OUT)
            if moved is not None:
                replied = now._replace(ticket=moved, decided=True, told="")
                after = queued(replied._replace(replies=now.replies + 1))
                yield Step("person replies", after, fault=True)

    def _of_customer(self, now: State) -> Iterator[Step]:
        """Before anything was intended, the turn begins anew; later the message waits."""
        untouched = not any(effect.status for effect in now.effects) and not now.told
        if now.amends < self.bounds.amends and untouched and not now.decided:
            moved = self.move(now.ticket, Transition.AMEND)
            if moved is not None:
                anew = now._replace(ticket=moved, choice="", amends=now.amends + 1)
                yield Step("customer writes on", queued(anew), fault=True)

    def move(
        self, ticket: TicketState, transition: Transition, **seen: int | str
    ) -> TicketState | None:
        """How the ticket stands after it, by the rules of this world; None where it is held."""
        return move(self.rules, ticket, transition, **seen)  # type: ignore[arg-type]


def _claims(now: State, number: int) -> Iterator[Step]:
    for job in now.jobs:
        if job.state == QUEUED:
            held = turned(now, Job(job.run, HELD, number))
            yield Step(
                f"{number} claims run {job.run}", put(held, number, pc=Pc.BEGIN, run=job.run)
            )


def _recoveries(now: State, number: int) -> Iterator[Step]:
    for job in now.jobs:
        who = job.holder
        dead = who == NOBODY or (who != number and not now.workers[who].locked)
        if job.state == HELD and dead:
            yield Step(f"{number} recovers run {job.run}", turned(now, Job(job.run)))


Outcomes = Iterator[tuple[str, State]]


def _begin(world: World, now: State, number: int) -> Outcomes:
    me = now.workers[number]
    moved = world.move(now.ticket, Transition.BEGIN, run=me.run)
    if moved is None:
        yield "is superseded", over(now, number)
    else:
        begun = put(now._replace(ticket=moved), number, epoch=moved.epoch)
        yield "begins", goes(begun, number, Pc.DECIDE)


def _decide(_: World, now: State, number: int) -> Outcomes:
    # The choice is in the checkpoint, whose writes meet the fence.
    if fenced(now, number):
        yield "is fenced", over(now, number)
    elif now.decided:
        yield "carries out", put(now, number, pc=Pc.WANT, key=PERSON)
    else:
        for choice, pc in (("answer", Pc.WANT), ("person", Pc.REST)):
            if now.choice in {"", choice}:
                yield f"chooses {choice}", goes(now._replace(choice=choice), number, pc)


def _want(world: World, now: State, number: int) -> Outcomes:
    if world.rules.effects_fenced and fenced(now, number):
        yield "is fenced", over(now, number)
        return
    key = now.workers[number].key
    known = now.effects[key].status
    if known in {"", FAILED}:
        intended = opened(now, number) if world.rules.intends_first else now
        yield "intends", goes(intended, number, Pc.CALL)
    elif known == DONE:
        yield "finds it done", goes(now, number, Pc.SETTLE)
    elif world.rules.doubts_kept:
        in_doubt = put(mark(now, key, UNKNOWN), number, doubt=True)
        yield "finds doubt", goes(in_doubt, number, Pc.ASK)
    else:
        yield "goes on", goes(now, number, Pc.CALL)


def _ask(world: World, now: State, number: int) -> Outcomes:
    key = now.workers[number].key
    if world.service.tells and now.arrived[key]:
        yield "hears that it arrived", goes(mark(now, key, DONE), number, Pc.SETTLE)
    elif world.service.honours_key:
        yield "hears nothing", goes(now, number, Pc.AGAIN)
    else:
        yield "cannot tell", goes(now, number, Pc.REST)


def _again(world: World, now: State, number: int) -> Outcomes:
    if world.rules.effects_fenced and fenced(now, number):
        yield "is fenced", over(now, number)
        return
    key = now.workers[number].key
    if now.effects[key].status == UNKNOWN:
        yield "tries again", goes(opened(now, number), number, Pc.CALL)
    elif now.effects[key].status == DONE:
        yield "finds it done", goes(now, number, Pc.SETTLE)
    else:
        yield "cannot tell", goes(now, number, Pc.REST)


def _call(world: World, now: State, number: int) -> Outcomes:
    key = now.workers[number].key
    arrived = list(now.arrived)
    arrived[key] = 1 if world.service.honours_key else arrived[key] + 1
    called = now._replace(arrived=(arrived[0], arrived[1]))
    yield "sends", goes(called, number, Pc.RECORD)
    if now.lost_answers < world.bounds.lost_answers:
        lost = called._replace(lost_answers=now.lost_answers + 1)
        yield "sends and hears nothing", goes(lost, number, Pc.DOUBT)
    yield "is refused", goes(_refused(world, now, number), number, Pc.REST)


def _refused(world: World, now: State, number: int) -> State:
    me = now.workers[number]
    if me.doubt:
        return mark(now, me.key, UNKNOWN)
    mine = now.effects[me.key].attempt == me.attempt
    return mark(now, me.key, FAILED) if mine or not world.rules.failures_by_attempt else now


def _record(_: World, now: State, number: int) -> Outcomes:
    key = now.workers[number].key
    yield "records it", goes(mark(now, key, DONE), number, Pc.SETTLE)


def _doubt(world: World, now: State, number: int) -> Outcomes:
    key = now.workers[number].key
    if world.service.tells:
        yield "asks", goes(now, number, Pc.RECORD)
    else:
        yield "leaves doubt", goes(mark(now, key, UNKNOWN), number, Pc.REST)


def _settle(world: World, now: State, number: int) -> Outcomes:
    told = REPLIES[now.workers[number].key]
    yield from _ends(world, now, number, Transition.SETTLE, told)


def _rest(world: World, now: State, number: int) -> Outcomes:
    yield from _ends(world, now, number, Transition.REST, "person")


def _ends(world: World, now: State, number: int, kind: Transition, told: str) -> Outcomes:
    epoch = now.workers[number].epoch
    seen: Mapping[str, int] = {"epoch": epoch} if world.rules.ends_fenced else {}
    moved = world.move(now.ticket, kind, **seen)
    if moved is not None:
        after = now._replace(ticket=moved, told=told)
        if kind is Transition.REST:
            after = after._replace(decided=False)
        yield f"{kind}s", over(after, number)
    else:
        yield "is fenced", over(now, number)


DOES: Mapping[str, Callable[[World, State, int], Outcomes]] = {
    Pc.BEGIN: _begin,
    Pc.DECIDE: _decide,
    Pc.WANT: _want,
    Pc.ASK: _ask,
    Pc.AGAIN: _again,
    Pc.CALL: _call,
    Pc.RECORD: _record,
    Pc.DOUBT: _doubt,
    Pc.SETTLE: _settle,
    Pc.REST: _rest,
}
