"""What was acknowledged is on disk: a power cut that loses every unsynced write loses none of it."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ACKNOWLEDGED = 40
"""Lines that are read before the power is cut."""
LEDGER = "deskhand.db"


@pytest.fixture(scope="module")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library that keeps what was synced; it needs a C compiler."""
    compiler = shutil.which("cc")
    if compiler is None or sys.platform != "linux":
        pytest.skip("no C compiler on Linux here")
    made = tmp_path_factory.mktemp("shim") / "synced.so"
    source = str(HERE / "synced.c")
    subprocess.run([compiler, "-shared", "-fPIC", "-o", str(made), source, "-ldl"], check=True)
    return made


def _cut(shim: Path, template: Path, folder: Path, how: str) -> tuple[list[list[str]], Path]:
    """What was acknowledged before the cut, and the ledger as it is afterwards."""
    home, kept = folder / "home", folder / "kept"
    for one in (home, kept):
        one.mkdir()
        shutil.copy(template, one / LEDGER)
    settings = {"LD_PRELOAD": str(shim), "SYNC_ROOT": str(home), "SYNC_KEPT": str(kept)}
    with subprocess.Popen(
        [sys.executable, "-m", "tests.power.working", how, str(home / LEDGER)],
        env={**os.environ, **settings, "PYTHONPATH": str(HERE.parents[1])},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        said = [process.stdout.readline().split() for _ in range(ACKNOWLEDGED)]
        process.kill()
    return said, kept / LEDGER


def _ids(path: Path, query: str) -> set[str]:
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return {str(one) for (one,) in connection.execute(query)}


def test_no_acknowledged_ticket_and_no_effect_is_lost(
    shim: Path, sqlite_template: Path, tmp_path: Path
) -> None:
    """Each is there, and each ticket has its entry in the queue."""
    said, ledger = _cut(shim, sqlite_template, tmp_path, "work")
    tickets = {name for kind, name in said if kind == "ticket"}
    assert len(tickets) >= ACKNOWLEDGED // 2
    assert tickets <= _ids(ledger, "SELECT id FROM tickets")
    queued = _ids(ledger, "SELECT workflow_uuid FROM workflow_status")
    assert {f"ticket:{one}:1" for one in tickets} <= queued
    effects = {name for kind, name in said if kind == "effect"}
    assert effects <= _ids(ledger, "SELECT key FROM effects WHERE status = 'intended'")


def test_commits_that_are_not_synced_are_lost(
    shim: Path, sqlite_template: Path, tmp_path: Path
) -> None:
    """The cut is a real one: a database that does not wait for the disk loses what it said."""
    said, ledger = _cut(shim, sqlite_template, tmp_path, "careless")
    assert not {name for _, name in said} <= _ids(ledger, "SELECT id FROM careless")
