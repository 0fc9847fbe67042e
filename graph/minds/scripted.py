"""Minds without intelligence: fast, deterministic, for tests and for measuring the engine.

They answer from the first passage the search brings. Marked words in the customer's text steer
them, so that a test can ask for each branch: `#person`, `#unsure`, `#ungrounded`, `#slow`
(`#slow:3` for three seconds), `#slow-draft`, `#echo word` (the reply repeats it), `#intent NAME`,
`#propose TOOL {"its": "arguments"}`.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Sequence

from typing_extensions import override

from graph.desk.wording import greeted
from graph.minds.contract import (
    Assessor,
    Classifier,
    Confidence,
    Judge,
    Minds,
    Planner,
    PlanRequest,
    Screener,
    Writer,
    WriteRequest,
)
from graph.state import (
    Ask,
    Claim,
    Classification,
    Drafted,
    Evidence,
    Planned,
    Screening,
    Step,
    StepResult,
)
from memory.admission import waiting_outside
from memory.fingerprints import fingerprint
from memory.tool_names import SEARCH

QUERY_CHARS = 500
SLOW_SECONDS = 0.5
"""How long a text marked `#slow` takes to classify."""
SLOW_DRAFT_SECONDS = 3.0
"""How long the reply to a text marked `#slow-draft` takes to write."""

_INTENT = re.compile(r"#intent (\w+)")
_SLOW = re.compile(r"#slow(?!-)(?::(\d{1,3}))?")
_SLOW_DRAFT = "#slow-draft"
_ECHO = re.compile(r"#(echo [a-z-]+)")
_PROPOSED = re.compile(r"#propose (\w+) (\{[^}]*\})")


class ScriptedScreener(Screener):
    """Finds nothing wrong with anything."""

    @override
    async def screen(self, subject: str, text: str, headers: dict[str, str]) -> Screening:
        words = f"{subject}\n{text}".strip()
        return {
            "text": words,
            "masked": words,
            "language": "und",
            "automatic": headers.get("Auto-Submitted"),
            "injection": 0.0,
            "injected": [],
            "personal_data": [],
            "empty": not words,
            "truncated": False,
        }


class ScriptedClassifier(Classifier):
    """Knows no intent but the one that the text names."""

    @override
    async def classify(self, text: str) -> Classification:
        if slow := _SLOW.search(text):
            with waiting_outside():  # as for a model, which this stands for
                await asyncio.sleep(float(slow[1] or SLOW_SECONDS))
        return {"intent": _intent(text), "confidence": 1.0, "threshold": 0.0, "ranked": []}


class ScriptedPlanner(Planner):
    """One ask, one search a round, and in the first the action that the text names."""

    @override
    async def plan(self, request: PlanRequest) -> Planned:
        text = request.screening["text"]
        ask: Ask = {"id": "a1", "text": text, "query": text, "intent": _intent(text)}
        query = f"{request.guidance} {text}".strip() if request.round > 1 else text
        query = query[:QUERY_CHARS]
        step: Step = {
            "id": fingerprint(SEARCH, {"query": query}),
            "ask_id": "a1",
            "kind": "search",
            "tool": SEARCH,
            "arguments": {"query": query},
            "cause": "planned" if request.round == 1 else "replan",
        }
        return {
            "round": request.round,
            "asks": [ask],
            "steps": [step, *(_proposed(text) if request.round == 1 else ())],
            "reason": "one ask",
            "overflow": False,
        }


def _intent(text: str) -> str | None:
    found = _INTENT.search(text)
    return None if found is None else found[1]


def _proposed(text: str) -> list[Step]:
    found = _PROPOSED.search(text)
    if found is None:
        return []
    arguments = json.loads(found[2])
    return [
        {
            "id": fingerprint(found[1], arguments),
            "ask_id": "a1",
            "kind": "action",
            "tool": found[1],
            "arguments": arguments,
            "cause": "planned",
        }
    ]


class ScriptedAssessor(Assessor):
    """Certain, unless the text says `#person` or `#unsure`, or nothing was found."""

    @override
    async def confidence(self, ask: Ask, results: Sequence[StepResult]) -> Confidence:
        found = [item["id"] for result in results for item in result["evidence"]]
        value = 0.2 if "#person" in ask["text"] or not found else 0.95
        question = "Which one do you mean?" if "#unsure" in ask["text"] else None
        return Confidence(0.1 if question else value, found[:1], question)


class ScriptedWriter(Writer):
    """Quotes the first passage."""

    @override
    async def write(self, request: WriteRequest) -> Drafted:
        if any(_SLOW_DRAFT in ask["text"] for ask in request.asks):
            await asyncio.sleep(SLOW_DRAFT_SECONDS)
        question = next((one["question"] for one in request.assessments if one["question"]), None)
        claims: list[Claim] = []
        if question is None:
            claims = [
                {
                    "text": request.evidence[one["evidence"][0]]["text"][:200],
                    "ask_id": one["ask_id"],
                    "evidence": one["evidence"][:1],
                }
                for one in request.assessments
                if one["evidence"]
            ]
        echoes = [one for ask in request.asks for one in _ECHO.findall(ask["text"])]
        text = "\n".join([question or "\n".join(claim["text"] for claim in claims), *echoes])
        return {
            "attempt": request.attempt,
            "kind": "reply" if question is None else "clarification",
            "text": f"{greeted(request.desk.tone.greeting)}\n{text}",
            "claims": claims,
            "writer": "scripted",
        }


class ScriptedJudge(Judge):
    """Believes every claim that is not marked `#ungrounded`."""

    @override
    async def grounding(self, claim: Claim, evidence: Sequence[Evidence]) -> float:
        return 0.0 if any("#ungrounded" in item["text"] for item in evidence) else 1.0


def scripted_minds() -> Minds:
    """All of them."""
    return Minds(
        screener=ScriptedScreener(),
        classifier=ScriptedClassifier(),
        planner=ScriptedPlanner(),
        assessor=ScriptedAssessor(),
        writer=ScriptedWriter(),
        judge=ScriptedJudge(),
    )
