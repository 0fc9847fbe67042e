"""The code of two versions on one Postgres, each process on a host of its own."""

import itertools
import signal
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from evals.chaos.takeovers import at_work, cut_off
from evals.stack.chaotic import ARTICLE, SERVICE, TENANT, desk_for
from evals.stack.postgres import private_cluster
from evals.stack.stack import POLL_SECONDS, Stack, StackFailed, free_port
from evals.stack.topology import vector_server
from memory.storage.urls import plain_url
from memory.tables import now

WORK_SECONDS = 120.0
"""How long is waited until a worker drives something."""
DRAIN_SECONDS = 60.0
"""How long a worker that is told to end is waited for; the product says 14."""
NOTE_RESTS = """
CREATE TABLE rests (workflow_uuid text, executor_id text);
CREATE FUNCTION note_rest() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO rests VALUES (OLD.workflow_uuid, OLD.executor_id);
    RETURN NULL;
END $$;
CREATE TRIGGER goes AFTER DELETE ON dbos.workflow_status FOR EACH ROW
    WHEN (OLD.name = 'run_ticket' AND OLD.status = 'PENDING') EXECUTE FUNCTION note_rest();
CREATE TRIGGER stays AFTER UPDATE ON dbos.workflow_status FOR EACH ROW
    WHEN (OLD.name = 'run_ticket' AND OLD.status = 'PENDING' AND NEW.status = 'SUCCESS')
    EXECUTE FUNCTION note_rest()
"""
"""A run goes from the queue with its end, in this version, and stays there with it in older ones."""
RESTS = "SELECT workflow_uuid, executor_id FROM rests"
ALARMS = (
    "Traceback (most recent call last)",
    '"level": "error"',
    '"level": "critical"',
    "[error",
    "Error executing workflow",
)
"""What a log says of something that nobody expected."""


@dataclass
class Version:
    """The hosts that run one version's code."""

    name: str
    code: Path
    folder: Path
    desk: Path
    shared: dict[str, str]
    hosts: list[Stack] = field(default_factory=list)
    workers: list[Stack] = field(default_factory=list)
    """Those that are to be alive."""
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def host(self) -> Stack:
        """Another host, on which nothing runs; its worker's name tells the version."""
        name = f"{self.name}-{next(self.numbers)}"
        home = self.folder / name
        home.mkdir()
        extra = {**self.shared, "DESKHAND_WORKER_NAME": name}
        made = Stack(home.resolve(), self.desk, free_port(), extra, code=self.code)
        self.hosts.append(made)
        return made

    def start_worker(self) -> None:
        """One more that takes jobs. Raises `StackFailed`, with its last words."""
        made = self.host()
        made.start_worker()
        self.workers.append(made)

    def api(self) -> Stack:
        """An API that answers."""
        made = self.host()
        made.start_api()
        return made

    def refusal(self) -> str | None:
        """Start a worker: None once it takes jobs, or its last words where it ends instead."""
        try:
            self.start_worker()
        except StackFailed:
            host = self.hosts[-1]
            host.processes.pop("worker-0").wait()
            words = host.log("worker-0").read_text(errors="replace").split("\n")
            return " ".join(line.strip(" │╭╮╰╯─") for line in words if line.strip(" │╭╮╰╯─"))
        return None

    def drain(self) -> tuple[float, int]:
        """SIGTERM to a worker: the seconds until it has ended, and its status."""
        process = self.workers.pop().processes["worker-0"]
        started = time.monotonic()
        process.send_signal(signal.SIGTERM)
        process.wait(DRAIN_SECONDS)
        return time.monotonic() - started, process.returncode

    def kill(self, url: str) -> list[str]:
        """SIGKILL to a worker while it drives something; the tickets that were cut off.

        Raises `StackFailed` where none ever does.
        """
        until = time.monotonic() + WORK_SECONDS
        while time.monotonic() < until:
            busy = at_work(url)
            for one in self.workers:
                pid = one.processes["worker-0"].pid
                if pid in busy:
                    one.kill("worker-0")
                    self.workers.remove(one)
                    cut = cut_off(url, pid, now(), frozenset(), disturbed=False)
                    return [drive.ticket_id for drive in cut]
            time.sleep(POLL_SECONDS)
        raise StackFailed(f"no worker of the {self.name} version drove anything")

    def stop(self) -> None:
        """All of them."""
        for one in self.hosts:
            one.stop()


@dataclass(frozen=True)
class Stage:
    """Both versions, and what they share."""

    url: str
    old: Version
    new: Version
    service: Stack
    """Where replies arrive. It runs this tree's code, and reads the ledger at the end."""


@contextmanager
def stage(folder: Path, old: Path, new: Path) -> Iterator[Stage]:
    """An empty database; nothing of either version is started yet. Raises `PostgresMissing`."""
    desks, port = folder / "desks", free_port()
    desks.mkdir()
    (desks / f"{TENANT}.yaml").write_text(desk_for(TENANT, port), encoding="utf-8")
    with ExitStack() as open_parts:
        cluster = open_parts.enter_context(private_cluster())
        vectors = open_parts.enter_context(vector_server(folder / "chroma"))
        url = cluster.create("desk")
        shared = {
            "DESKHAND_MINDS": "scripted",
            "DESKHAND_SWEEP_SECONDS": "1",
            "DESKHAND_TENANT_CONCURRENCY": "4",
            "DESKHAND_DATABASE_URL": url,
            "DESKHAND_CHROMA_URL": vectors.address,
        }
        service = Stack(folder, desks.resolve(), free_port(), shared)
        open_parts.callback(service.stop)
        service.start_service(SERVICE, port)
        old_hosts = Version("old", old, folder, desks.resolve(), shared)
        new_hosts = Version("new", new, folder, desks.resolve(), shared)
        open_parts.callback(old_hosts.stop)
        open_parts.callback(new_hosts.stop)
        yield Stage(url, old_hosts, new_hosts, service)


def load_article(host: Stack, folder: Path) -> None:
    """What replies are made of."""
    path = folder / "kb.jsonl"
    path.write_text(ARTICLE, encoding="utf-8")
    host.run("kb", "add", str(path), "--tenant", TENANT)


def note_rests(url: str) -> None:
    """From now on the database writes down who brings runs to rest; it is migrated."""
    with psycopg.connect(plain_url(url)) as connection:
        connection.execute(NOTE_RESTS)


def brought_to_rest(url: str) -> list[tuple[str, str]]:
    """The runs that came to rest: the ticket's id, and the version that brought it there."""
    with psycopg.connect(plain_url(url)) as connection:
        rows = connection.execute(RESTS).fetchall()
    return [(name.split(":")[1], worker.partition("-")[0]) for name, worker in rows]


def by_version(runs: Iterable[tuple[str, str]]) -> Counter[str]:
    """How many runs each version brought to rest."""
    return Counter(version for _, version in runs)


def crossed(runs: Iterable[tuple[str, str]], cut: Sequence[tuple[str, str]]) -> Counter[str]:
    """Tickets that were `cut` off under one version and brought to rest by the other, as `old to new`."""
    ended: dict[str, set[str]] = {}
    for ticket_id, version in runs:
        ended.setdefault(ticket_id, set()).add(version)
    return Counter(
        f"{before} to {after}"
        for ticket_id, before in set(cut)
        for after in ended.get(ticket_id, set()) - {before}
    )


def alarms(name: str, log: str) -> list[str]:
    """Lines of a log that nobody expects, with the host's name."""
    lines = [line.strip() for line in log.split("\n")]
    return [f"{name}: {line}" for line in lines if any(sign in line for sign in ALARMS)]
