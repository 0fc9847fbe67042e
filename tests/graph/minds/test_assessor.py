"""How surely the evidence answers."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from graph.minds.local.assessor import LocalAssessor, clarifying_question, default_threshold
from graph.state import Ask, Evidence, StepResult

STRONG = {
    "dense": 0.75,
    "dense_lead": 0.25,
    "aligned": 0.85,
    "telling": 0.85,
    "telling_lead": 0.25,
    "lexical": 14.0,
}
WEAK = {
    "dense": 0.2,
    "dense_lead": 0.0,
    "aligned": 0.35,
    "telling": 0.2,
    "telling_lead": 0.0,
    "lexical": 1.0,
}


def _ask(text: str) -> Ask:
    return {"id": "a1", "text": text, "query": text, "intent": None}


def _evidence(
    name: str, score: float, features: dict[str, float] | None = None, kind: str = "article"
) -> Evidence:
    return {
        "id": name,
        "kind": kind,  # type: ignore[typeddict-item]
        "source": f"doc-{name}",
        "title": f"Title {name}",
        "heading": "",
        "text": "text",
        "score": score,
        "features": features or WEAK,
    }


def _result(evidence: Sequence[Evidence]) -> StepResult:
    return {
        "step_id": "s1",
        "ask_id": "a1",
        "kind": "search",
        "tool": "search_knowledge",
        "arguments": {},
        "status": "ok",
        "evidence": list(evidence),
        "answer": None,
        "error": None,
        "fingerprint": "f",
    }


async def test_strong_evidence_is_surer_than_weak() -> None:
    """The shipped model tells a near match with every word from a distant one."""
    ask = _ask("How do I download an invoice?")
    assessor = LocalAssessor()
    strong = await assessor.confidence(ask, [_result([_evidence("a", 1.0, STRONG)])])
    weak = await assessor.confidence(ask, [_result([_evidence("a", 0.4, WEAK)])])
    assert strong.value > 0.75
    assert weak.value < 0.35
    assert strong.features["aligned"] == 0.85


async def test_nothing_found_is_no_confidence() -> None:
    """Without evidence there is nothing to be sure of and nothing to cite."""
    found = await LocalAssessor().confidence(_ask("How do I download an invoice?"), [_result([])])
    assert (found.value, found.evidence, found.question) == (0.0, [], None)


async def test_the_best_passages_are_cited_once() -> None:
    """Over all steps, best first; what scores far less is left out."""
    first = _result([_evidence("a", 0.9), _evidence("b", 0.85)])
    second = _result([_evidence("c", 0.95), _evidence("a", 0.9), _evidence("d", 0.4)])
    found = await LocalAssessor().confidence(_ask("How do I export all invoices?"), [first, second])
    assert found.evidence == ["c", "a", "b"]


@pytest.mark.parametrize("kind", ["tool", "guidance"])
async def test_records_and_guidance_are_certain(kind: str) -> None:
    """A tool's record, or what a person said, answers whatever the articles say."""
    given = [_evidence("a", 0.9), _evidence("t", 1.0, kind=kind)]
    found = await LocalAssessor().confidence(_ask("Where is my order?"), [_result(given)])
    assert found.value > 0.9
    assert found.evidence == ["t"]


def test_a_short_ask_with_rivals_is_asked_about() -> None:
    """The question offers the titles that are equally near."""
    near = [_evidence("a", 0.9), _evidence("b", 0.89), _evidence("c", 0.5)]
    question = clarifying_question("Invoice?", near)
    assert question is not None
    assert "Title a" in question
    assert "Title b" in question
    assert "Title c" not in question


@pytest.mark.parametrize("ask", ["Help please", "It does not", ""])
def test_an_ask_without_a_topic_is_asked_about(ask: str) -> None:
    """Nothing is offered where nothing was said."""
    question = clarifying_question(ask, [_evidence("a", 0.9)])
    assert question is None or "Title" not in question


def test_a_clear_ask_is_not_asked_about() -> None:
    """Rivals alone do not make an ask vague, and a short one may have a single answer."""
    rivals = [_evidence("a", 0.9), _evidence("b", 0.89)]
    assert clarifying_question("How do I download the invoice of last May?", rivals) is None
    assert clarifying_question("Invoice?", [_evidence("a", 0.9), _evidence("b", 0.5)]) is None


def test_a_smaller_error_needs_a_higher_threshold() -> None:
    """And for an error below every stored one nothing is delivered."""
    found = [default_threshold(error) for error in (0.3, 0.2, 0.1, 0.05)]
    assert found == sorted(found)
    assert default_threshold(0.0001) == 1.0
