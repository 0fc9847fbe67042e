"""`python -m evals upgrade`: old and new code on one Postgres, while tickets come in.

First the old version is alone. Then the new one migrates beside it, workers of both are killed, the
old ones are drained, and at last they come back. Every acknowledged ticket must end, by whichever.
"""

import asyncio
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from evals.chaos.hosts import SenderToAny
from evals.chaos.observing import END_SECONDS, Observed, await_arrivals
from evals.chaos.versions import (
    Stage,
    Version,
    alarms,
    brought_to_rest,
    by_version,
    crossed,
    load_article,
    note_rests,
    stage,
)
from evals.figures.metrics import Metric, exact, percentile
from evals.figures.options import BUILD, FiguresFile
from evals.figures.report import STDERR, write_report
from evals.stack.chaotic import TENANT, await_ends, read_journals
from evals.stack.revisions import ROOT, code_of, newest_migration, next_code
from evals.stack.sending import ENDED
from evals.stack.stack import POLL_SECONDS, StackFailed

WORKERS = 2
"""Of each version."""
PAUSE_SECONDS = 0.15
"""Between two tickets."""
MOST_TICKETS = 20_000
"""Sent at most, should the journey take that long."""
SEND_SECONDS = 600.0
"""How long the tickets of a stage may take to be sent."""


@dataclass(frozen=True)
class Plan:
    """How much of what."""

    tickets: int
    """In each stage at least; meanwhile they go on coming in."""
    kills: int
    """Of workers of the new version, while the old one works beside it."""


@dataclass
class Upgraded:
    """What was seen."""

    tables: tuple[str, str]
    """The revisions of the old and the new version."""
    tally: Observed
    by: Counter[str] = field(default_factory=Counter)
    """Runs that each version has brought to rest."""
    cut: list[tuple[str, str]] = field(default_factory=list)
    """Tickets that were under way when their worker was killed, and its version."""
    crossed: Counter[str] = field(default_factory=Counter)
    """Tickets that were cut off under one version and brought to rest by the other."""
    migrate_seconds: float = 0.0
    drains: list[tuple[float, int]] = field(default_factory=list)
    """Seconds and status of each worker that was told to end."""
    refusal: str | None = None
    """The last words of an old worker that was started beside the new ones; None where it works."""
    alarms: list[str] = field(default_factory=list)

    @property
    def faults(self) -> list[str]:
        """What must not be; empty if all is well."""
        drains = [f"a drained worker ended with status {one}" for _, one in self.drains if one]
        idle = [f"the {one} version did nothing" for one in ("old", "new") if not self.by[one]]
        return [*self.tally.faults, *drains, *idle, *self.alarms]

    @property
    def told(self) -> list[str]:
        """What is no fault and worth a line."""
        back = "works" if self.refusal is None else f"is refused: {self.refusal}"
        return [f"tables {' to '.join(self.tables)}", f"an old worker started again {back}"]


def upgrade(
    revision: Annotated[str, typer.Option("--from", help="Git revision of the old code.")] = "HEAD",
    to_next: Annotated[
        bool, typer.Option("--to-next", help="The new code is this one with one more migration.")
    ] = False,
    tickets: Annotated[int, typer.Option(help="Tickets in each stage, at least.", min=1)] = 40,
    kills: Annotated[int, typer.Option(help="Kills while both work side by side.", min=1)] = 4,
    out: FiguresFile = BUILD / "upgrade.json",
) -> None:
    """Upgrade a stack that works, and go back; exit status 1 if anything is wrong."""
    plan = Plan(tickets, kills)
    with tempfile.TemporaryDirectory(prefix="deskhand-upgrade-") as name:
        folder = Path(name)
        old = code_of(revision, folder / "code-before")
        new = next_code(folder / "code-next") if to_next else ROOT
        tables = newest_migration(old), newest_migration(new)
        seen = Upgraded(tables, Observed())
        with stage(folder, old, new) as both:
            _run(both, folder, plan, seen)
    inputs = {"from": revision, "to_next": to_next, "tickets": tickets, "kills": kills}
    write_report(out, inputs=inputs, metrics=figures(seen), notes=[*seen.told, *seen.faults])
    if seen.faults:
        raise typer.Exit(1)


def _run(both: Stage, folder: Path, plan: Plan, seen: Upgraded) -> None:
    started = time.monotonic()
    _say("the old version is alone")
    first = both.old.host()
    first.run("migrate")
    note_rests(both.url)
    load_article(first, folder)
    key = first.said("key", "create", "--name", "upgrade", "--tenant", TENANT, "--scope", "admin")
    apis = [both.old.api()]
    for _ in range(WORKERS):
        both.old.start_worker()
    sender = SenderToAny(
        apis[0], key.split()[-1], MOST_TICKETS, seen.tally, PAUSE_SECONDS, apis=apis
    )
    sender.start()
    _journey(both, plan, sender, seen)
    sender.enough.set()
    sender.join()
    seen.tally.tickets = len(sender.ids)
    _say("waiting until every ticket has ended")
    with sender.apis[-1].client(sender.key) as client:
        seen.tally.views = await_ends(client, sender.ids, END_SECONDS)
    await_arrivals(both.service, seen.tally)
    _look(both, sender.ids, seen)
    seen.tally.seconds = time.monotonic() - started


def _journey(both: Stage, plan: Plan, sender: SenderToAny, seen: Upgraded) -> None:
    old, new = both.old, both.new
    _await_more(sender, plan.tickets)
    _say("the new version migrates, and the old one goes on")
    began = time.monotonic()
    new.host().run("migrate")
    seen.migrate_seconds = time.monotonic() - began
    _await_more(sender, plan.tickets)
    _say("both work side by side, and workers of the new one are killed")
    sender.apis = [*sender.apis, new.api()]
    new.start_worker()
    for _ in range(plan.kills):
        new.start_worker()
        _kill(both, new, seen)
    new.start_worker()
    _say("an old one is killed, the other one drained")
    _kill(both, old, seen)
    seen.drains.append(old.drain())
    before, *sender.apis = sender.apis
    before.stop()
    _await_more(sender, plan.tickets)
    _say("the way back: an old worker is started again")
    seen.refusal = old.refusal()
    if seen.refusal is None:
        _go_back(both, sender, seen)
        _await_more(sender, plan.tickets)


def _go_back(both: Stage, sender: SenderToAny, seen: Upgraded) -> None:
    """The old version beside the new one again, and then without its workers."""
    sender.apis = [*sender.apis, both.old.api()]
    both.old.start_worker()
    _kill(both, both.new, seen)
    while both.new.workers:
        seen.drains.append(both.new.drain())


def _kill(both: Stage, version: Version, seen: Upgraded) -> None:
    seen.cut += [(ticket_id, version.name) for ticket_id in version.kill(both.url)]
    seen.tally.worker_kills += 1


def _await_more(sender: SenderToAny, tickets: int) -> None:
    """Until so many more are accepted. Raises `StackFailed`."""
    wanted, until = len(sender.ids) + tickets, time.monotonic() + SEND_SECONDS
    while len(sender.ids) < wanted:
        if time.monotonic() > until or sender.error is not None:
            msg = f"only {len(sender.ids)} of {wanted} tickets were accepted: {sender.error}"
            raise StackFailed(msg)
        time.sleep(POLL_SECONDS)


def _look(both: Stage, ids: list[str], seen: Upgraded) -> None:
    """Read at the end what both have left."""
    seen.tally.gaps, seen.tally.drives = asyncio.run(read_journals(both.service, ids))
    runs = brought_to_rest(both.url)
    seen.by, seen.crossed = by_version(runs), crossed(runs, seen.cut)
    for host in (*both.old.hosts, *both.new.hosts):
        for path in host.home.glob("*.log"):
            seen.alarms += alarms(f"{host.home.name}/{path.stem}", path.read_text(errors="replace"))


def _say(words: str) -> None:
    STDERR.print(words)


def figures(seen: Upgraded) -> dict[str, Metric]:
    """The run in numbers."""
    tally = seen.tally
    count = tally.tickets
    ended = sum(one["status"] in ENDED for one in tally.views)
    return {
        "acknowledged": exact(len(tally.views), count),
        "ended": exact(ended, count),
        "sent_twice": exact(sum(n - 1 for n in tally.sent.values()), count),
        "journal_gaps": exact(len(tally.gaps), count),
        "runs_by_the_old_version": exact(seen.by["old"], count),
        "runs_by_the_new_version": exact(seen.by["new"], count),
        "worker_kills": exact(tally.worker_kills, tally.worker_kills),
        "cut_off": exact(len(seen.cut), len(seen.cut)),
        "cut_off_under_old_ended_by_new": exact(seen.crossed["old to new"], len(seen.cut)),
        "cut_off_under_new_ended_by_old": exact(seen.crossed["new to old"], len(seen.cut)),
        "drain_seconds_max": percentile([seconds for seconds, _ in seen.drains], 100),
        "migrate_seconds": exact(seen.migrate_seconds, 1),
        "alarms": exact(len(seen.alarms), count),
        "posts_repeated": exact(tally.repeated_posts, count),
        "seconds": exact(tally.seconds, 1),
    }
