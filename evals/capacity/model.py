"""A queueing model of a deployment: stations in a row, each with its servers and its cost a ticket.

Tickets come at random (Poisson), are acknowledged by an API core, driven by a worker core in several
pieces, committed by a database, and wait for a model that costs no processor. Costs are measured by
`python -m evals bench`; the model adds only the waiting that comes of sharing.
"""

import heapq
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

Engine = Literal["sqlite", "postgres"]
MS = 1000.0
FULL = 0.8
"""A station that is busy for a larger share of the time makes tickets wait long: it is called full."""
SEED = 20_261_126


@dataclass(frozen=True)
class Costs:
    """Of one ticket, as measured on one machine."""

    api_ms: float
    """Processor of the API, acknowledgement and reads of its end."""
    worker_ms: float
    """Processor of the worker, without local models."""
    minds_ms: float
    """Processor of the local minds; 0 where a chat model decides elsewhere."""
    commit_ms: float
    """For which the ledger's one writer (SQLite), or the log of the server (Postgres), is held."""
    server_ms: float
    """Processor of the Postgres server; 0 on SQLite."""
    wait_ms: float
    """That a ticket waits for models and tools outside, without holding a core."""
    mb_per_1000: float
    """On disk beyond the texts."""


@dataclass(frozen=True)
class Site:
    """Machines of a kind."""

    machines: int
    cores: int
    engine: Engine

    @property
    def all_cores(self) -> int:
        """Of the machines that run APIs and workers."""
        return self.machines * self.cores


@dataclass(frozen=True)
class Station:
    """Something that tickets queue for."""

    name: str
    servers: int
    ms: float
    """For which one ticket holds one of the servers."""

    def busy(self, rate: float) -> float:
        """The share of the time for which each server is busy; over one, the queue only grows."""
        return rate * self.ms / MS / self.servers

    @property
    def most(self) -> float:
        """Tickets a second at which it is full."""
        return FULL * MS * self.servers / self.ms


@dataclass(frozen=True)
class Load:
    """How a site does at a rate."""

    rate: float
    busiest: Station
    busy: float
    p50_seconds: float | None
    """From arrival to end; None where a queue only grows."""
    p95_seconds: float | None


def _stations(costs: Costs, site: Site) -> list[Station]:
    """In the order in which a ticket passes them. APIs and workers share the machines' cores."""
    own = costs.api_ms + costs.worker_ms + costs.minds_ms
    found = [Station("cores of APIs and workers", site.all_cores, own)]
    if site.engine == "postgres":
        found.append(Station("cores of the database server", site.cores, costs.server_ms))
    # One ledger has one log, whoever writes it and on however many machines.
    found.append(Station("commits of the ledger", 1, costs.commit_ms))
    return [one for one in found if one.ms > 0]


def carried(costs: Costs, site: Site) -> tuple[float, Station]:
    """Tickets a second until the first station is full, and which one that is."""
    first = min(_stations(costs, site), key=lambda one: one.most)
    return first.most, first


def load(costs: Costs, site: Site, rate: float, tickets: int) -> Load:
    """How a site does at a rate, by playing so many tickets through its stations."""
    passed = _stations(costs, site)
    busiest = max(passed, key=lambda one: one.busy(rate))
    busy = busiest.busy(rate)
    if busy >= 1:
        return Load(rate, busiest, busy, None, None)
    taken = played(passed, rate, tickets, costs.wait_ms / MS)
    middle, late = np.percentile(taken, [50, 95])
    return Load(rate, busiest, busy, float(middle), float(late))


def played(
    passed: Sequence[Station], rate: float, tickets: int, wait_seconds: float
) -> list[float]:
    """Seconds from arrival to end of each ticket, first come first served at each station.

    Services are exponential, as pieces of very different length are.
    """
    chance = random.Random(SEED)  # noqa: S311 - repeatable
    arrivals, moment = [], 0.0
    for _ in range(tickets):
        moment += chance.expovariate(rate)
        arrivals.append(moment)
    at = list(enumerate(arrivals))
    for station in passed:
        free = [0.0] * min(station.servers, tickets)
        for place, (number, comes) in enumerate(sorted(at, key=lambda one: one[1])):
            begins = max(comes, heapq.heappop(free))
            ends = begins + chance.expovariate(MS / station.ms)
            heapq.heappush(free, ends)
            at[place] = (number, ends)
    return [ends + wait_seconds - arrivals[number] for number, ends in at]
