"""The engine looks at its queues when something was written."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from api.worker import queue_watch
from api.worker.queue_watch import EAGER_LOOKS, Wake

AT_ONCE = 0.0
"""Seconds that a look waits at least, in these tests."""


def reasons(wake: Wake, count: int) -> list[bool]:
    """Whether there was one, so many times."""
    return [wake._has_reason() for _ in range(count)]


def test_a_change_is_a_reason_for_a_few_looks() -> None:
    """And nothing else is."""
    versions = [1] * (EAGER_LOOKS + 2) + [2] * (EAGER_LOOKS + 1)
    wake = Wake(threading.Event(), iter(versions).__next__)
    expected = [True] * EAGER_LOOKS + [False] * 2 + [True] * EAGER_LOOKS + [False]
    assert reasons(wake, len(versions)) == expected


def test_where_nobody_can_tell_it_looks_always() -> None:
    """At the engine's own pace."""
    assert reasons(Wake(threading.Event(), None), 5) == [True] * 5


def test_without_a_change_it_looks_after_the_longest_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was missed is found all the same."""
    monkeypatch.setattr(queue_watch, "LONGEST_SECONDS", 0.0)
    wake = Wake(threading.Event(), lambda: 1)
    assert [wake.wait(AT_ONCE) for _ in range(EAGER_LOOKS + 5)] == [False] * (EAGER_LOOKS + 5)


def test_it_stops_when_told() -> None:
    """Without another look."""
    stop = threading.Event()
    stop.set()
    wake = Wake(stop, lambda: 1)
    assert (wake.is_set(), wake.wait(60.0)) == (True, True)


def test_the_version_of_a_file_changes_with_a_write_of_others(tmp_path: Path) -> None:
    """By any process; a file that cannot be read looks changed."""
    path = tmp_path / "ledger.db"
    version = queue_watch._version_of(f"sqlite:///{path}")
    assert version is not None
    with closing(sqlite3.connect(path)) as other:
        before = version()
        assert version() == before
        other.execute("CREATE TABLE rows (id INTEGER)")
        other.commit()
    changed = version()
    assert changed != before
    path.write_bytes(b"no database at all, and long enough to be looked at" * 100)
    assert version() != changed
    assert queue_watch._version_of("postgresql://somewhere/db") is None
