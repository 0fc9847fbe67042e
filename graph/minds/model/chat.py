"""A chat model, opened: any provider that `init_chat_model` knows, with one retry layer, ours."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import cache
from typing import Any, cast

import httpx2
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, InvalidToolCall
from langchain_core.messages.ai import add_ai_message_chunks
from langchain_core.runnables import Runnable, RunnableParallel, RunnableSequence
from pydantic import BaseModel

from graph.desk.minds import ModelSpec
from graph.desk.model import Desk, Service
from graph.minds.model.answers import MOST_ANSWER_CHARS
from graph.minds.model.prices import ModelRefused, Price, price_of
from graph.minds.model.providers import parameters, refuse_incomplete


@dataclass(frozen=True)
class Model:
    """A model that can be asked."""

    spec: ModelSpec
    price: Price
    chat: BaseChatModel
    _bound: dict[type[BaseModel], Runnable[Any, AIMessage]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """The chat for each of our shapes, of which there are a few."""

    @property
    def name(self) -> str:
        """`provider:model`."""
        return self.spec.model

    async def ask(
        self,
        messages: Sequence[BaseMessage],
        shape: type[BaseModel],
        pieces: list[AIMessageChunk] | None = None,
    ) -> AIMessage:
        """The raw answer, a call of the tool named for `shape` if the model does as it is told.

        A streamed one fills `pieces` as it comes.

        The request is that of LangChain's structured output, which knows what each model takes. Asked
        as a whole it would lose a bad answer with its usage, and read on after a cancellation.
        Raises whatever the provider's library raises.
        """
        if shape not in self._bound:
            self._bound[shape] = _request(self.chat, shape)
        bound = self._bound[shape]
        if self.spec.streaming:
            return strict(await self._pieces(bound, messages, [] if pieces is None else pieces))
        return await bound.ainvoke(list(messages))

    async def _pieces(
        self,
        bound: Runnable[Any, AIMessage],
        messages: Sequence[BaseMessage],
        pieces: list[AIMessageChunk],
    ) -> list[AIMessageChunk]:
        """The stream, left as soon as it is too long or begins a second call."""
        size, calls = 0, set[int | str | None]()
        stream = cast("AsyncGenerator[AIMessageChunk, None]", bound.astream(list(messages)))
        async with aclosing(stream):
            async for piece in stream:
                pieces.append(piece)
                size += len(piece.text)
                size += sum(len(call["args"] or "") for call in piece.tool_call_chunks)
                calls |= {call["index"] for call in piece.tool_call_chunks}
                if len(calls) > 1 or size > MOST_ANSWER_CHARS:
                    break
        return pieces


def written(pieces: Sequence[AIMessageChunk]) -> str:
    """What a streamed answer says so far: its call's arguments, or its words where there is no call."""
    calls = "".join(call["args"] or "" for piece in pieces for call in piece.tool_call_chunks)
    return calls or "".join(piece.text for piece in pieces)


@cache
def schema_of(shape: type[BaseModel]) -> dict[str, Any]:
    """What a model is told of a shape."""
    return {"title": shape.__name__, "description": shape.__doc__, **shape.model_json_schema()}


def _request(chat: BaseChatModel, shape: type[BaseModel]) -> Runnable[Any, AIMessage]:
    """The part of its structured output that asks: whether a call can be forced, and kept to one, is its matter."""
    found: Any = chat.with_structured_output(
        schema_of(shape), method="function_calling", include_raw=True
    )
    while isinstance(found, RunnableSequence | RunnableParallel):
        found = found.first if isinstance(found, RunnableSequence) else found.steps__["raw"]
    return cast("Runnable[Any, AIMessage]", found)


def strict(pieces: Sequence[AIMessageChunk]) -> AIMessage:
    """A streamed answer as a whole.

    Arguments that break off are an invalid call: LangChain would close the open brackets and
    pass half an answer for a whole one.
    """
    whole = add_ai_message_chunks(AIMessageChunk(content=""), *pieces)
    if all(_is_json(call["args"]) for call in whole.tool_call_chunks):
        return whole
    invalid = [
        InvalidToolCall(
            type="invalid_tool_call",
            name=call["name"],
            args=call["args"],
            id=call["id"],
            error="the arguments break off",
        )
        for call in whole.tool_call_chunks
    ]
    return AIMessage(
        content=whole.content,
        invalid_tool_calls=invalid,
        usage_metadata=whole.usage_metadata,
        response_metadata=whole.response_metadata,
    )


def _is_json(text: str | None) -> bool:
    try:
        json.loads(text or "")
    except (json.JSONDecodeError, RecursionError):
        return False
    return True


def open_models(desk: Desk, client: httpx2.AsyncClient) -> tuple[Model, ...]:
    """The desk's models in the order in which they are asked. Raises `ModelRefused`."""
    return tuple(open_model(spec, desk.services, client) for spec in desk.minds.models)


def open_model(spec: ModelSpec, services: dict[str, Service], client: httpx2.AsyncClient) -> Model:
    """One model. Raises `ModelRefused` if its price, library or key is missing."""
    price = price_of(spec)
    refuse_incomplete(spec)
    try:
        chat = _opened(spec, parameters(spec, services, client), client)
    except Exception as error:  # each provider's library has errors of its own
        line = " ".join(str(error).split())
        raise ModelRefused(f"the model {spec.model!r} cannot be opened: {line}") from error
    return Model(spec, price, chat)


def _opened(spec: ModelSpec, given: dict[str, Any], client: httpx2.AsyncClient) -> BaseChatModel:
    if spec.provider == "anthropic":
        from graph.minds.model.anthropic_chat import open_anthropic

        return open_anthropic(spec.model.partition(":")[2], client, given)
    from langchain.chat_models import init_chat_model

    return cast("BaseChatModel", init_chat_model(spec.model, **given))
