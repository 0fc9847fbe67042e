"""What a model call takes: tokens, counted or estimated, and money."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, TypeGuard

from graph.desk.minds import ModelSpec
from memory.budgets.amounts import MICROS, Amounts

PRICED_TOKENS = 1_000_000
"""Prices are stated for so many tokens."""
ASKED_TOKENS = 10_000
"""The list is asked what so many cost: a longer prompt than ours may cost more a token."""
BYTES_PER_TOKEN = 3
"""Of a prompt, at least: English has about 4 bytes a token, other languages about 3."""
PROMPT_TOKENS = 64
"""What the wire's own framing of a prompt may add."""
MOST_BELIEVED_TOKENS = 10_000_000
"""A provider that states more of one call is not believed."""


class ModelRefused(Exception):
    """A model that may not be asked; the message says what to change in desk.yaml."""


@dataclass(frozen=True)
class Price:
    """Millionths of the currency for a million tokens."""

    micros_in: float
    micros_out: float

    def of(self, tokens_in: int, tokens_out: int) -> int:
        """Millionths of the currency, rounded up."""
        return math.ceil(
            (tokens_in * self.micros_in + tokens_out * self.micros_out) / PRICED_TOKENS
        )


def price_of(spec: ModelSpec) -> Price:
    """The desk's own price, else the public one; an Ollama of one's own costs nothing.

    Raises `ModelRefused` if nobody knows it.
    """
    if spec.price is not None:
        stated = spec.price
        return Price(stated.input_per_million * MICROS, stated.output_per_million * MICROS)
    if spec.provider == "ollama":
        return Price(0, 0)
    from genai_prices import Usage, calc_price

    provider, _, name = spec.model.partition(":")
    try:
        one = calc_price(Usage(input_tokens=ASKED_TOKENS), name, provider_id=provider)
        other = calc_price(Usage(output_tokens=ASKED_TOKENS), name, provider_id=provider)
    except LookupError as error:
        msg = (
            f"nobody knows what {spec.model!r} costs: state its price in desk.yaml, as in"
            f" `model: {{model: {spec.model!r}, price: {{input_per_million: 0.5, output_per_million: 1.5}}}}`"
        )
        raise ModelRefused(msg) from error
    many = MICROS * PRICED_TOKENS / ASKED_TOKENS
    return Price(float(one.total_price) * many, float(other.total_price) * many)


@dataclass(frozen=True)
class Taken:
    """What one call took."""

    tokens_in: int
    tokens_out: int
    cost_micros: int
    estimated: bool
    """Whether the provider said nothing (believable), so that it is our own estimate."""

    @property
    def amounts(self) -> Amounts:
        """The same for the budget."""
        tokens = self.tokens_in + self.tokens_out
        return Amounts(money_micros=self.cost_micros, model_calls=1, tokens=tokens)


def most(spec: ModelSpec, price: Price, prompt: int) -> Taken:
    """The most that a call can take; `prompt` is our estimate of its tokens."""
    return _taken(price, prompt + PROMPT_TOKENS, spec.max_output_tokens, estimated=True)


def nothing() -> Taken:
    """Of a call that the provider refused or that never reached it."""
    return Taken(0, 0, 0, estimated=False)


def taken(price: Price, prompt: int, answer: str, usage: Any) -> Taken:
    """What the provider's usage says, or our estimate. `usage` is LangChain's UsageMetadata."""
    told = usage or {}
    tokens_in, tokens_out = told.get("input_tokens"), told.get("output_tokens")
    if _believable(tokens_in) and _believable(tokens_out) and tokens_in + tokens_out > 0:
        return _taken(price, tokens_in, tokens_out, estimated=False)
    return _taken(price, prompt + PROMPT_TOKENS, tokens_of(answer), estimated=True)


def tokens_of(text: str) -> int:
    """An estimate from above."""
    return math.ceil(len(text.encode(errors="surrogatepass")) / BYTES_PER_TOKEN)


def _believable(tokens: Any) -> TypeGuard[int]:
    return isinstance(tokens, int) and 0 <= tokens <= MOST_BELIEVED_TOKENS


def _taken(price: Price, tokens_in: int, tokens_out: int, *, estimated: bool) -> Taken:
    return Taken(tokens_in, tokens_out, price.of(tokens_in, tokens_out), estimated)
