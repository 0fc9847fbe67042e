"""`deskhand calibration`."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from api.cli import commands as cli
from api.cli.failures import CommandFault
from evals.figures.calibration_file import save
from graph.minds.local.confidence.assessor import model_version
from memory.encoder.encoder import HashEncoder
from memory.storage.database import Database
from memory.tables import metadata
from tests import thresholds

MINE = replace(
    thresholds.MINE, encoder=HashEncoder.revision, model=model_version(), kb_digest="other articles"
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A desk with an empty ledger, and a calibration in a file."""
    (tmp_path / "desk.yaml").write_text("tenant: acme\ncompany: Acme\n")
    monkeypatch.setenv("DESKHAND_HOME", str(tmp_path))
    monkeypatch.setenv("DESKHAND_DESK", str(tmp_path / "desk.yaml"))
    monkeypatch.setenv("DESKHAND_MINDS", "scripted")
    asyncio.run(_tables(tmp_path))
    save(MINE, tmp_path / "C.json")
    return tmp_path


async def _tables(folder: Path) -> None:
    url = f"sqlite:///{folder}/deskhand.db"
    async with Database(url) as database, database.engine.begin() as connection:
        await connection.run_sync(metadata.create_all)


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(cli.build(), ["calibration", *arguments])


def test_an_imported_calibration_is_in_force_and_shown(folder: Path) -> None:
    """Before it the default is; a second import changes nothing."""
    assert "shipped as default" in _run("show").output
    for _ in range(2):
        assert "Answers from 0.71 on" in _run("import", str(folder / "C.json")).output
    shown = _run("show").output
    assert shown.count("2026-11-20") == 2  # in the line in force, and once in the table
    assert "the articles have changed since" in shown


@pytest.mark.parametrize("text", ["", "{}", '{"threshold": 2}', "[1]"])
def test_a_file_that_is_no_calibration_is_refused(folder: Path, text: str) -> None:
    """And nothing is stored."""
    (folder / "bad.json").write_text(text)
    assert isinstance(_run("import", str(folder / "bad.json")).exception, CommandFault)
    assert "shipped as default" in _run("show").output


@pytest.mark.usefixtures("folder")
def test_refitting_without_decisions_changes_nothing() -> None:
    """It says how many are needed."""
    found = _run("refit").exception
    assert isinstance(found, CommandFault)
    assert "too few" in str(found)
