"""The providers that are known by name: their package, key and address, and what they are opened with.

Any other one that `init_chat_model` knows works as well; its library then says what it lacks.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, Literal

import httpx
import httpx2

from graph.desk.minds import ModelSpec
from graph.desk.model import Service
from graph.minds.model.http_client import bound
from graph.minds.model.prices import ModelRefused, tokens_of
from graph.minds.model.prompts import MOST_PROMPT_CHARS

NO_KEY = "none"
"""Sent where a service has no token: the provider's own key is not for others."""
RULES_CHARS = 12_000
"""Room for our own words in a prompt, with intents, tools and schema."""


@dataclass(frozen=True)
class Provider:
    """One provider."""

    module: str
    install: str
    """What `pip install` is given for it."""
    address: str
    """Where it is unless something else is said."""
    variable: str
    """Of the environment: another address."""
    key: str | None = None
    """Variable of the key; None where none is needed."""
    path: Literal["/v1", ""] = ""
    """How its base addresses end."""


PROVIDERS: Mapping[str, Provider] = {
    "openai": Provider(
        module="langchain_openai",
        install="langchain-openai",
        address="https://api.openai.com/v1",
        variable="OPENAI_BASE_URL",
        key="OPENAI_API_KEY",
        path="/v1",
    ),
    "anthropic": Provider(
        module="langchain_anthropic",
        install="'deskhand[anthropic]'",
        address="https://api.anthropic.com",
        variable="ANTHROPIC_BASE_URL",
        key="ANTHROPIC_API_KEY",
    ),
    "ollama": Provider(
        module="langchain_ollama",
        install="'deskhand[ollama]'",
        address="http://127.0.0.1:11434",
        variable="OLLAMA_HOST",
    ),
}


def address_of(spec: ModelSpec, services: Mapping[str, Service]) -> str:
    """Where the model is asked; empty where only the provider's library knows."""
    if spec.service is not None:
        return services[spec.service].base_url
    known = PROVIDERS.get(spec.provider)
    return "" if known is None else os.environ.get(known.variable) or known.address


def refuse_incomplete(spec: ModelSpec) -> None:
    """Raise `ModelRefused` if the provider's package or key is missing, with what to do about it."""
    known = PROVIDERS.get(spec.provider)
    if known is None:
        return
    if find_spec(known.module) is None:
        raise ModelRefused(f"the model {spec.model!r} needs a package: pip install {known.install}")
    if known.key is not None and spec.service is None and not os.environ.get(known.key):
        msg = (
            f"the model {spec.model!r} needs a key: set {known.key} in the worker's environment, or"
            " name the `service` of desk.yaml that serves it"
        )
        raise ModelRefused(msg)


def parameters(
    spec: ModelSpec, services: Mapping[str, Service], client: httpx2.AsyncClient
) -> dict[str, Any]:
    """What the provider's chat model is made with."""
    if spec.provider == "ollama":
        return _ollama(spec, services)
    given: dict[str, Any] = {
        "timeout": spec.timeout_seconds,
        "max_retries": 0,
        "max_tokens": spec.max_output_tokens,
    }
    if spec.provider == "openai":
        given |= {"http_async_client": client, "streaming": spec.streaming, "stream_usage": True}
    if spec.service is not None:
        service = services[spec.service]
        given |= {"base_url": service.base_url, "api_key": service.token or NO_KEY}
    return given


def _ollama(spec: ModelSpec, services: Mapping[str, Service]) -> dict[str, Any]:
    # Its own wire, since only that one can ask for a context that holds the whole prompt: with a
    # shorter one Ollama cuts the beginning off, our rules first, and says nothing.
    bounded: dict[str, Any] = {
        "timeout": spec.timeout_seconds,
        "trust_env": False,
        "follow_redirects": False,
        "event_hooks": {"response": [bound]},
        # Its library closes nothing, so each connection ends with its answer.
        "limits": httpx.Limits(max_keepalive_connections=0),
    }
    if spec.service is not None and (token := services[spec.service].token):
        bounded["headers"] = {"Authorization": f"Bearer {token}"}
    return {
        "base_url": address_of(spec, services),
        "num_predict": spec.max_output_tokens,
        "num_ctx": tokens_of("x" * (MOST_PROMPT_CHARS + RULES_CHARS)) + spec.max_output_tokens,
        "async_client_kwargs": bounded,
    }
