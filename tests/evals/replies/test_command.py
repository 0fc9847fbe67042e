"""The command over a tiny company and tiny questions; and the companies that ship."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from evals import __main__ as command_line
from evals.harness.setup import Setup
from evals.replies import command
from evals.replies.scoring import METRICS
from evals.replies.sets import company_cases
from evals.replies.sources import articles
from graph.minds.scripted import scripted_minds
from memory.encoder.encoder import HashEncoder

ARTICLE = "# Lamps\n\nA lamp burns for 7 hours."


@pytest.fixture
def company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A desk, an article and two tickets; scripted minds and the stand-in encoder."""

    def quick(desk: Path, kb: tuple[Path, ...], cache: Path) -> Setup:
        return Setup(
            desk, kb, cache, encoder=HashEncoder(), minds=lambda _desk, _encoder: scripted_minds()
        )

    monkeypatch.setattr(command, "Setup", quick)
    files = {
        "desk.yaml": "tenant: tiny\ncompany: Tiny\n",
        "articles/lamps.md": ARTICLE,
        "tickets.jsonl": _rows(
            {"id": "a", "body": "How long does a lamp burn?", "label": _answer("lamps")},
            {"id": "b", "body": "I complain", "label": {"outcome": "person"}},
        ),
        "replies.jsonl": _rows({"id": "a", "asks": [["7 hours"]]}, {"id": "b", "asks": []}),
        "kb.jsonl": _rows({"doc_id": "lamps", "title": "Lamps", "text": ARTICLE}),
        "q/questions.jsonl": _rows(
            {
                "qid": "q",
                "question": "lamp?",
                "answer": "7 hours it burns.",
                "gold_doc_ids": ["lamps"],
            }
        ),
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def _answer(doc_id: str) -> dict[str, Any]:
    return {"outcome": "answer", "articles": [doc_id]}


def _rows(*rows: dict[str, Any]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


@pytest.mark.parametrize("kind", ["company", "questions"])
def test_the_report_has_the_six_figures(company: Path, kind: str) -> None:
    """By their plain names for the writer, and beside them those of the pasted passage."""
    out = company / "R.json"
    questions = [
        "--kb",
        str(company / "kb.jsonl"),
        "--questions",
        str(company / "q/questions.jsonl"),
    ]
    options = ["--company", str(company)] if kind == "company" else questions
    done = CliRunner().invoke(command_line.build_app(), ["replies", "--out", str(out), *options])
    assert done.exit_code == 0, done.output
    metrics = json.loads(out.read_text(encoding="utf-8"))["metrics"]
    for name in METRICS:
        assert set(metrics[name]) == {"value", "low", "high", "n"}
        assert f"pasted.{name}" in metrics
    assert metrics["pasted.harmed"]["value"] == 0
    assert metrics["pasted.unanswered"]["value"] == 0


def test_questions_need_articles(company: Path) -> None:
    """One option without the other is refused."""
    arguments = ["replies", "--out", "R.json", "--kb", str(company / "kb.jsonl")]
    done = CliRunner().invoke(command_line.build_app(), arguments)
    assert done.exit_code == 2


@pytest.mark.parametrize("folder", command.COMPANIES, ids=lambda one: one.name)
def test_every_label_of_an_example_stands_in_its_articles(folder: Path) -> None:
    """A fact that its article does not hold could never be told: pasted whole, it tells all."""
    known = articles([folder / "articles"])
    for case in company_cases(folder):
        label = case.row.label
        if case.answerable and not label.tools:
            text = "\n".join(
                f"{block.heading} {block.text}" for name in label.articles for block in known[name]
            )
            score = case.score(text, [], [])
            assert all(score.told), (case.row.id, score.told)
            assert replace(score, told=[]).unanswered.count(True) == 0
