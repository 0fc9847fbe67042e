"""A model that repeats recorded decisions, as far as the prompt holds what it tells."""

import json
from pathlib import Path
from typing import Any

import pytest

from evals.demo.model import SCRIPT, with_model
from evals.faults.model_answers import Asked
from evals.faults.model_script import Script

TICKET: dict[str, Any] = {
    "id": "t1",
    "intent": "parcels",
    "asks": [
        {
            "quote": "please pay INV-1 back",
            "tools": [{"tool": "refund_it", "arguments": {"invoice_id": "INV-1"}}],
            "tell": [
                "leave on Monday",
                {"say": "Parcels to islands take six days.", "from": "islands"},
            ],
        }
    ],
}
EVIDENCE = "Parcels\n\n1. They **leave on Monday**. They arrive soon.\n- islands: six days;"


@pytest.fixture
def script(tmp_path: Path) -> Script:
    """One that knows a single message."""
    path = tmp_path / "model.jsonl"
    path.write_text(json.dumps(TICKET) + "\n", encoding="utf-8")
    return Script.read(path)


def said(script: Script, tool: str, *data: tuple[str, str], rules: str = "") -> dict[str, Any]:
    """Its answer to a prompt with these parts."""
    return script.answer(Asked(tool, rules, data))


def test_it_tells_only_what_the_evidence_of_the_prompt_says(script: Script) -> None:
    """Whole sentences as they stand, its own words beside their source, and nothing else."""
    parts = (("ask ask-1", "Please pay INV-1 back"), ("evidence E1", EVIDENCE))
    told = said(script, "Reply", *parts, rules="- ask-1: E1")["statements"]
    assert [one["text"] for one in told] == [
        "They leave on Monday.",
        "Parcels to islands take six days.",
    ]
    other = (parts[0], ("evidence E1", "Letters\n\nLetters leave on Friday."))
    (ruled,) = said(script, "Reply", *other, rules="- ask-1: E1")["statements"]
    assert ruled["text"] == "Letters leave on Friday."


def test_a_wish_takes_its_amount_from_the_record(script: Script) -> None:
    """Before it has come the tool is named without it."""
    message = ("message", "Hello, please pay INV-1 back. Ann")
    (ask,) = said(script, "TicketPlan", message)["asks"]
    assert ask["tools"] == TICKET["asks"][0]["tools"]
    record = ("done: lookup_invoice", "Your invoice INV-1 is for 48.50 EUR and is paid.")
    (again,) = said(script, "NewPlan", message, record)["asks"]
    assert again["tools"][0]["arguments"] == {"invoice_id": "INV-1", "amount": 48.5}


def test_the_recorded_decisions_of_the_company_hold_no_ending() -> None:
    """Every line is read, knows its message, and says nothing of how the ticket ends."""
    script = Script.read(SCRIPT)
    lines = (SCRIPT.parent / "tickets.jsonl").read_text(encoding="utf-8").splitlines()
    known = {one["id"] for one in map(json.loads, lines)}
    assert {one.id for one in script.tickets} <= known
    fields = {
        name
        for line in SCRIPT.read_text(encoding="utf-8").splitlines()
        for name in _names(json.loads(line))
    }
    assert fields.isdisjoint({"outcome", "label", "articles"})


def test_a_desk_is_given_the_model() -> None:
    """Its services keep their names, and the model's is one more."""
    text = with_model("tenant: a\n\nservices:\n  shop: {}\n", "http://127.0.0.1:9/v1")
    assert text.count("services:") == 1
    assert text.index("scripted_model: {base_url") < text.index("shop: {}")


def _names(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value).union(*map(_names, value.values()))
    return set().union(*map(_names, value)) if isinstance(value, list) else set()
