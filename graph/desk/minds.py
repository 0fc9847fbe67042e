"""What a desk says of chat models: which decisions are a model's, and which model."""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from tools.declared import Declared


class ModelPrice(Declared):
    """What a model costs, in the tenant's currency."""

    input_per_million: float = Field(ge=0)
    output_per_million: float = Field(ge=0)
    """For a million tokens."""


class ModelSpec(Declared):
    """A chat model."""

    model: str = Field(pattern=r"^[a-z0-9_]+:\S+$", examples=["openai:gpt-4o-mini"])
    """`provider:model`, as in `openai:gpt-4o-mini`."""
    service: str | None = None
    """The entry of `services` that serves it, such as an Ollama of one's own. Where nothing is
    said: the provider's own address, with the key in the provider's environment variable."""
    timeout_seconds: float = Field(default=10.0, gt=0, le=120)
    max_output_tokens: int = Field(default=1_500, ge=50, le=32_000)
    streaming: bool = False
    price: ModelPrice | None = None
    """Needed where the public price list does not know the model; one of Ollama's costs nothing."""

    @property
    def provider(self) -> str:
        """What stands before the colon."""
        return self.model.partition(":")[0]


Family = Literal["local", "model"]
DECISIONS = frozenset({"classifier", "planner", "writer", "judge"})
"""The fields of `MindsPolicy` that a model can be given."""


class MindsPolicy(Declared):
    """Which family of minds answers each decision.

    With a `model` and no decision named, each of the four is the model's; as soon as one is named,
    the others are local unless they are named too.
    """

    family: str | None = None
    """A family that another package brings (entry point of `deskhand.minds`), in the place of the
    local one; a decision that is left to a model still is."""
    classifier: Family = "local"
    planner: Family = "local"
    writer: Family = "local"
    judge: Family = "local"
    """A model's judgement is added to the local one and can only lower it."""
    model: ModelSpec | None = None
    fallback: ModelSpec | None = None
    """Asked where the first one gives no valid answer; after it the local mind decides."""

    @property
    def models(self) -> tuple[ModelSpec, ...]:
        """The models in the order in which they are asked."""
        return tuple(spec for spec in (self.model, self.fallback) if spec is not None)

    @property
    def use_models(self) -> bool:
        """Whether any decision is a model's."""
        return "model" in (self.classifier, self.planner, self.writer, self.judge)

    @model_validator(mode="before")
    @classmethod
    def _all_of_them(cls, value: Any) -> Any:
        named = isinstance(value, dict) and value.get("model") is not None
        if not named or DECISIONS & value.keys():
            return value
        return value | dict.fromkeys(DECISIONS, "model")

    @field_validator("model", "fallback", mode="before")
    @classmethod
    def _by_name(cls, value: Any) -> Any:
        return {"model": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _has_model(self) -> Self:
        if self.use_models and self.model is None:
            raise ValueError("a decision is left to a model and none is named: add `model`")
        return self
