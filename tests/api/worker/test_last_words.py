"""What a dead worker leaves, and what is made of it."""

import subprocess
import sys
from pathlib import Path

import pytest

from api.worker.last_words import (
    LINE_BYTES,
    StepMarks,
    cause_of,
    clear_away,
    open_words,
    steps_of,
    words_of,
    write_fate,
)
from memory.tables import DeathCause
from memory.workers.drives import Step

DYING = """
import ctypes, sys
from pathlib import Path
from api.telemetry.heartbeat import Heartbeat
from api.worker.last_words import open_words
words = open_words(Path(sys.argv[1]), "w1")
heart = Heartbeat(0.2, words)
heart.beat()
{}
"""


def test_the_last_steps_are_there_and_the_latest_is_known(tmp_path: Path) -> None:
    """A ticket whose drive is over has none."""
    marks = StepMarks(tmp_path, "w1")
    for ticket, node in (("a", "plan"), ("b", "plan"), ("c", "draft"), ("a", "gather")):
        marks.mark(ticket, node)
    marks.clear("c")
    assert steps_of(tmp_path, "w1") == {
        "a": Step("gather", latest=True),
        "b": Step("plan", latest=False),
    }
    marks.mark("d", "plan")  # where the one of "c" was
    assert len((tmp_path / "w1.steps").read_bytes()) == 3 * LINE_BYTES
    marks.close()
    clear_away(tmp_path, "w1")
    assert steps_of(tmp_path, "w1") == {}


def test_what_ends_after_the_worker_is_not_marked_any_more(tmp_path: Path) -> None:
    """And meets no error in that."""
    marks = StepMarks(tmp_path, "w1")
    marks.mark("a", "plan")
    marks.close()
    marks.waits("a", 1)
    marks.clear("a")


def test_who_waits_for_a_model_is_told_from_who_works(tmp_path: Path) -> None:
    """Until it goes on, or begins another step."""
    marks = StepMarks(tmp_path, "w1")
    for ticket in ("a", "b", "c"):
        marks.mark(ticket, "draft")
        marks.waits(ticket, 1)
    marks.waits("b", 0)
    marks.mark("c", "check")
    marks.waits("gone", 1)
    assert {ticket: one.away for ticket, one in steps_of(tmp_path, "w1").items()} == {
        "a": True,
        "b": False,
        "c": False,
    }
    marks.close()


def test_nothing_left_means_that_nobody_knows(tmp_path: Path) -> None:
    """And what somebody wrote down counts more than stacks."""
    assert cause_of(tmp_path, "w1") is DeathCause.OUTSIDE
    open_words(tmp_path, "w1").close()
    assert cause_of(tmp_path, "w1") is DeathCause.OUTSIDE
    write_fate(tmp_path, "w1", DeathCause.MEMORY)
    assert cause_of(tmp_path, "w1") is DeathCause.MEMORY


@pytest.mark.parametrize(
    ("act", "cause"),
    [
        ("ctypes.string_at(0)", DeathCause.CRASH),
        ("ctypes.PyDLL(None).sleep(60)", DeathCause.SILENT),
        ("heart.stop_within(0.1); ctypes.CDLL(None).sleep(60)", DeathCause.SILENT),
    ],
)
def test_a_worker_without_a_supervisor_ends_by_itself(
    tmp_path: Path, act: str, cause: DeathCause
) -> None:
    """Whatever holds the interpreter's lock, with the names of what was running."""
    done = subprocess.run(
        [sys.executable, "-c", DYING.format(act), str(tmp_path)], check=False, timeout=60
    )
    assert done.returncode != 0
    assert cause_of(tmp_path, "w1") is cause
    assert "most recent call first" in words_of(tmp_path, "w1")
