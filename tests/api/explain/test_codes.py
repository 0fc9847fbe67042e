"""Every code has words: mypy finds one that has none, and these run through all that there are."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

import pytest

from api.explain.counterfactuals import otherwise
from api.explain.words import causes, errors, people, reasons, requests, steps
from graph import checks
from graph.build import NODES
from graph.desk.limits import Limits
from graph.reasons import brief_words
from memory.journal import codes
from memory.journal.events import HandOffRan
from memory.tables import CorrectionKind, DecisionKind, Outcome, TicketStatus
from tools import faults

WORDS: list[tuple[type[StrEnum], Callable[[Any], str]]] = [
    (codes.Reason, reasons.reason_words),
    (codes.Reason, brief_words),
    (codes.RunState, causes.end_of_run),
    (codes.RunCause, causes.run_words),
    (codes.Cause, causes.cause_words),
    (codes.ErrorKind, errors.kind_words),
    (codes.Wrong, errors.wrong_words),
    (codes.Node, steps.done_words),
    (codes.Node, steps.doing_words),
    (codes.MindDecision, steps.asked_words),
    (codes.MindDecision, steps.node_of),
    (codes.Check, steps.check_words),
    (codes.Verdict, steps.verdict_words),
    (codes.StepKind, steps.wants_words),
    (codes.Act, people.act_words),
    (codes.CodeResult, people.code_words),
    (codes.Said, people.said_words),
    (DecisionKind, people.decision_words),
    (DecisionKind, people.carried_words),
    (CorrectionKind, people.correction_words),
    (Outcome, people.end_words),
    (TicketStatus, people.status_words),
    (requests.RequestCause, requests.request_words),
]
SILENT = {causes.cause_words, causes.end_of_run}


@pytest.mark.parametrize(("kind", "words"), WORDS)
def test_every_code_is_worded(kind: type[StrEnum], words: Callable[[Any], str]) -> None:
    """Without an underscore, and two codes of a kind are told apart."""
    told = [words(code) for code in kind]
    assert all("_" not in text for text in told) or words is steps.node_of
    assert all(told) or words in SILENT


@pytest.mark.parametrize("reason", list(codes.Reason))
def test_every_reason_says_what_would_have_changed_it(reason: codes.Reason) -> None:
    """In one sentence."""
    (line,) = otherwise([HandOffRan(outcome=reason)])
    assert line.endswith(".")


@pytest.mark.parametrize("limit", list(codes.Limit))
def test_every_limit_is_one_of_the_desks(limit: codes.Limit) -> None:
    """And the sentence names the entry to change."""
    assert limit in Limits.model_fields
    reached = HandOffRan(outcome=codes.Reason.LIMIT_REACHED, limit=limit)
    assert f"`limits.{limit.value}`" in otherwise([reached])[0]


def test_a_reason_says_by_its_fields_what_it_is_about() -> None:
    """Tools that wait for a person, what they lack, and a grounding that was too low."""
    reasons_of = codes.Reason
    proposed = HandOffRan(outcome=reasons_of.NEEDS_APPROVAL, subject=("cancel", "refund"))
    lacking = HandOffRan(outcome=reasons_of.NEEDS_APPROVAL, lacking=("refund",))
    weak = HandOffRan(outcome=reasons_of.CHECK_FAILED, grounding=0.31, grounding_needed=0.6)
    assert "Only a person may approve cancel, refund" in otherwise([proposed])[0]
    assert "all that refund needs" in otherwise([lacking])[0]
    assert "at 0.31 instead of 0.60" in otherwise([weak])[0]


def test_the_codes_are_those_of_the_program() -> None:
    """Its nodes, the checks of a draft and the faults of tools."""
    assert set(NODES) == {node.value for node in codes.Node}
    named = {check.__name__.removesuffix("_of_others") for check in checks.CHAIN}
    assert named | {"grounding", "language"} == {check.value for check in codes.Check}
    kinds = {one.kind for one in vars(faults).values() if hasattr(one, "kind")}
    assert kinds <= set(codes.ErrorKind)
