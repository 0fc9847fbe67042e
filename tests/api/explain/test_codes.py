"""Every code that the program can write has words: they are read from the program itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.explain import vocabulary as words
from api.explain.aggregate import WORDS as CAUSE_WORDS
from api.explain.counterfactuals import WORDINGS
from api.explain.sentences import error_words, reason_words, sentence
from graph import checks
from graph.build import NODES
from graph.minds.contract import Minds
from graph.minds.model.answers import Wrong
from graph.policies import Reason
from memory.tables import DecisionKind, Outcome, TicketStatus
from memory.tables.corrections import CorrectionKind
from tests.api.explain.journals import Journal
from tools import faults

ROOMS = ("memory", "tools", "graph", "api")
ENTRIES = {"Entry", "CallEntry"}
REASONS = sorted(value for name, value in vars(Reason).items() if name.isupper())
FIELDS = ("kind", "name", "cause", "outcome")
DEFAULTS = {("run", "drive"): "accepted", ("decision", "person"): "approve"}
"""A cause of rows whose cause is no literal: the tests below name all of them."""


def trees() -> Iterator[ast.AST]:
    """The program's own source, parsed."""
    for room in ROOMS:
        for path in Path(room).rglob("*.py"):
            yield ast.parse(path.read_text(encoding="utf-8"))


def calls(*names: str) -> Iterator[ast.Call]:
    """Every call of a function or class of one of these names."""
    for tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                target = node.func
                name = (
                    target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", "")
                )
                if name in names:
                    yield node


def text(node: ast.expr | None) -> str | None:
    """A literal text, or None."""
    constant = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return node.value if constant else None  # type: ignore[union-attr, return-value]


def written() -> list[dict[str, str]]:
    """The literal parts of every journal row that the program writes."""
    found = []
    for call in calls(*ENTRIES):
        given = dict(zip(FIELDS, call.args, strict=False))
        given |= {word.arg: word.value for word in call.keywords if word.arg in FIELDS}
        literal = {name: text(node) for name, node in given.items()}
        found.append({name: value for name, value in literal.items() if value is not None})
    return found


def test_the_program_writes_rows_that_this_test_finds() -> None:
    """The reading works: the rows of all rooms are among what it found."""
    names = {(row.get("kind"), row.get("name")) for row in written()}
    assert {("ticket", "accept"), ("run", "drive"), ("decision", "intent")} <= names
    assert {("decision", "to_person"), ("wait", "person"), ("run", "sweep")} <= names
    assert {row.get("kind") for row in written()} >= {"call", "decision", "run", "ticket", "wait"}


@pytest.mark.parametrize("row", written(), ids=str)
def test_every_row_that_the_program_writes_is_told(row: dict[str, str]) -> None:
    """No cause in brackets, and no word of a kind that nobody taught the story."""
    cause = row.get("cause") or DEFAULTS.get((row.get("kind"), row.get("name")), "planned")
    known = words.CAUSES.keys() | words.SILENT | words.RUNS.keys() | words.DECISIONS.keys()
    assert cause in known
    told = Journal().row(
        row.get("kind", "step"), row.get("name", "plan"), cause, row.get("outcome", "ok")
    )
    assert f"({cause.replace('_', ' ')})" not in sentence(told.rows[0])


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_has_words_and_a_way_out(reason: str) -> None:
    """Why a person has it, and what would have changed that."""
    assert reason in words.REASONS
    assert reason_words(reason) != reason.replace("_", " ")
    told = WORDINGS[reason]
    journal = Journal().accepted().drive().handed_off(reason)
    from api.explain.counterfactuals import otherwise

    assert callable(told)
    assert all(line.endswith(".") for line in otherwise(journal.rows))
    assert otherwise(journal.rows)


def kinds() -> set[str]:
    """Kinds of errors that the gateway may give back."""
    found = {
        one.kind for one in vars(faults).values() if isinstance(one, type) and hasattr(one, "kind")
    }
    return found | {name for call in calls("_error", "_no") if (name := text(call.args[0]))}


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_every_error_of_a_tool_has_words(kind: str) -> None:
    """From the classes of faults, and from what the gateway itself refuses."""
    assert kind in words.ERRORS
    assert error_words(f"{kind}: why").startswith(words.ERRORS[kind])


@pytest.mark.parametrize("wrong", list(Wrong))
def test_everything_wrong_with_a_models_answer_has_words(wrong: Wrong) -> None:
    """A repair says what it repairs."""
    assert error_words(wrong.value) == words.WRONG[wrong.value]


def findings() -> set[str]:
    """Names of the checks that may object."""
    named = {name for call in calls("_finding") if (name := text(call.args[0]))}
    return named | {check.__name__ for check in checks.CHAIN} - {"personal_data_of_others"}


@pytest.mark.parametrize("check", sorted(findings()))
def test_every_check_has_words(check: str) -> None:
    """What objected to a draft."""
    assert check in words.CHECKS


def asked_of_models() -> set[str]:
    """Decisions that a model or, after it, a local mind takes."""
    named = {name for call in calls("or_local") if (name := text(call.args[0]))}
    questions = (word for call in calls("Question") for word in call.keywords)
    return named | {
        name for word in questions if word.arg == "decision" and (name := text(word.value))
    }


@pytest.mark.parametrize("decision", sorted(asked_of_models()))
def test_every_decision_of_a_model_has_words(decision: str) -> None:
    """What it was asked for, and in which step."""
    node, doing = words.MINDS[decision]
    assert node in NODES
    assert doing
    for family in ("model", "local"):
        told = Journal().row("call", f"{family}:{decision}", "fallback", "ok").rows[0]
        assert f"for {decision} answered" in sentence(told)


def test_every_step_outcome_status_and_decision_has_words() -> None:
    """Nodes, endings, where a ticket stands, and what people decide."""
    assert words.STEPS.keys() == NODES.keys()
    assert {outcome.value for outcome in Outcome} <= words.ENDS.keys()
    assert {status.value for status in TicketStatus} <= words.STATUSES.keys()
    assert {kind.value for kind in DecisionKind} <= words.DECISIONS.keys()
    assert len(Minds.__dataclass_fields__) == 6  # a new mind needs words here


def test_everything_people_do_with_a_handoff_has_words() -> None:
    """Also what the clock does in their place, and what they correct."""
    done = {
        text(word.value) for call in calls("change") for word in call.keywords if word.arg == "what"
    }
    assert {"claimed", "expired"} <= done - {None} <= words.PEOPLE.keys()
    assert {kind.value for kind in CorrectionKind} <= words.CORRECTIONS.keys()


def literal_causes() -> set[str]:
    """Causes of `Request` that api/why gives."""
    found = {text(call.args[1]) for call in calls("Request") if len(call.args) > 1}
    return {cause for cause in found if cause}


def test_every_cause_of_a_request_has_words() -> None:
    """Those told over many tickets."""
    assert literal_causes() <= CAUSE_WORDS.keys()
