"""What is folded into the sums of metrics stays bounded, and is counted as what it is."""

import json
from typing import Any

import pytest

from api.telemetry import figures as sums
from api.telemetry.figures import Figures, JournalLine, figures_of, fold


def row(**parts: Any) -> JournalLine:
    """A row of the journal."""
    fields: dict[str, Any] = {
        "id": 1,
        "tenant": "acme",
        "kind": "call",
        "name": "search",
        "cause": "planned",
        "outcome": "ok",
        "duration_ms": 12.0,
        "tokens_in": 0,
        "tokens_out": 0,
        "cost_micros": 0,
        "error": None,
        "numbers": {},
    }
    return JournalLine(**{**fields, **parts})


def test_labels_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mind that makes names up cannot fill the memory of whoever watches."""
    monkeypatch.setattr(sums, "MOST_SERIES", 10)
    figures = Figures()
    for number in range(100):
        fold(figures, row(id=number + 1, name=f"tool_{number}"))
    assert len(figures.counters["deskhand_tool_calls"]) == 11
    assert figures.counters["deskhand_tool_calls"][("other", "other", "other")] == 90


def test_a_models_call_counts_tokens_and_cost_by_model() -> None:
    """In and out apart; and it is no tool."""
    figures = Figures()
    model = {"numbers": {"model": "openai:small"}, "name": "model:write", "cost_micros": 7}
    fold(figures, row(**model, tokens_in=30, tokens_out=4))
    assert figures.counters["deskhand_tokens"] == {
        ("acme", "openai:small", "in"): 30,
        ("acme", "openai:small", "out"): 4,
    }
    assert figures.counters["deskhand_cost_micros"] == {("acme", "openai:small"): 7}
    assert "deskhand_tool_calls" not in figures.counters
    assert figures_of(json.loads(json.dumps(figures.as_data()))) == figures
