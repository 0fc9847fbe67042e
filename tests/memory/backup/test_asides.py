"""Nothing stays of a backup or a restore that was killed half way: a copy would outlive an erasure."""

import multiprocessing
import os
import shutil
import signal
import tempfile
import time
from pathlib import Path

import pytest

from memory.backup import making
from memory.backup.asides import aside
from memory.backup.ledgers import Place


def _holds(parent: Path) -> None:
    with aside(parent, ".restore-") as folder:
        (folder / "deskhand.db").write_text("Ann", encoding="utf-8")
        time.sleep(60)


def test_what_a_killed_process_left_goes_and_what_a_living_one_has_stays(tmp_path: Path) -> None:
    """And nothing else in the folder is touched."""
    other = tmp_path / ".restored"
    other.mkdir()
    holder = multiprocessing.get_context("spawn").Process(target=_holds, args=(tmp_path,))
    holder.start()
    while not list(tmp_path.glob(".restore-*/deskhand.db")):
        time.sleep(0.02)
    [theirs] = tmp_path.glob(".restore-*")
    with aside(tmp_path, ".restore-") as ours:
        assert theirs.exists()
        assert ours.exists()
    assert theirs.exists()
    assert holder.pid is not None
    os.kill(holder.pid, signal.SIGKILL)
    holder.join()
    with aside(tmp_path, ".restore-") as ours:
        assert list(tmp_path.glob(".restore-*")) == [ours]
    assert list(tmp_path.iterdir()) == [other]


def test_a_folder_that_another_process_took_for_one_that_is_left_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two backups that begin at the same moment: the one cleans up before the other holds its folder."""
    make, taken = tempfile.mkdtemp, list[str]()

    def made(*given: str, **named: str) -> str:
        folder = str(make(*given, **named))
        if not taken:
            taken.append(folder)
            shutil.rmtree(folder)
        return folder

    monkeypatch.setattr(tempfile, "mkdtemp", made)
    with aside(tmp_path, ".restore-") as ours:
        assert list(tmp_path.iterdir()) == [ours]
        assert str(ours) not in taken
    assert list(tmp_path.iterdir()) == []


def test_a_backup_takes_away_what_one_before_it_left(tmp_path: Path, sqlite_template: Path) -> None:
    """The copy of a ledger that was being made as the power failed."""
    home, kept = tmp_path / "home", tmp_path / "kept"
    home.mkdir()
    kept.mkdir()
    shutil.copy(sqlite_template, home / "deskhand.db")
    url = f"sqlite:///{home}/deskhand.db"
    place = Place(home, url)
    left = kept / ".deskhand-backup-x1"
    left.mkdir()
    (left / "deskhand.db").write_text("Ann", encoding="utf-8")
    making.make(place, kept / "one.tar")
    assert [one.name for one in kept.iterdir()] == ["one.tar"]
