"""Can the program do its work? Facts, and from them named checks that say what to do.

The API, the console and `deskhand doctor` show the same checks.
"""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from graph.desk.model import Desk
from memory.channels import states
from memory.handoffs import outbox
from memory.handoffs.outbox import Standing
from memory.insight import ledger_metrics
from memory.storage import readiness
from memory.storage.database import Database
from memory.storage.errors import DAMAGES, StorageUnavailable
from memory.storage.readiness import Depths
from memory.tables import ChannelState, WorkerBeat
from memory.workers import beats, drives
from memory.workers.drives import UnderWay

State = Literal["ok", "warn", "fail"]

LITTLE_DISK_BYTES = 1_000_000_000
NO_DISK_BYTES = 100_000_000
"""Below, writing is about to fail."""
WAITS = timedelta(seconds=10)
"""A ticket that has waited so long while nothing is driven means that the queue stands still."""
STANDS_STILL = timedelta(seconds=60)
"""The same while something is driven, but nothing new was begun."""
MOST_SKEW = timedelta(seconds=5)
"""A worker's clock may differ so far from the database's."""
CHANNEL_SILENT = timedelta(seconds=60)
"""A channel that nobody has shown to run for so long is run by nobody."""
MOST_CHANNELS = 5
"""Named in one line."""
LOOK_SECONDS = 8.0
"""How long an answer may take: a database that hangs would keep whoever watches from being told."""
FRESH_SECONDS = 2.0
"""How long an answer serves all who ask."""
LOCAL_FOLDER = "the data folder"
NONE_OWED = Standing()


@dataclass(frozen=True)
class Check:
    """One thing that was looked at."""

    name: str
    state: State
    words: str
    """What was found and, if it is not well, what to do."""


@dataclass(frozen=True)
class Facts:
    """What was found at one moment."""

    at: datetime
    """By the database's clock, as workers and channels write theirs."""
    depths: Depths
    under_way: UnderWay
    workers: Sequence[WorkerBeat]
    free_bytes: int | None
    """On the data folder's disk; None if it cannot be told."""
    channels: Sequence[ChannelState] = ()
    """How the channels of all tenants stand."""
    letters: Standing = NONE_OWED
    held_back: int = 0
    """Tools whose breaker is not closed in some worker."""
    damage: str = ""
    """What this process has met of it in the ledger."""


def checks(facts: Facts, desks: Iterable[Desk] = ()) -> list[Check]:
    """What is well and what is not, in a fixed order. `desks`: whose channels somebody has to run."""
    found = [_workers(facts), _index(facts), _queue(facts), _disk(facts)]
    told = [*(row.trouble for row in facts.workers), *(row.trouble for row in facts.channels)]
    met = [facts.damage, *told]
    if damage := next((words for words in met if words in DAMAGES), None):
        found.append(Check("ledger", "fail", f"{damage[0].upper()}{damage[1:]}."))
    skews = [(beats.skew(row, facts.at), row) for row in facts.workers]
    if wrong := [one for one in skews if abs(one[0]) > MOST_SKEW]:
        found.append(_clock(*wrong[0]))
    if facts.letters != NONE_OWED:
        found.append(_notices(facts.letters))
    if facts.held_back:
        found.append(_tools(facts.held_back))
    shown = [row for row in facts.channels if not row.cursor and row.part != states.LEDGER]
    run = {(row.tenant, row.channel) for row in shown}
    idle = [one for desk in desks for one in desk.channels.served if (desk.tenant, one) not in run]
    known = bool(facts.channels or idle)
    return [*found, _channels(shown, facts.at, idle=bool(idle))] if known else found


def worst(found: Sequence[Check]) -> State:
    """The state of the whole."""
    states = {one.state for one in found}
    return "fail" if "fail" in states else "warn" if "warn" in states else "ok"


def alive(facts: Facts) -> list[WorkerBeat]:
    """Workers that were heard of a moment ago and do their work."""
    return [row for row in facts.workers if not beats.is_silent(row, facts.at) and row.slots]


def silent(facts: Facts) -> list[WorkerBeat]:
    """Workers that were heard of, but not lately."""
    return [row for row in facts.workers if beats.is_silent(row, facts.at) and row.slots]


def _workers(facts: Facts) -> Check:
    living, quiet = alive(facts), silent(facts)
    refused = [row for row in facts.workers if not row.slots and row.trouble]
    if not living and refused:  # also where one died before: the new one says why
        words = f"The worker cannot start: {refused[0].trouble}"
        return Check("workers", "fail", words)
    if not living and quiet:
        last = max(quiet, key=lambda row: row.beat_at)
        words = f"No worker answers: {silence(last, facts.at)}. `deskhand up` replaces it."
        return Check("workers", "fail", words)
    if not living:
        words = "No worker is running, so tickets wait: run `deskhand up` or `deskhand worker`."
        return Check("workers", "fail", words)
    if quiet:
        words = f"{len(living)} of {len(living) + len(quiet)} workers answer: "
        return Check("workers", "warn", words + "; ".join(silence(r, facts.at) for r in quiet[:5]))
    return Check("workers", "ok", f"{len(living)} running.")


def _clock(skew: timedelta, row: WorkerBeat) -> Check:
    """Nothing that keeps the promise rests on it, and Deskhand goes by the database's; codes do not."""
    seconds = skew.total_seconds()
    words = (
        f"The clock of {row.host} is {abs(seconds):.0f} s {'ahead' if seconds > 0 else 'behind'}, seen"
        f" from the database's, by which {row.worker} goes; codes and mail go by its own: let both use NTP."
    )
    return Check("clock", "fail", words)


def silence(row: WorkerBeat, at: datetime) -> str:
    """Who has been silent, and for how long."""
    seconds = (at - row.beat_at).total_seconds()
    return f"{row.worker} (process {row.pid} on {row.host}) has been silent for {seconds:.0f} s"


def _index(facts: Facts) -> Check:
    troubled = [row for row in facts.workers if row.trouble and row.trouble not in DAMAGES]
    if troubled:
        return Check("index", "fail", f"{troubled[0].trouble}")
    if not alive(facts):
        return Check("index", "warn", "Unknown while no worker answers: only workers open it.")
    return Check("index", "ok", "Open in every worker.")


def _queue(facts: Facts) -> Check:
    queued, waited = facts.depths.queued, facts.depths.oldest_queued_seconds
    words = f"{queued} queued, {facts.under_way.count} driven."
    begun = facts.under_way.newest
    quiet = begun is None or facts.at - begun > STANDS_STILL
    limit = WAITS if begun is None else STANDS_STILL
    if queued and quiet and waited > limit.total_seconds():
        words = (
            f"The queue does not move. Tickets that wait: {queued}, the oldest for {waited:.0f} s, and"
            " no worker takes any. See `deskhand doctor`."
        )
        return Check("queue", "fail", words)
    return Check("queue", "ok", words)


def _disk(facts: Facts) -> Check:
    if facts.free_bytes is None:
        return Check("disk", "warn", f"Nobody can tell how much is free where {LOCAL_FOLDER} is.")
    free = f"{facts.free_bytes / 1_000_000_000:.1f} GB free where {LOCAL_FOLDER} is"
    if facts.free_bytes < NO_DISK_BYTES:
        free = f"{facts.free_bytes / 1_000_000:.0f} MB free where {LOCAL_FOLDER} is"
        return Check("disk", "fail", f"The disk is as good as full: {free}. Free some space.")
    if facts.free_bytes < LITTLE_DISK_BYTES:
        return Check("disk", "warn", f"The disk is nearly full: {free}. Free some space.")
    return Check("disk", "ok", f"{free}.")


def _notices(letters: Standing) -> Check:
    """What customers wait to hear. No reason to take the API out of service either."""
    words = []
    if letters.tried_again:
        words.append(f"{letters.tried_again} could not be sent yet; they are tried again.")
    if letters.dead:
        words.append(f"{letters.dead} never arrived: their tickets wait in the queue for a person.")
    return Check("notices", "warn", " ".join(words))


def _tools(held_back: int) -> Check:
    """Which ones is told to their own tenant only."""
    words = (
        f"{held_back} failed so often that calls of them are held back: tickets that need one "
        "go to a person. `deskhand tools` names them."
    )
    return Check("tools", "warn", words)


def _channels(shown: Sequence[ChannelState], at: datetime, *, idle: bool) -> Check:
    """No reason to take the API out of service: a mailbox that is away loses nothing.

    `idle`: nobody has ever run one of them, as where a deployment has no such process.
    What is wrong with whose is told where there is one tenant only: tenants never see each other.
    """
    troubled = [row for row in shown if row.trouble]
    if troubled and len({row.tenant for row in shown}) > 1:
        words = f"{len(troubled)} of {len(shown)} ways in and out do not work. Nothing is lost."
        return Check("channels", "warn", words)
    if troubled:
        words = " ".join(_trouble(row, at) for row in troubled[:MOST_CHANNELS])
        return Check("channels", "warn", f"{words} Nothing is lost; it goes on by itself.")
    if idle or any(at - row.seen_at > CHANNEL_SILENT for row in shown):
        words = (
            "Nobody receives or sends by the channels: run `deskhand up` or `deskhand channels`."
        )
        return Check("channels", "warn", words)
    return Check("channels", "ok", "All reachable.")


def _trouble(row: ChannelState, at: datetime) -> str:
    way = "Nothing was received" if row.part == "in" else "Nothing was sent"
    minutes = (at - row.since).total_seconds() / 60
    return f"{way} by {row.channel} for {minutes:.0f} min: {row.trouble}."


def free_bytes(home: Path) -> int | None:
    """On the disk of the data folder."""
    try:
        return shutil.disk_usage(home).free
    except OSError:
        return None


async def look(database: Database, home: Path, head: str) -> Facts:
    """Look once. Raises `StorageUnavailable` if the ledger cannot be written."""
    async with database.transaction() as session:
        await readiness.check_writable(session, head)
    async with database.reading() as session:
        depths = await readiness.depths(session)
        under_way = await drives.under_way(session)
        at, workers = await beats.present(session), await beats.all_rows(session)
        channels = await states.all_rows(session)
        letters = await outbox.standing(session)
        breakers = await ledger_metrics.breakers(session)
    free = await asyncio.to_thread(free_bytes, home)
    held_back = len({(one.tenant, one.tool) for one in breakers if one.state != "closed"})
    damage = database.damage.words
    return Facts(at, depths, under_way, workers, free, channels, letters, held_back, damage)


@dataclass
class Readiness:
    """Looks for all who ask within a moment at once."""

    database: Database
    home: Path
    head: str
    """The revision of the tables that this program needs."""
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _facts: Facts | None = None
    _looked: float = 0.0

    async def look(self) -> Facts:
        """What stands now, or did a moment ago. Raises `StorageUnavailable`."""
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                return await self._looked_at()
        except TimeoutError as late:
            msg = f"the database did not answer within {LOOK_SECONDS:g} s: see whether it hangs"
            raise StorageUnavailable(msg) from late

    async def _looked_at(self) -> Facts:
        async with self._lock:
            if self._facts is None or time.monotonic() - self._looked > FRESH_SECONDS:
                self._facts = None
                self._facts = await look(self.database, self.home, self.head)
                self._looked = time.monotonic()
            return self._facts
