"""Reading labelled cases."""

import json
from pathlib import Path

import pytest

from evals.figures.datasets import DataError, read_questions


def _file(folder: Path, *rows: object) -> Path:
    path = folder / "questions.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


def test_a_question_without_its_article_is_unanswerable(tmp_path: Path) -> None:
    """The label says answerable, but the base lacks the gold article."""
    path = _file(tmp_path, {"question": "How?", "gold_doc_ids": ["a"], "answerable": True})
    (question,) = read_questions([path])
    assert question.is_answerable({"a", "b"})
    assert not question.is_answerable({"b"})


def test_speakers_become_roles(tmp_path: Path) -> None:
    """Data sets name the speakers differently; the graph knows customer and agent."""
    turns = [{"speaker": "U", "text": "hi"}, {"speaker": "S", "text": "hello"}]
    path = _file(tmp_path, {"question": "How?", "gold_doc_ids": [], "history": turns})
    (question,) = read_questions([path])
    assert [message["role"] for message in question.history] == ["customer", "agent"]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"gold_doc_ids": []}, "'question'"),
        ({"question": "How?", "gold_doc_ids": "a"}, "'gold_doc_ids'"),
        ({"question": "How?", "answerable": "no"}, "'answerable'"),
        ({"question": "How?", "history": ["hi"]}, "'history'"),
        (["How?"], "JSON object"),
    ],
)
def test_a_bad_row_is_named(tmp_path: Path, row: object, words: str) -> None:
    """The error names file, line and field."""
    with pytest.raises(DataError, match=r"questions\.jsonl:1") as caught:
        read_questions([_file(tmp_path, row)])
    assert words in str(caught.value)


def test_no_questions_is_an_error(tmp_path: Path) -> None:
    """An empty file would make figures of nothing."""
    with pytest.raises(DataError, match="no questions"):
        read_questions([_file(tmp_path)])
