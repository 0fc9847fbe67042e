"""The command over a small folder of every kind."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from evals import __main__ as command_line
from evals.figures import base
from evals.figures.datasets import DataError
from evals.trials.folder import LOADED, REFUSED, read_folder
from memory.encoder.encoder import HashEncoder

GOOD = "tenant: acme\ncompany: Acme\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two articles, three desks, a ticket and a question."""
    monkeypatch.setattr(base, "open_encoder", lambda _cache: HashEncoder())
    files = {
        "README.md": "# What this is",
        "kb/odd/a.md": "# Lamps\n\nA lamp burns for 7 hours.",
        "kb/odd/.b.md": "# Draft\n\nA lamp will cost 9 euros.",
        "desk/d01_twice.yaml": GOOD + "company: Other\n",
        "desk/d02_ok.yaml": GOOD,
        "desk/g1_plain.yaml": GOOD,
        "tickets/t1.json": json.dumps(
            {"expect": "person", "body": {"text": "help"}, "follow": ["x"]}
        ),
        "kbq/q1.json": json.dumps({"expect": "own facts", "body": {"text": "how long?"}}),
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_every_file_is_taken_for_what_it_is(folder: Path) -> None:
    """By its shape and name; what describes the folder is no trial."""
    found = {one.id: (one.kind, one.expect) for one in read_folder(folder)}
    assert found["desk/d01_twice.yaml"] == ("desk", REFUSED)
    assert found["desk/d02_ok.yaml"] == found["desk/g1_plain.yaml"] == ("desk", LOADED)
    assert found["tickets/t1"] == ("ticket", "person")
    assert found["kbq/q1"][0] == "question"
    assert found["kb/odd/a.md"][0] == "article"
    assert "README.md" not in found


def test_only_chooses_by_name(folder: Path) -> None:
    """A folder, a glob or a file name; nothing found is an error."""
    assert {one.kind for one in read_folder(folder, "desk")} == {"desk"}
    assert [one.id for one in read_folder(folder, "t1")] == ["tickets/t1"]
    assert len(read_folder(folder, "desk/d0*")) == 2
    with pytest.raises(DataError, match="no trials that match"):
        read_folder(folder, "nowhere/*")


@pytest.mark.parametrize("only", ["desk", "kb/odd"])
def test_the_report_holds_figures_and_cases(folder: Path, only: str) -> None:
    """`as_expected` with interval and n, and each case with what came."""
    out = folder / "R.json"
    arguments = ["trials", "--folder", str(folder), "--out", str(out), "--only", only]
    done = CliRunner().invoke(command_line.build_app(), arguments)
    assert done.exit_code == 0, done.output
    report = json.loads(out.read_text(encoding="utf-8"))
    cases = report["cases"]
    metric = report["metrics"]["as_expected"]
    assert metric["n"] == len(cases)
    assert metric["value"] == pytest.approx(sum(one["as_expected"] for one in cases) / len(cases))
    assert metric["low"] <= metric["value"] <= metric["high"]
    assert all(one["came"] for one in cases)
