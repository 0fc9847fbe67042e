"""A folder in which somebody types commands."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands import DESK, Command, finds, runs
from tests.postgres import copy_of


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A working folder with a desk, and no settings from outside."""
    before = dict(os.environ)
    for name in [name for name in os.environ if name.startswith("DESKHAND_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DESKHAND_MINDS", "scripted")
    monkeypatch.setenv("COLUMNS", "200")
    (tmp_path / "desk.yaml").write_text(DESK)
    yield tmp_path
    for name in set(os.environ) - set(before):
        del os.environ[name]  # the command's own options travel by the environment


@pytest.fixture
def folder(workplace: Path, template: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same with a migrated ledger."""
    finds(monkeypatch, copy_of(template, workplace / ".deskhand"))
    return workplace


@pytest.fixture
def deskhand(
    workplace: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    """Runs the command in this process."""
    return runs(monkeypatch, capsys)
