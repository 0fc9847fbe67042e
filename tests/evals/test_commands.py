"""The commands on a tiny help centre, with the stand-in encoder."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from evals import __main__ as command_line
from evals.figures import base
from memory.encoder.encoder import HashEncoder

ARTICLES = {
    "invoice": ("Download an invoice", "Open billing and press download beside the invoice."),
    "password": ("Reset a password", "Use the forgotten password link on the login page."),
    "clock": ("Set up a clock", "Plug the terminal in and scan the code in the app."),
}
QUESTIONS = [
    ("download invoice", ["invoice"]),
    ("reset forgotten password", ["password"]),
    ("set up terminal clock", ["clock"]),
    ("parking garage opening", ["parking"]),
]


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A base and questions; one question has no article."""
    monkeypatch.setattr(base, "open_encoder", lambda _cache: HashEncoder())
    rows = [{"doc_id": d, "title": t, "text": x} for d, (t, x) in ARTICLES.items()]
    _write(tmp_path / "kb.jsonl", [*rows, {"doc_id": "empty", "title": "", "text": ""}])
    _write(tmp_path / "q.jsonl", [{"question": q, "gold_doc_ids": g} for q, g in QUESTIONS])
    return tmp_path


def _write(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")


def _run(folder: Path, command: str, *more: str) -> dict[str, Any]:
    options = ["--kb", str(folder / "kb.jsonl"), "--questions", str(folder / "q.jsonl")]
    out = folder / f"{command}.json"
    arguments = [command, *options, "--out", str(out), *more]
    ran = CliRunner().invoke(command_line.build_app(), arguments, catch_exceptions=False)
    assert ran.exit_code == 0, ran.output
    found: dict[str, Any] = json.loads(out.read_text())
    return found


def test_retrieval_counts_answerable_questions_only(files: Path) -> None:
    """Three of four questions have an article; all three find it first; one row was skipped."""
    body = _run(files, "retrieval")
    assert body["metrics"]["hit_at_1"]["value"] == 1.0
    assert body["metrics"]["hit_at_1"]["n"] == 3
    assert any("1 of 4" in note for note in body["notes"])
    assert any("empty" in note for note in body["notes"])


def test_answer_counts_all_and_delivers_what_the_threshold_lets_pass(files: Path) -> None:
    """Wrong answers are the least sure; a calibration decides what is delivered."""
    calibration = _run(files, "calibrate", "--max-error", "0.5")
    assert calibration["n"] == 4
    body = _run(files, "answer", "--calibration", str(files / "calibrate.json"))
    assert body["metrics"]["auroc_correct"]["value"] == 1.0
    assert body["metrics"]["stated_error"]["value"] == 0.5
    assert body["metrics"]["coverage"]["value"] == pytest.approx(calibration["coverage"])


def test_too_few_cases_hand_everything_to_a_person(files: Path) -> None:
    """Four cases cannot show 5 %: nothing is delivered, and the error has no value."""
    assert _run(files, "calibrate")["sufficient"] is False
    body = _run(files, "answer", "--calibration", str(files / "calibrate.json"))
    assert body["metrics"]["coverage"]["value"] == 0.0
    assert body["metrics"]["error"]["value"] is None
