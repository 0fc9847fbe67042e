"""Asks models until one gives a valid answer: the first, the first with its fault shown, the next.

Every call is reserved before and settled after, has a row in the journal, and ends in time. What
comes after the last model, the local mind, is the caller's.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Generic, Self, TypeVar

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage
from pydantic import BaseModel
from typing_extensions import override

from graph.desk.model import Desk
from graph.minds.contract import LimitReached, Metered, MindCalls, MindFault
from graph.minds.model.answers import AnswerInvalid, read, words_of
from graph.minds.model.calls import Call, Unanswered
from graph.minds.model.chat import Model
from graph.minds.model.prompts import Brief, Prompt
from memory.fingerprints import fingerprint
from memory.journal.codes import CallStatus, Cause, MindDecision
from memory.journal.events import Fault, LocalAsked

DECISION_SHARE = 0.7
"""Part of a node's time that the models may take; the rest is the local mind's."""
LEAST_SECONDS = 0.05
"""With less time left no model is asked."""
SHOWN_ANSWER_CHARS = 2_000
"""Of a wrong answer, in the request to repair it."""

Shape = TypeVar("Shape", bound=BaseModel)
T = TypeVar("T")
Made = TypeVar("Made")
Local = TypeVar("Local")


@dataclass(frozen=True)
class Question(Generic[Shape, T]):
    """One decision to be made."""

    decision: MindDecision
    prompt: Prompt
    values: dict[str, str]
    """Our own words, for the prompt's placeholders."""
    brief: Brief
    """Other people's words."""
    shape: type[Shape]
    check: Callable[[Shape], T]
    """The decision that a well-formed answer stands for. Raises `AnswerInvalid`."""
    shown: Callable[[str], str] | None = None
    """What of an answer under way may be shown to whoever looks on; None: nothing of it."""

    @property
    def messages(self) -> list[BaseMessage]:
        """Rules and material, apart."""
        rules = self.prompt.filled(self.brief.mark, **self.values)
        return [SystemMessage(rules), HumanMessage(self.brief.text)]

    @property
    def fingerprint(self) -> str:
        """Equal questions have equal ones."""
        parts = {"prompt": self.prompt.version, "data": self.brief.digest, **self.values}
        return fingerprint(f"model:{self.decision}", parts)


class Asker:
    """The models of one desk, in order, for one drive."""

    def __init__(self, models: Sequence[Model], calls: MindCalls, node_seconds: float) -> None:
        self._models = models
        self._calls = calls
        self._seconds = node_seconds * DECISION_SHARE

    async def ask(self, question: Question[Shape, T]) -> tuple[T, str]:
        """The decision and the model that made it.

        Raises `LimitReached` if the budget is used up, and `MindFault` where no model gave a
        valid answer.
        """
        end, fault = time.monotonic() + self._seconds, "none is left to ask in this drive"
        last: Exception | None = None
        for model, first in self._rungs(question.decision):
            wrong: tuple[str, AnswerInvalid] | None = None
            for cause in (first, Cause.REPAIR) if first == Cause.PLANNED else (first,):
                call = self._call(question, model, cause, end - time.monotonic())
                messages = _with_fault(question, wrong)
                try:
                    return await self._one(question, call, messages), model.name
                except Unanswered as error:
                    self._calls.silent.add(model.name)
                    fault, last = str(error), error
                    break
                except _Invalid as error:
                    wrong, fault = (error.answer, error.why), error.why.kind
                    last = error.why
            self._calls.silent.add(f"{model.name}/{question.decision}")
        raise MindFault(fault) from last

    async def or_local(self, decision: MindDecision, fault: MindFault, local: Awaitable[T]) -> T:
        """The local mind's decision, with a row that says why it was asked."""
        started, outcome = time.perf_counter(), CallStatus.FAILED
        try:
            found = await local
            outcome = CallStatus.OK
        finally:
            asked = LocalAsked(
                decision=decision,
                cause=Cause.FALLBACK,
                outcome=outcome,
                fingerprint=fingerprint(f"local:{decision}", {}),
                duration_ms=(time.perf_counter() - started) * 1000,
                error=Fault(None, str(fault)),
            )
            await self._calls.log.record(self._calls.caller, asked)
        return found

    def _rungs(self, decision: MindDecision) -> Iterator[tuple[Model, Cause]]:
        for place, model in enumerate(self._models):
            if not {model.name, f"{model.name}/{decision}"} & self._calls.silent:
                yield model, Cause.FALLBACK if place else Cause.PLANNED

    def _call(
        self, question: Question[Shape, T], model: Model, cause: Cause, seconds: float
    ) -> Call:
        if seconds < LEAST_SECONDS:
            raise MindFault("the models' time for this decision is used up")
        return Call(
            decision=question.decision,
            model=model,
            cause=cause,
            version=question.prompt.version,
            fingerprint=question.fingerprint,
            seconds=min(seconds, model.spec.timeout_seconds),
            calls=self._calls,
            shown=question.shown,
        )

    async def _one(
        self, question: Question[Shape, T], call: Call, messages: Sequence[BaseMessage]
    ) -> T:
        def decided(message: AIMessage) -> T:
            return question.check(read(message, question.shape))

        try:
            return await call.made(messages, question.shape, decided)
        except AnswerInvalid as error:
            raise _Invalid(words_of(call.answer) if call.answer else "", error) from error


@dataclass(frozen=True)
class ModelMind(Metered, Generic[Local]):
    """What minds share that leave a decision to models: whom they ask, and who decides otherwise."""

    desk: Desk
    models: Sequence[Model]
    local: Local
    calls: MindCalls | None = None

    @override
    def bound(self, calls: MindCalls) -> Self:
        return replace(self, calls=calls)

    async def decided(
        self,
        question: Question[Shape, T],
        made: Callable[[T, str], Made],
        otherwise: Callable[[], Awaitable[Made]],
    ) -> Made:
        """What is `made` of the decision and the name of the model that took it.

        The local mind's decision where no model gave a valid answer. Raises `LimitReached`.
        """
        assert self.calls is not None, "a model's mind must be bound to a drive"
        asker = Asker(self.models, self.calls, self.desk.limits.node_seconds)
        try:
            return made(*await asker.ask(question))
        except LimitReached:
            raise
        except MindFault as fault:
            return await asker.or_local(question.decision, fault, otherwise())


class _Invalid(Exception):
    """An invalid answer with its words."""

    def __init__(self, answer: str, why: AnswerInvalid) -> None:
        super().__init__(why.kind)
        self.answer = answer
        self.why = why


def _with_fault(
    question: Question[Shape, T], wrong: tuple[str, AnswerInvalid] | None
) -> list[BaseMessage]:
    """The question, and after a wrong answer what was wrong with it, as data."""
    if wrong is None:
        return question.messages
    answer, why = wrong
    shown = Brief(mark=question.brief.mark)
    shown.add("your answer", answer[:SHOWN_ANSWER_CHARS])
    shown.add("its fault", str(why))
    text = f"Your answer could not be used:\n\n{shown.text}\n\nAnswer again, without this fault."
    return [*question.messages, HumanMessage(text)]
