"""One call of one model: reserved, bounded in time, settled, written down."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import TypeVar

import httpx
import httpx2
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from pydantic import BaseModel

from graph.minds.contract import LimitReached, MindCalls
from graph.minds.model.answers import AnswerInvalid, words_of
from graph.minds.model.causes import causes
from graph.minds.model.chat import Model, schema_of, written
from graph.minds.model.prices import Taken, most, nothing, taken, tokens_of
from memory.admission import waiting_outside
from memory.budgets.amounts import BudgetRefused, BudgetScope, Reserved
from memory.journal.codes import CallStatus, Cause, ErrorKind, MindDecision, limit_of
from memory.journal.events import Fault, ModelAsked
from tools.tracing import chat_span

T = TypeVar("T")


class Unanswered(Exception):
    """The model gave no answer at all. The message holds no words of anyone else's."""


@dataclass
class Call:
    """Made once."""

    decision: MindDecision
    model: Model
    cause: Cause
    version: str
    fingerprint: str
    seconds: float
    calls: MindCalls
    shown: Callable[[str], str] | None = None
    """What of the answer under way may be shown to whoever looks on."""
    answer: AIMessage | None = None
    outcome: CallStatus = field(default=CallStatus.CANCELLED, init=False)
    """What it is until something else is known."""
    error: Fault | None = field(default=None, init=False)
    tokens: tuple[int, int] = field(default=(0, 0), init=False)
    """In and out, once the call has ended."""
    started: float = field(default_factory=time.perf_counter, init=False)

    async def made(
        self,
        messages: Sequence[BaseMessage],
        shape: type[BaseModel],
        decided: Callable[[AIMessage], T],
    ) -> T:
        """The decision. Raises `LimitReached`, `Unanswered`, `AnswerInvalid`."""
        caller = self.calls.caller
        with chat_span(self.model.name, self.decision, self.cause, caller["ticket_id"]) as span:
            try:
                return await self._made(messages, shape, decided)
            finally:
                span.set_attribute("deskhand.outcome", self.outcome)
                span.set_attribute("gen_ai.usage.input_tokens", self.tokens[0])
                span.set_attribute("gen_ai.usage.output_tokens", self.tokens[1])

    async def _made(
        self,
        messages: Sequence[BaseMessage],
        shape: type[BaseModel],
        decided: Callable[[AIMessage], T],
    ) -> T:
        # Counted, not kept: a call waits for seconds, and thousands of them at once.
        prompt = tokens_of(
            "\n".join(str(message.content) for message in messages) + json.dumps(schema_of(shape))
        )
        bill = most(self.model.spec, self.model.price, prompt)
        reserved = await self._reserve(bill)
        try:
            try:
                self.answer = await self._answered(messages, shape)
            except Unanswered as error:
                self.outcome, self.error = CallStatus.FAILED, Fault(None, str(error))
                bill = nothing() if _never_served(error.__cause__) else bill
                raise
            usage = self.answer.usage_metadata
            bill = taken(self.model.price, prompt, words_of(self.answer), usage)
            self._refuse_excess(bill)
            return self._decision(decided)
        finally:
            # Also where the call is cancelled: what it took must not stay reserved.
            await asyncio.shield(self._close(reserved, bill))

    async def _answered(self, messages: Sequence[BaseMessage], shape: type[BaseModel]) -> AIMessage:
        pieces: list[AIMessageChunk] = []
        try:
            async with asyncio.timeout(self.seconds):
                with waiting_outside(), self._looked_at(pieces):
                    return await self.model.ask(messages, shape, pieces)
        except TimeoutError as error:
            raise Unanswered(f"no answer within {self.seconds:.1f} s") from error
        except Exception as error:  # each provider's library has errors of its own
            raise Unanswered(_in_words(error)) from error

    def _looked_at(self, pieces: list[AIMessageChunk]) -> AbstractContextManager[None]:
        shown, onlookers = self.shown, self.calls.onlookers
        if shown is None or onlookers is None:
            return nullcontext()
        return onlookers.shown(self.calls.caller, lambda: shown(written(pieces)))

    def _refuse_excess(self, bill: Taken) -> None:
        """A model that keeps to no limit could spend what the budget does not have."""
        limit = self.model.spec.max_output_tokens
        if not bill.estimated and bill.tokens_out > limit:
            words = f"{bill.tokens_out} tokens, at most {limit}"
            self.outcome, self.error = CallStatus.FAILED, Fault(None, words)
            raise Unanswered(words)

    def _decision(self, decided: Callable[[AIMessage], T]) -> T:
        assert self.answer is not None
        try:
            found = decided(self.answer)
        except AnswerInvalid as error:
            self.outcome, self.error = CallStatus.FAILED, Fault(error.kind)
            raise
        self.outcome = CallStatus.OK
        return found

    async def _reserve(self, bill: Taken) -> Reserved:
        caller = self.calls.caller
        scope = BudgetScope(caller["tenant"], caller["ticket_id"], caller["turn"])
        reserved = await self.calls.budget.reserve(scope, bill.amounts)
        if isinstance(reserved, BudgetRefused):
            self.outcome = CallStatus.REFUSED
            self.error = Fault(ErrorKind.BUDGET, reserved.reason)
            await self._record(nothing())
            raise LimitReached(reserved.reason, limit_of(reserved.resource))
        return reserved

    async def _close(self, reserved: Reserved, bill: Taken) -> None:
        await self.calls.budget.settle(reserved, bill.amounts)
        await self._record(bill)

    async def _record(self, bill: Taken) -> None:
        self.tokens = (bill.tokens_in, bill.tokens_out)
        asked = ModelAsked(
            decision=self.decision,
            cause=self.cause,
            outcome=self.outcome,
            fingerprint=self.fingerprint,
            duration_ms=(time.perf_counter() - self.started) * 1000,
            cost_micros=bill.cost_micros,
            error=self.error,
            tokens_in=bill.tokens_in,
            tokens_out=bill.tokens_out,
            model=self.model.name,
            prompt=self.version,
            estimated=bill.estimated,
        )
        await self.calls.log.record(self.calls.caller, asked)


def _never_served(error: BaseException | None) -> bool:
    """Whether the provider can have charged nothing: it said no, or was not reached."""
    return any(
        isinstance(getattr(one, "status_code", None), int)
        or isinstance(one, httpx2.ConnectError | httpx.ConnectError)
        or type(one) is ConnectionError  # Ollama's; those below it are connections that broke
        for one in causes(error)
    )


def _in_words(error: BaseException) -> str:
    """The error's kind alone: its message may quote the prompt."""
    status = getattr(error, "status_code", None)
    return f"HTTP {status}" if isinstance(status, int) else type(error).__name__
