"""Changes of a state that several actions make. Pure."""

from typing import Any

from evals.protocol.model import Effect, Job, State, Worker
from memory.tables import EffectStatus

INTENDED, DONE = EffectStatus.INTENDED.value, EffectStatus.DONE.value
FAILED, UNKNOWN = EffectStatus.FAILED.value, EffectStatus.UNKNOWN.value


def put(now: State, number: int, **changes: Any) -> State:
    """The same with one worker changed."""
    workers = list(now.workers)
    workers[number] = workers[number]._replace(**changes)
    return now._replace(workers=tuple(workers))


def goes(now: State, number: int, pc: str) -> State:
    """The same with a worker at another place."""
    return put(now, number, pc=pc)


def over(now: State, number: int) -> State:
    """The job is done with, even where another has taken it over, and its worker is free."""
    me = now.workers[number]
    left = tuple(job for job in now.jobs if job.run != me.run)
    return put(now._replace(jobs=left), number, **Worker(locked=me.locked)._asdict())


def turned(now: State, changed: Job) -> State:
    """The same with one job changed."""
    jobs = tuple(changed if job.run == changed.run else job for job in now.jobs)
    return now._replace(jobs=jobs)


def queued(now: State) -> State:
    """The same with an entry for the present run."""
    return now._replace(jobs=(*now.jobs, Job(now.ticket.run)))


def is_live(now: State, run: int) -> bool:
    """Whether a run has an entry that is not over."""
    return any(job.run == run for job in now.jobs)


def fenced(now: State, number: int) -> bool:
    """Whether a newer drive has the ticket."""
    return now.ticket.epoch > now.workers[number].epoch


def opened(now: State, number: int) -> State:
    """The worker begins the effect of its key."""
    me, one = now.workers[number], now.ticket
    attempt = now.effects[me.key].attempt + 1
    stale = one.epoch != me.epoch or one.status != "running"
    opened = marked(now, me.key, Effect(INTENDED, attempt, stale))
    return put(opened, number, attempt=attempt)


def mark(now: State, key: int, status: str) -> State:
    """`done` is a fact that nothing takes back."""
    known = now.effects[key]
    return now if known.status == DONE else marked(now, key, known._replace(status=status))


def marked(now: State, key: int, effect: Effect) -> State:
    """The same with one effect changed."""
    effects = list(now.effects)
    effects[key] = effect
    return now._replace(effects=(effects[0], effects[1]))
