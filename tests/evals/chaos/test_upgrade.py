"""The parts of `evals upgrade`: code of other revisions, and what is counted."""

import subprocess
from collections import Counter
from pathlib import Path

import pytest
from alembic.command import upgrade
from alembic.config import Config

from evals.chaos.observing import Observed
from evals.chaos.upgrade import Upgraded
from evals.chaos.versions import alarms, by_version, crossed
from evals.stack.revisions import NEXT, VERSIONS, code_of, newest_migration, next_code
from evals.stack.stack import Stack, StackFailed
from memory.storage.database import Database
from memory.storage.migrate import migrate, opened
from memory.storage.readiness import check_usable, head_revision
from tests.memory.storage.test_expand import breaks


def git(root: Path, *arguments: str) -> None:
    """Run git there."""
    who = ("-c", "user.name=Ann", "-c", "user.email=ann@example.com", "-c", "commit.gpgsign=false")
    command = ["git", "-C", str(root), *who, *arguments]
    subprocess.run(command, check=True, capture_output=True)


def test_the_code_of_a_revision_is_as_it_was(tmp_path: Path) -> None:
    """Whatever the working tree holds; a revision that is not there is named."""
    root = tmp_path / "root"
    (root / VERSIONS).mkdir(parents=True)
    (root / VERSIONS / "0007_initial.py").write_text("", encoding="utf-8")
    git(tmp_path, "init", str(root))
    git(root, "add", ".")
    git(root, "commit", "-m", "Begin")
    (root / VERSIONS / "0008_later.py").write_text("", encoding="utf-8")
    assert newest_migration(root) == "0008"
    assert newest_migration(code_of("HEAD", tmp_path / "old", root)) == "0007"
    with pytest.raises(StackFailed, match="git cannot bring nothing"):
        code_of("nothing", tmp_path / "none", root)


async def test_this_version_works_on_the_tables_of_the_next(tmp_path: Path) -> None:
    """Its migration runs behind ours, only adds, and leaves this version its right to be there."""
    tree, url = next_code(tmp_path / "next"), f"sqlite:///{tmp_path}/deskhand.db"
    (file,) = (tree / VERSIONS).glob(f"{NEXT}_*.py")
    assert breaks(file.read_text(encoding="utf-8")) == set()
    assert newest_migration(tree) == NEXT
    migrate(url)
    config = Config()
    config.set_main_option("script_location", str(tree / "memory" / "migrations"))
    with opened(url) as connection:
        config.attributes["connection"] = connection
        upgrade(config, "head")
        connection.commit()
    async with Database(url) as database, database.reading() as session:
        assert not await check_usable(session, head_revision())
    migrate(url)  # of this version: it leaves the newer tables alone


def test_a_stack_runs_the_code_that_it_is_given(tmp_path: Path) -> None:
    """And not that of the folder in which it is started."""
    package = tmp_path / "code" / "api" / "cli"
    package.mkdir(parents=True)
    (package / "main.py").write_text("print('the other one')", encoding="utf-8")
    stack = Stack(tmp_path, tmp_path / "desk.yaml", 1, code=tmp_path / "code")
    assert stack.said("anything") == "the other one"


RUNS = [("t1", "old"), ("t2", "new"), ("t3", "new"), ("t3", "old")]


def test_runs_are_counted_by_version() -> None:
    """A ticket may have several."""
    assert by_version(RUNS) == Counter(old=2, new=2)


def test_a_ticket_that_the_other_version_brought_to_rest_has_crossed() -> None:
    """Not one that its own took up again."""
    cut = [("t1", "new"), ("t1", "new"), ("t2", "new"), ("t3", "old"), ("gone", "old")]
    assert crossed(RUNS, cut) == Counter({"new to old": 1, "old to new": 1})


@pytest.mark.parametrize(
    "line",
    [
        "Traceback (most recent call last):",
        '{"event": "x", "level": "error"}',
        "2026-11-27 [error    ] x",
        "[ERROR] Error executing workflow ticket:1:1: no such name",
    ],
)
def test_what_nobody_expects_in_a_log_is_shown(line: str) -> None:
    """With the process that said it."""
    log = f'worker ready\n{line}\n{{"event": "worker_ready", "level": "info"}}\n'
    assert alarms("old-1/worker-0", log) == [f"old-1/worker-0: {line}"]


def test_each_thing_that_must_not_be_is_a_fault() -> None:
    """A version that did nothing has shown nothing."""
    seen = Upgraded(("0028", "0029"), Observed(), by=Counter(old=1, new=1), refusal="no")
    assert seen.faults == []
    assert seen.told == ["tables 0028 to 0029", "an old worker started again is refused: no"]
    seen.by["old"], seen.drains, seen.alarms = 0, [(1.0, 1)], ["old: Traceback"]
    assert len(seen.faults) == 3
    seen.tally.tickets = 1
    assert "an acknowledged ticket is not there" in seen.faults
