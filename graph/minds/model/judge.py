"""The model judge. It is asked about claims that the local judge lets pass, and may only object."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import override

from graph.desk.model import Desk
from graph.minds.contract import Judge
from graph.minds.model.asking import ModelMind, Question
from graph.minds.model.prompts import Brief, load_prompt
from graph.state import Claim, Evidence
from memory.journal.codes import MindDecision


class Judgement(BaseModel):
    """How probable it is that the evidence states the statement."""

    model_config = ConfigDict(extra="forbid")

    supported: float = Field(ge=0, le=1)


@dataclass(frozen=True)
class ModelJudge(ModelMind[Judge], Judge):
    """A chat model says how probable it is that evidence states a claim."""

    @override
    async def grounding(self, claim: Claim, evidence: Sequence[Evidence]) -> float:
        """The lower of both scores; the local one if no model answers."""
        score = await self.local.grounding(claim, evidence)
        if score < self.desk.thresholds.grounding:
            return score
        question = judgement(self.desk, claim, evidence)
        return await self.decided(
            question, lambda found, _: min(score, found), lambda: _known(score)
        )


def judgement(desk: Desk, claim: Claim, evidence: Sequence[Evidence]) -> Question[Judgement, float]:
    """What a model is asked of a claim."""
    brief = Brief()
    brief.add("statement", claim["text"])
    for item in evidence:
        brief.add("evidence", f"{item['title']}\n{item['heading']}\n{item['text']}")
    return Question(
        decision=MindDecision.JUDGE,
        prompt=load_prompt("judge"),
        values={"company": desk.company},
        brief=brief,
        shape=Judgement,
        check=lambda answer: answer.supported,
    )


async def _known(score: float) -> float:
    return score
