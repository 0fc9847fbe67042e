"""`deskhand model check`: one call of each decision, told as a table or as JSON."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from evals.faults.model_process import FaultyModel, serving_model
from tests.commands import Command, Ran

DESK = """
tenant: acme
company: Acme
services:
  llm: {{base_url: "{url}", token: "${{LLM_TOKEN}}"}}
minds:
  model: {{model: "openai:misbehaving-1", service: llm, timeout_seconds: 20, price: {price}}}
"""
PRICE = "{input_per_million: 1, output_per_million: 4}"


@pytest.fixture(scope="module")
def server() -> Iterator[FaultyModel]:
    """One process for all tests."""
    with serving_model() as found:
        yield found


@pytest.fixture
def model(server: FaultyModel) -> FaultyModel:
    """The server with nothing planned."""
    server.reset()
    return server


@pytest.fixture
def check(workplace: Path, deskhand: Command, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Runs the command on a desk.yaml of this text."""

    def run(desk: str, *options: str) -> Ran:
        monkeypatch.setenv("LLM_TOKEN", "sesame")
        file = workplace / "desk.yaml"
        file.write_text(desk)
        return deskhand("model", "check", str(file), *options)

    return run


def test_each_decision_is_shown_with_time_and_cost(check: Command, model: FaultyModel) -> None:
    """The head names the model, its address and price; a row follows for each decision."""
    status, out, _ = check(DESK.format(url=model.base_url, price=PRICE))
    assert status == 0
    assert out.startswith(f"openai:misbehaving-1 at {model.base_url}, for the desk of Acme (acme):")
    assert "1 for a million tokens in, 4 for a million out" in out
    rows = [line.split()[:2] for line in out.splitlines()[2:]]
    assert rows == [[name, "ok"] for name in ("classify", "plan", "write", "judge")]
    assert "sesame" not in out


def test_a_repaired_answer_says_what_was_wrong(check: Command, model: FaultyModel) -> None:
    """Once is fine, and yet worth knowing: each repair costs a call."""
    model.plan({"kind": "wrong_schema"}, tool="TicketPlan")
    status, out, _ = check(DESK.format(url=model.base_url, price=PRICE), "--json")
    found = {one["decision"]: one for one in json.loads(out)}
    assert status == 0
    assert found["plan"]["state"] == "repaired"
    assert found["plan"]["repaired"] == ["wrong_schema"]
    assert "At first the answer lacked what was asked for" in found["plan"]["detail"]
    assert found["write"]["repaired"] == []
    assert found["plan"]["cost_micros"] > 0


def test_a_decision_without_an_answer_fails_the_check(check: Command, model: FaultyModel) -> None:
    """The others are tried all the same, and the table says what to do."""
    model.plan({"kind": "error", "status": 401}, tool="Reply", forever=True)
    status, out, _ = check(DESK.format(url=model.base_url, price=PRICE), "--json")
    found = {one["decision"]: one for one in json.loads(out)}
    assert status == 1
    assert {name for name, one in found.items() if one["state"] == "fail"} == {"write"}
    assert "Set `token` of the service 'llm'" in found["write"]["detail"]


def test_decisions_that_stay_local_are_named(check: Command, model: FaultyModel) -> None:
    """They are tried as well: whoever checks may want to leave them to the model."""
    desk = DESK.format(url=model.base_url, price=PRICE) + "  writer: model\n"
    found = {one["decision"]: one for one in json.loads(check(desk, "--json")[1])}
    assert found["write"]["detail"] == ""
    assert found["plan"]["detail"] == "Not used: the desk leaves this to the local mind."


MISSING = {
    "no price": (
        DESK.format(url="http://127.0.0.1:9/v1", price="null"),
        "nobody knows what 'openai:misbehaving-1' costs: state its price in desk.yaml",
    ),
    "no key": (
        'tenant: acme\ncompany: Acme\nminds: {model: "openai:gpt-4o-mini"}\n',
        "the model 'openai:gpt-4o-mini' needs a key: set OPENAI_API_KEY",
    ),
    "no package": (
        f'tenant: acme\ncompany: Acme\nminds: {{model: {{model: "groq:llama", price: {PRICE}}}}}\n',
        "pip install langchain-groq",
    ),
}


def test_a_desk_without_a_model_is_no_fault(check: Command) -> None:
    """The local minds decide; what to write for a model is told."""
    status, out, err = check("tenant: acme\ncompany: Acme\n")
    assert (status, out) == (0, "")
    assert 'write `minds: {model: "provider:name"}` in desk.yaml' in err


@pytest.mark.parametrize("case", MISSING)
def test_what_is_missing_is_told_in_one_line(
    case: str, check: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before any call is made, with exit status 2."""
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    desk, words = MISSING[case]
    status, _, err = check(desk)
    assert status == 2
    assert words in err
    assert err.count("\n") == 1
