"""Accounts are made, shown, reset and ended from the command line; a password is shown once."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.cli import main as cli


@pytest.fixture
def folder(tmp_path: Path, template: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A working folder with a desk and a migrated ledger."""
    before = dict(os.environ)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    (tmp_path / "desk.yaml").write_text("tenant: acme\ncompany: Acme\n")
    (tmp_path / ".deskhand").mkdir()
    shutil.copy(template, tmp_path / ".deskhand" / "deskhand.db")
    yield tmp_path
    for name in set(os.environ) - set(before):
        del os.environ[name]


def run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str
) -> tuple[object, str, str]:
    """Exit status, what was printed, and what was noted."""
    monkeypatch.setattr(sys, "argv", ["deskhand", "account", *words])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    said = capsys.readouterr()
    return ended.value.code, said.out, said.err


def test_an_account_lives_from_making_to_disabling(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The password stands alone on stdout; a reset gives another; roles and states are shown."""

    def account(*words: str) -> tuple[object, str, str]:
        return run(monkeypatch, capsys, *words)

    status, password, note = account("create", "--name", "Ann", "--email", "Ann@Example.com")
    assert status == 0
    assert len(password.strip()) == 24
    assert "Ann <ann@example.com> of acme is agent" in note
    status, _, complaint = account("create", "--name", "ANN", "--email", "a2@example.com")
    assert status == 2
    assert complaint.startswith("deskhand: somebody is called 'ANN' already")
    _, again, _ = account("reset", "ann@example.com")
    assert again != password
    assert account("role", "ann@example.com", "lead")[0] == 0
    assert account("disable", "ann@example.com")[0] == 0
    _, listed, _ = account("list")
    assert "lead" in listed
    assert "disabled" in listed
    assert password.strip() not in listed
    status, _, complaint = account("reset", "nobody@example.com")
    assert status == 2
    assert "deskhand account list" in complaint
