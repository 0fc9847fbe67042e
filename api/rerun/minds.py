"""Minds that answer what they answered then; where the path is new, the local minds are asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from api.rerun.recording import Recording
from graph.desk.model import Desk
from graph.minds.contract import Confidence, MindFault, Minds, PlanRequest, WriteRequest
from graph.state import (
    Ask,
    Claim,
    Classification,
    Drafted,
    Evidence,
    Planned,
    Screening,
    StepResult,
)
from memory.journal.events import CheckRan

UNKNOWN = "other"
"""The language of a draft that a check had objected to."""
Live = Callable[[], Minds | None]
"""The local minds, opened when the first new question comes; None if they cannot be."""


@dataclass
class Recorded:
    """All six minds over one recording. `new` counts what was decided anew, by decision."""

    recording: Recording
    desk: Desk
    live: Live
    looks: int = 0
    """Looks at the evidence so far: one for each plan."""
    plans: int = 0
    new: dict[str, int] = field(default_factory=dict)

    def minds(self) -> Minds:
        """One object for each decision."""
        return Minds(
            screener=_Screener(self),
            classifier=_Classifier(self),
            planner=_Planner(self),
            assessor=_Assessor(self),
            writer=_Writer(self),
            judge=_Judge(self),
        )

    def anew(self, decision: str) -> Any:
        """The mind that decides what was never decided. Raises `MindFault` if there is none."""
        self.new[decision] = self.new.get(decision, 0) + 1
        minds = self.live()
        if minds is None:
            msg = f"no {decision} was recorded for this, and there is no local one to ask"
            raise MindFault(msg)
        return getattr(minds, decision)


@dataclass(frozen=True)
class _Screener:
    by: Recorded

    async def screen(self, subject: str, text: str, headers: dict[str, str]) -> Screening:
        """Of the message as recorded; of a recorded draft by what its check had found."""
        state = self.by.recording.state
        triaged, drafted, checked = state["triaged"], state.get("drafted"), state.get("checked")
        assert triaged is not None
        if self.by.plans == 0:
            return triaged["screening"]
        if checked is None or drafted is None or text != drafted["text"]:
            return await self._new(text)
        objected = any(one["check"] == "language" for one in checked["findings"])
        language = UNKNOWN if objected else self.by.desk.language
        return {**triaged["screening"], "language": language}

    async def _new(self, text: str) -> Screening:
        found: Screening = await self.by.anew("screener").screen("", text, {})
        return found


@dataclass(frozen=True)
class _Classifier:
    by: Recorded

    async def classify(self, text: str) -> Classification:
        """As recorded, judged by the desk's threshold and intents."""
        triaged = self.by.recording.state["triaged"]
        assert triaged is not None
        found, threshold = triaged["classification"], self.by.desk.thresholds.intent
        best = found["ranked"][0] if found["ranked"] else None
        if threshold == found["threshold"] or best is None:
            intent = found["intent"]
        else:
            intent = best["name"] if best["confidence"] >= threshold else None
        known = self.by.desk.intent(intent) is not None
        return {**found, "intent": intent if known else None, "threshold": threshold}


@dataclass(frozen=True)
class _Planner:
    by: Recorded

    async def plan(self, request: PlanRequest) -> Planned:
        """The plan of that round; a new one if there was none."""
        self.by.plans += 1
        planned, rounds = self.by.recording.state.get("planned"), self.by.recording.rounds
        if planned is None or request.round > len(rounds):
            found: Planned = await self.by.anew("planner").plan(request)
            return found
        last = request.round == len(rounds)
        plan: Planned = {
            "round": request.round,
            "asks": planned["asks"],
            "steps": rounds[request.round - 1],
            "reason": "as recorded",
            "overflow": planned["overflow"] if last else False,
        }
        lacking = self.by.recording.lacking
        if request.round <= len(lacking) and lacking[request.round - 1]:
            plan["lacking"] = lacking[request.round - 1]
        return plan


@dataclass(frozen=True)
class _Assessor:
    by: Recorded

    async def confidence(self, ask: Ask, results: Sequence[StepResult]) -> Confidence:
        """The value of that look, with the evidence that the same results bring."""
        from graph.minds.local.confidence.assessor import LocalAssessor

        look = max(self.by.plans, 1) - 1
        looks = self.by.recording.looks
        known = {one.ask: one for one in looks[look]} if look < len(looks) else {}
        computed = await LocalAssessor().confidence(ask, results)
        recorded = known.get(ask["id"])
        if recorded is None:
            self.by.new["assessor"] = self.by.new.get("assessor", 0) + 1
            return computed
        assessed = self.by.recording.state.get("assessed")
        same = {one["ask_id"]: one for one in assessed["asks"]} if assessed else {}
        last = look == len(looks) - 1 and ask["id"] in same
        evidence = same[ask["id"]]["evidence"] if last else computed.evidence
        question = same[ask["id"]]["question"] if last else computed.question
        return Confidence(recorded.confidence, evidence, question)


@dataclass(frozen=True)
class _Writer:
    by: Recorded

    async def write(self, request: WriteRequest) -> Drafted:
        """The draft, or the reply that was suggested to the person, where it is of these asks."""
        drafted = self.by.recording.state.get("drafted")
        asking = [one for one in request.assessments if one["question"] and not one["supported"]]
        wanted = "clarification" if asking else "reply"
        asks = {claim["ask_id"] for claim in drafted["claims"]} if drafted else set()
        whole = asks >= {ask["id"] for ask in request.asks} or wanted == "clarification"
        fits = whole or self.by.recording.drafted
        if drafted is not None and drafted["kind"] == wanted and fits:
            return {**drafted, "attempt": request.attempt}
        found: Drafted = await self.by.anew("writer").write(request)
        return found


@dataclass(frozen=True)
class _Judge:
    by: Recorded

    async def grounding(self, claim: Claim, evidence: Sequence[Evidence]) -> float:
        """What the check had said of the claim; its lowest value where it passed."""
        state, turn = self.by.recording.state, self.by.recording.events
        drafted, checked = state.get("drafted"), state.get("checked")
        of_draft = drafted is not None and claim in drafted["claims"]
        if checked is None or not of_draft:
            found: float = await self.by.anew("judge").grounding(claim, evidence)
            return found
        limit = self.by.desk.thresholds.grounding
        checks = [one.lowest_grounding for one in turn if isinstance(one, CheckRan)]
        lowest = limit if not checks or checks[-1] is None else checks[-1]
        for finding in checked["findings"]:
            if finding["check"] == "grounding" and finding["claim"] == claim["text"]:
                return finding.get("score", float(lowest))
        return float(lowest) if checked["verdict"] == "pass" else max(float(lowest), limit)
