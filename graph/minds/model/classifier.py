"""The model classifier. It cannot talk a ticket out of the hands of a person."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import override

from graph.desk.model import Desk
from graph.minds.contract import Classifier
from graph.minds.model.answers import AnswerInvalid
from graph.minds.model.asking import ModelMind, Question
from graph.minds.model.prompts import Brief, load_prompt
from graph.state import Classification, IntentGuess
from graph.text.personal_data import masked, personal_data
from memory.journal.codes import MindDecision, Wrong

MOST_ALTERNATIVES = 4
MOST_EXAMPLES = 3
"""Examples of an intent that are shown."""


class SortedMessage(BaseModel):
    """The intent of the message."""

    model_config = ConfigDict(extra="forbid")

    intent: str | None
    confidence: float = Field(ge=0, le=1)
    alternatives: list[str] = Field(default_factory=list, max_length=MOST_ALTERNATIVES)


@dataclass(frozen=True)
class ModelClassifier(ModelMind[Classifier], Classifier):
    """A chat model names the intent. Its probability is the model's own word, not calibrated."""

    @override
    async def classify(self, text: str) -> Classification:
        """What the local mind gives to a person stays with the person: a text may persuade a model."""
        known = await self._known(text)
        if known is not None and self._is_for_person(known):
            return known
        question = sorting(self.desk, text)
        return await self.decided(
            question, lambda found, _: found, lambda: self.local.classify(text)
        )

    async def _known(self, text: str) -> Classification | None:
        if not any(intent.handling == "person" for intent in self.desk.intents):
            return None
        return await self.local.classify(text)

    def _is_for_person(self, known: Classification) -> bool:
        return self.desk.gives_to_person(known["intent"])


def sorting(desk: Desk, text: str) -> Question[SortedMessage, Classification]:
    """What a model is asked of a message."""
    brief = Brief()
    brief.add("message", masked(text, personal_data(text)))
    return Question(
        decision=MindDecision.CLASSIFY,
        prompt=load_prompt("classify"),
        values={"company": desk.company, "intents": intents_in_words(desk)},
        brief=brief,
        shape=SortedMessage,
        check=lambda answer: _checked(desk, answer),
    )


def _checked(desk: Desk, answer: SortedMessage) -> Classification:
    names = {intent.name for intent in desk.intents}
    if unknown := {answer.intent, *answer.alternatives} - names - {None}:
        text = f"These intents do not exist: {sorted(map(str, unknown))}."
        raise AnswerInvalid(Wrong.UNKNOWN_NAME, text)
    threshold = desk.thresholds.intent
    certain = answer.confidence >= threshold
    guesses = [] if answer.intent is None else [(answer.intent, answer.confidence)]
    guesses += [(name, 0.0) for name in answer.alternatives if name != answer.intent]
    return Classification(
        intent=answer.intent if certain else None,
        confidence=answer.confidence if certain or not answer.intent else 1 - answer.confidence,
        threshold=threshold,
        ranked=[IntentGuess(name=name, confidence=value) for name, value in guesses],
    )


def intents_in_words(desk: Desk) -> str:
    """Each intent with what it means."""
    lines = []
    for intent in desk.intents:
        examples = "; ".join(f'"{one}"' for one in intent.examples[:MOST_EXAMPLES])
        lines.append(f"- {intent.name}: {intent.description} For example: {examples}".strip())
    return "\n".join(lines) or "- (none)"
