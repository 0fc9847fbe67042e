"""Two Postgres servers of which one follows the other, so that it can take its place.

The follower confirms each commit before it is acknowledged (`synchronous_standby_names`): without
that, what was acknowledged in the last moment before a failover would be lost.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from evals.stack.postgres import (
    POLL_SECONDS,
    SERVER_USER,
    START_SECONDS,
    Cluster,
    PostgresMissing,
    private_cluster,
    remove,
    roomy,
    run,
)
from evals.stack.stack import free_port


@dataclass
class Pair:
    """The primary and its follower; `fail_over` changes their parts."""

    primary: Cluster
    standby: Cluster

    def url(self, name: str) -> str:
        """The address of a database, wherever it can be written."""
        ports = sorted((self.primary.port, self.standby.port))
        hosts = ",".join(f"127.0.0.1:{port}" for port in ports)
        return f"postgresql://{SERVER_USER}@{hosts}/{name}?target_session_attrs=read-write"

    def create(self, name: str) -> str:
        """The address of a new database on both."""
        self.primary.create(name)
        return self.url(name)

    def restart(self) -> None:
        """The primary crashes and comes back."""
        self.primary.stop()
        self.primary.start()

    def fail_over(self) -> None:
        """The primary crashes for good, the follower becomes the primary."""
        self.primary.stop()
        run(["pg_ctl", "-D", str(self.standby.folder / "data"), "-w", "promote"])
        self.primary, self.standby = self.standby, self.primary

    def follow(self) -> None:
        """Build the follower anew from the primary and wait until it confirms commits."""
        shutil.rmtree(self.standby.folder / "data", ignore_errors=True)
        source = ["-h", "127.0.0.1", "-p", str(self.primary.port), "-U", SERVER_USER]
        target = ["-D", str(self.standby.folder / "data"), "-R", "-X", "stream", "-c", "fast"]
        self._confirmed_by("''")
        run(["pg_basebackup", *source, *target])
        self.standby.start()
        self._confirmed_by("'*'")
        self._await("SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'")

    def _confirmed_by(self, names: str) -> None:
        with psycopg.connect(self.primary.url("postgres"), autocommit=True) as connection:
            connection.execute(f"ALTER SYSTEM SET synchronous_standby_names = {names}")
            connection.execute("SELECT pg_reload_conf()")

    def _await(self, query: str) -> None:
        until = time.monotonic() + START_SECONDS
        with psycopg.connect(self.primary.url("postgres"), autocommit=True) as connection:
            while time.monotonic() < until:
                if connection.execute(query).fetchone():
                    return
                time.sleep(POLL_SECONDS)
        raise PostgresMissing(f"the follower did not confirm anything within {START_SECONDS} s")


@contextmanager
def private_pair() -> Iterator[Pair]:
    """Two servers of one's own, gone at the end. Raises `PostgresMissing`."""
    with private_cluster() as first:
        folder = Path(tempfile.mkdtemp(prefix="deskhand-standby-", dir=roomy()))
        if os.geteuid() == 0:
            shutil.chown(folder, SERVER_USER, SERVER_USER)
        pair = Pair(first, Cluster(folder, free_port()))
        try:
            pair.follow()
            yield pair
        finally:
            for one in (pair.standby, pair.primary):
                one.stop_if_runs()
            remove(folder)
